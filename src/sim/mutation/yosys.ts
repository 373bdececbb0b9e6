/** yosys's part: mutants are chosen, and written into one Verilog file. */
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findTool, readSourceMap, runTool, type ToolEnvironment, translateMessages } from '../../flow/index.ts';
import type { CoreFiles } from '../core-files.ts';

/** What is mutated, how often, and where the files go. */
export interface MutantsRun {
  readonly core: CoreFiles;
  readonly count: number;
  readonly seed: number;
  /** Nobody else's; yosys runs in it. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** A change of one bit of the Verilog. */
export interface Mutant {
  /** From 1. */
  readonly number: number;
  readonly module: string;
  /** Cell, port and bit, as yosys names them, and what happens to the bit: `$and$a.v:49$297.A[12] cnot0`. */
  readonly what: string;
  /** Lines of TypeScript, with those of the Verilog, that the cell comes from; empty for one that yosys made itself. */
  readonly where: string;
  /** Of yosys, which makes it. */
  readonly command: string;
}

/** The command with an input `mutant` of the top that says whether it is at work. */
export const chosenBy = (number: number, command: string) =>
  command.replace('mutate ', `mutate -ctrl mutant 16 ${number} `);

/** The core with all its mutants, in the folder of the run. */
export const mutatedFile = 'mutated.v';

/** All mutants in one Verilog file, where the plusarg `mutant` says which one is at work. */
export async function writeMutants(run: MutantsRun, environment: ToolEnvironment): Promise<Mutant[]> {
  const { core, count, seed, folder } = run;
  await copySources(run);
  const choose = `mutate -list ${count} -seed ${seed} -o list.ys`;
  await yosys(run, 'choose', [...read(core), choose], environment, { logFile: keptLog(run, 'choose') });
  const lines = (await readFile(join(folder, 'list.ys'), 'utf8')).split('\n');
  const commands = lines.filter((line) => line !== '' && !unsuited.test(line));
  const numbered = commands.map((line, i) => chosenBy(i + 1, line));
  const write = `write_verilog -noattr ${mutatedFile}`;
  await yosys(run, 'mutated', [...read(core), ...numbered, write], environment, { logFile: keptLog(run, 'mutated') });
  const file = join(folder, mutatedFile);
  await writeFile(file, selectable(await readFile(file, 'utf8'), core.top));
  const sourceMap = readSourceMap(core.directory);
  return commands.map((command, i) => {
    const word = (name: string) => new RegExp(` -${name} (\\S+)`).exec(command)?.[1] ?? '';
    const places = [...command.matchAll(/ -src (\S+)/g)].map(([, place]) => place!);
    return {
      command,
      number: i + 1,
      module: word('module').replace('\\', ''),
      what: `${word('cell')}.${word('port')}[${word('portbit')}] ${word('mode')}`,
      where: translateMessages(places.join(', '), sourceMap),
    };
  });
}

/** The scripts of yosys have no way to quote a name: there all are plain. And a core that is built anew meanwhile stays out of it. */
async function copySources({ core, folder }: MutantsRun): Promise<void> {
  for (const { path, text } of core.verilog) await writeFile(join(folder, path), text);
  for (const name of await readdir(core.directory))
    if (name.endsWith('.mem')) await copyFile(join(core.directory, name), join(folder, name));
}

/** The log of what must not fail stays, called after all that decides it: whoever does the same at the same time writes the same. */
function keptLog({ core, count, seed }: MutantsRun, name: string): string {
  const hash = createHash('sha256').update(JSON.stringify([count, seed, core.verilog]));
  return join(core.buildDirectory, `mutants-${hash.digest('hex').slice(0, 12)}.${name}.log`);
}

/** Contents of memories, and the enable of a memory's asynchronous output, with which yosys can't write the Verilog. */
const unsuited = /\$meminit|\$memrd\S* -port EN /;

/** All that has a name in the Verilog: a register that nothing reads is compared, too. */
const keep = 'setattr -set keep 1 w:* w:$* %d';

/**
 * Bits that constants decide are gone: a mutant of one would be none. Where an enable makes a value one that nobody looks at, yosys writes `x`: such a
 * bit is 1 here, or a mutant that mixes it with another would be one thing in the simulator and another in a proof.
 */
export function read({ verilog, top }: CoreFiles): string[] {
  const sources = verilog.map(({ path }) => path).join(' ');
  const tidy = ['opt -fine', 'wreduce', 'setundef -one', 'opt_clean'];
  return [`read_verilog ${sources}`, `hierarchy -check -top ${top}`, 'proc', keep, ...tidy];
}

/** Runs a script of yosys in the folder of the run; it, its log and what it writes have the name. */
export async function yosys(
  run: MutantsRun,
  name: string,
  lines: readonly string[],
  environment: ToolEnvironment,
  limits: { readonly timeoutMs?: number; readonly logFile?: string } = {},
) {
  const { folder, signal } = run;
  const script = `${name}.ys`;
  await writeFile(join(folder, script), `${lines.join('\n')}\n`);
  const options = { cwd: folder, env: environment.env, logFile: join(folder, `${name}.log`), signal, ...limits };
  await runTool(await findTool('yosys', environment), ['-q', '-s', script], options);
}

/** What yosys makes an input port of the top becomes a number that the simulator is started with. */
function selectable(verilog: string, top: string): string {
  const from = verilog.indexOf(`module ${top}(`);
  const declared = '  input [15:0] mutant;\n  wire [15:0] mutant;\n';
  const chosen = '  reg [15:0] mutant;\n  initial if (!$value$plusargs("mutant=%d", mutant)) mutant = 0;\n';
  return verilog.slice(0, from) + verilog.slice(from).replace(', mutant);', ');').replace(declared, chosen);
}
