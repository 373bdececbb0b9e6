/** npm pack, installed into an empty folder: commands, a new project with its own tests, and code of one's own under the strictest compiler. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spinfire-package-'));
const user = join(folder, 'user');
const mine = join(user, 'mine');
const install = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
const minutes = 60_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (cwd: string, command: string, ...words: readonly string[]) =>
  execa(command, words, { cwd, all: true, reject: false, stdin: 'ignore', env: { NODE_OPTIONS: '', VITEST: '' } });

async function succeeds(cwd: string, command: string, ...words: readonly string[]): Promise<string> {
  const { exitCode, all, stdout } = await run(cwd, command, ...words);
  expect(exitCode, `${command} ${words.join(' ')}\n${all}`).toBe(0);
  return stdout;
}

beforeAll(async () => {
  await succeeds(root, 'npm', 'pack', '--pack-destination', folder);
  mkdirSync(user);
  await succeeds(user, 'npm', ...install, join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!));
}, 20 * minutes);

describe('the installed package', () => {
  it(
    'builds the very Verilog of the checkout, without its source',
    async () => {
      const model = join(root, 'models', 'digits-cnn.onnx');
      await succeeds(user, 'npx', 'spinfire', 'build', model, '--name', 'digits', '-o', 'digits');
      expect(readdirSync(join(user, 'node_modules', 'spinfire'))).not.toContain('src');
      const names = readdirSync(join(root, 'generated', 'digits')).filter((name) => /\.(v|mem|json)$/.test(name));
      expect(names.length).toBeGreaterThan(10);
      for (const name of names)
        expect(readFileSync(join(user, 'digits', name), 'utf8'), name).toBe(
          readFileSync(join(root, 'generated', 'digits', name), 'utf8'),
        );
    },
    5 * minutes,
  );

  it(
    'opens every door under plain Node',
    async () => {
      const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
      const doors = Object.keys(exports).filter((name) => !name.endsWith('.json'));
      const script = `for (const door of ${JSON.stringify(doors)}) {
      const names = Object.keys(await import('spinfire' + door.slice(1)));
      if (names.length === 0) throw new Error(door);
    }`;
      writeFileSync(join(user, 'doors.mjs'), script);
      await succeeds(user, 'node', 'doors.mjs');
      const schema = "console.log(require('spinfire/plan.schema.json').properties.version !== undefined)";
      expect(await succeeds(user, 'node', '-e', schema)).toBe('true');
    },
    5 * minutes,
  );

  it(
    'makes a project whose compiler and tests are content',
    async () => {
      await succeeds(user, 'npx', 'spinfire', 'init', 'mine');
      await succeeds(mine, 'npm', ...install, join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!));
      const { all, exitCode } = await run(mine, 'npm', 'test');
      expect(exitCode, all).toBe(0);
      expect(all).toMatch(/Tests .*2 passed/);
    },
    20 * minutes,
  );

  it(
    'checks, emits and simulates hardware of one own, and builds and checks the core',
    async () => {
      const check = JSON.parse(await succeeds(mine, 'npx', 'spinfire', 'hdl', 'check', 'watchdog.ts', '--json'));
      expect(check).toEqual({ name: 'watchdog', ok: true, diagnostics: [] });
      const line = await succeeds(mine, 'npx', 'spinfire', 'hdl', 'emit', 'watchdog.ts');
      // Places are those of the person's file.
      expect(line).toMatch(/\/\/ watchdog\.ts:\d+/);
      await succeeds(mine, 'npx', 'spinfire', 'hdl', 'waves', 'watchdog.ts', '--vcd', 'build/w.vcd');
      await succeeds(mine, 'npx', 'spinfire', 'build', 'design.ts', '-o', 'build/mine');
      const classified = JSON.parse(
        await succeeds(mine, 'npx', 'spinfire', 'classify', '--model', 'design.ts', '--limit', '50', '--json'),
      );
      expect(classified.accuracy).toBeGreaterThan(0.9);
    },
    10 * minutes,
  );

  it(
    'shows what is wrong in a file of one own: in its source, by the compiler, in the hardware',
    async () => {
      const good = readFileSync(join(mine, 'watchdog.ts'), 'utf8');
      writeFileSync(
        join(mine, 'wrong.ts'),
        good.replace('waited.equals(patience)', 'waited.equals(patience) && io.result'),
      );
      const { all, exitCode } = await run(mine, 'npx', 'spinfire', 'hdl', 'check', 'wrong.ts');
      expect(exitCode, all).toBe(1);
      expect(all).toMatch(/error HDL015 JAVASCRIPT OPERATOR/);
      writeFileSync(join(mine, 'wrong.ts'), good.replace('io.alarm', 'io.alarms'));
      const typed = await run(mine, 'npx', 'tsc');
      expect(typed.exitCode).not.toBe(0);
      expect(typed.all).toContain("Property 'alarms' does not exist");
    },
    10 * minutes,
  );
});
