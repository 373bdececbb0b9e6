/** Completion in the shells themselves: what they offer where a person presses the tab key. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { completionScript, type Shell } from '../../src/cli/completion/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinfire-completion-'));
beforeAll(() => {
  for (const name of ['net.onnx', 'curve.csv', 'page.html', 'images.idx', 'mine.ts'])
    writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'generated', 'digits'), { recursive: true });
  writeFileSync(join(folder, 'generated', 'digits', 'plan.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const hasShell = (shell: Shell) => execaSync(shell, ['--version'], { reject: false }).exitCode === 0;

async function offered(line: string): Promise<string[]> {
  const words = line.split(' ');
  const script = `${completionScript('bash', commands)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
COMPREPLY=()
_spinfire
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['-c', script], { cwd: folder });
  return stdout.split('\n').filter((word) => word !== '');
}

describe('bash completes', () => {
  it('commands', async () => {
    expect(await offered('spinfire b')).toEqual(['build']);
    expect(await offered('spinfire ')).toEqual(commands.map(({ name }) => name.split(' ')[0]).filter(unique));
  });

  it('every option of every command', async () => {
    for (const { name, options } of commands) {
      const flags = await offered(`spinfire ${name} --`);
      expect(flags.length, name).toBe(Object.keys(options).length + 3);
      expect(flags).toEqual(expect.arrayContaining(['--json', '--debug', '--help']));
    }
  });

  it('values of an option, also after =', async () => {
    expect(await offered('spinfire build net.onnx --readout ')).toEqual(['potential', 'count']);
    expect(await offered('spinfire synth digits --target e')).toEqual(['ecp5']);
    expect(await offered('spinfire synth digits --target = e')).toEqual(['ecp5']);
    expect(await offered('spinfire completion f')).toEqual(['fish']);
  });

  it('files of the right kind, and folders', async () => {
    expect(await offered('spinfire build ')).toEqual(['generated', 'net.onnx', 'mine.ts']);
    expect(await offered('spinfire calibrate --device ')).toEqual(['generated', 'curve.csv']);
    expect(await offered('spinfire report digits -o p')).toEqual(['page.html']);
    expect(await offered('spinfire build net.onnx -o ')).toEqual(['generated']);
  });

  it('names of cores, wherever options stand before them', async () => {
    expect(await offered('spinfire verify di')).toEqual(['digits']);
    expect(await offered('spinfire synth --target ice40 di')).toEqual(['digits']);
    expect(await offered('spinfire verify digits di')).toEqual([]);
  });
});

const unique = <One>(one: One, index: number, all: readonly One[]) => all.indexOf(one) === index;

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  const script = completionScript(shell, commands);

  it('is told of every command and option', () => {
    for (const { name, options } of commands) {
      expect(script).toContain(name.split(' ').at(-1));
      for (const key of Object.keys(options)) {
        const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        expect(script).toMatch(new RegExp(`(--|-l |--no-|no-)${flag}`));
      }
    }
  });

  it.skipIf(!hasShell(shell))(
    `reads the script${hasShell(shell) ? '' : ` (not run: ${shell} is not installed)`}`,
    async () => {
      const file = join(folder, `spinfire.${shell}`);
      writeFileSync(file, script);
      await execa(shell, ['-n', file]);
      if (shell === 'fish') {
        const { stdout } = await execa(shell, ['-c', `source ${file}; complete -C 'spinfire bui'`], { cwd: folder });
        expect(stdout).toMatch(/^build\t/);
      }
    },
  );
});
