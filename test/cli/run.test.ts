import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CommandContext, command } from '../../src/cli/command.ts';
import { type Option, oneOf, text, type ValueOf, wholeNumber } from '../../src/cli/options.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { badInput, checkFailed, missingTool } from '../../src/errors/index.ts';
import { fakeIo } from './fake-io.ts';

const commandOf = (work: (text: string) => void | Promise<void>) =>
  command({
    name: 'try',
    summary: 'a command',
    arguments: { text: { type: text, help: 'a word' } },
    options: { level: { argument: 'n', type: wholeNumber(1, 9), help: 'a level', default: 1 } },
    result: z.object({ text: z.string(), level: z.number() }),
    run: async (given, { progress }) => {
      await progress.step('working', () => work(given.text));
      return {
        json: { text: given.text, level: given.level },
        text: `${given.text} at ${given.level}`,
        exitCode: given.text === 'bad' ? 1 : 0,
      };
    },
  });

async function run(args: readonly string[], work: (text: string) => void | Promise<void> = () => {}) {
  const io = fakeIo();
  const code = await runCommandLine(args, io, [commandOf(work)]);
  return { code, out: io.out(), err: io.err() };
}

describe('a command line', () => {
  it('prints words for people on stdout and progress on stderr', async () => {
    const { code, out, err } = await run(['try', 'hello', '--level', '3']);
    expect({ code, out }).toEqual({ code: 0, out: 'hello at 3\n' });
    expect(err).toMatch(/^working \.\.\.\nworking: done in \d+\.\d s\n$/);
  });

  it('prints one JSON document with --json, before or after the arguments', async () => {
    for (const args of [
      ['try', '--json', 'hello'],
      ['try', 'hello', '--json'],
      ['--json', 'try', 'hello'],
    ]) {
      expect(JSON.parse((await run(args)).out)).toEqual({ text: 'hello', level: 1 });
    }
  });

  it('says so when only flags are given, and which commands there are', async () => {
    const { code, out, err } = await run(['--json']);
    expect(code).toBe(2);
    expect(err).toContain('error: no command is named\n');
    expect(JSON.parse(out).error).toMatchObject({ kind: 'badInput', found: '--json', expected: 'try' });
  });

  it('exits 1 when a check failed, with its result', async () => {
    expect(await run(['try', 'bad'])).toMatchObject({ code: 1, out: 'bad at 1\n' });
  });

  it.each([
    [checkFailed('too slow'), 1],
    [badInput('a file is broken', { where: 'a.idx byte 4', found: '3', expected: '4', help: 'mend it' }), 2],
    [missingTool('yosys is missing'), 3],
  ])('shows %s without a stack', async (error, expected) => {
    const { code, err, out } = await run(['try', 'x', '--json'], () => {
      throw error;
    });
    expect(code).toBe(expected);
    expect(err).toContain(`error: ${error.message}\n`);
    expect(err).not.toContain('.ts:');
    expect(JSON.parse(out)).toEqual({ error: { kind: error.kind, message: error.summary, ...error.details } });
  });

  it('shows the stack with --debug, with the cause', async () => {
    const { err } = await run(['try', 'x', '--debug'], () => {
      throw badInput('broken', {}, new Error('underneath'));
    });
    expect(err).toContain('run.test.ts:');
    expect(err).toContain('caused by Error: underneath');
  });

  it('calls an unforeseen error a defect', async () => {
    const { code, err } = await run(['try', 'x'], () => {
      throw new TypeError('x is undefined');
    });
    expect(code).toBe(1);
    expect(err).toContain('error: a defect of spinfire: x is undefined\n');
    expect(err).not.toContain('.ts:');
  });

  it.each([
    [['try'], "missing required argument 'text'"],
    [['try', 'x', '--nonsense'], "unknown option '--nonsense'"],
    [['unheard-of'], "unknown command 'unheard-of'"],
    [['try', 'x', 'y'], 'too many arguments'],
  ])('refuses %j', async (args, words) => {
    const { code, err, out } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain('error: the command line is not understood');
    expect(err).toContain(words);
    expect(out).toBe('');
  });

  it('names the option that has a wrong value', async () => {
    const { code, err } = await run(['try', 'x', '--level', '10']);
    expect(code).toBe(2);
    expect(err).toBe('error: --level has a wrong value\n  found:    10\n  expected: a whole number 1..9\n');
  });

  it.each([['--help'], ['try --help'], ['--version']])('prints %s', async (line) => {
    const { code, out, err } = await run(line.split(' '));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.length).toBeGreaterThan(4);
  });

  it('prints help and exits 2 without a command', async () => {
    const { code, err } = await run([]);
    expect(code).toBe(2);
    expect(err).toContain('try [options] <text>');
  });

  it('ends at once when interrupted', async () => {
    const io = fakeIo();
    const ended = runCommandLine(['try', 'x'], io, [commandOf(() => new Promise(() => {}))]);
    io.abort();
    expect(await ended).toBe(130);
    expect(io.err()).toContain('interrupted\n');
    expect(io.out()).toBe('');
  });
});

/** What a command gets when these words are typed for its one option. */
async function givenValue<One extends Option>(option: One, typed: unknown): Promise<ValueOf<One>> {
  let value: unknown;
  const one = command({
    name: 'one',
    summary: '',
    arguments: {},
    options: { weightBits: option },
    result: z.object({}),
    run: (given) => {
      value = given.weightBits;
      return { json: {}, text: '' };
    },
  });
  await one.run({ weightBits: typed }, { io: { cwd: process.cwd() } } as CommandContext);
  return value as ValueOf<One>;
}

describe('options', () => {
  const bits = { argument: 'B', type: wholeNumber(1, 255), help: '' } as const;

  it('know words', async () => {
    const kind = { argument: 'kind', type: oneOf(['potential', 'count']), help: '' } as const;
    expect(await givenValue(kind, 'count')).toBe('count');
    await expect(givenValue(kind, 'sum')).rejects.toThrow(/--weight-bits .*\n.*sum\n.*one of potential, count/);
  });

  it('are their default, or nothing, when they are not given', async () => {
    expect(await givenValue(bits, undefined)).toBeUndefined();
    expect(await givenValue({ ...bits, default: 8 }, undefined)).toBe(8);
    expect(await givenValue({ ...bits, repeat: true }, undefined)).toEqual([]);
    expect(await givenValue({ ...bits, repeat: true }, ['1', '2'])).toEqual([1, 2]);
    expect(await givenValue({ type: 'flag', help: '' }, undefined)).toBeUndefined();
    expect(await givenValue({ type: 'switch', help: '' }, undefined)).toBe(true);
    expect(await givenValue({ type: 'switch', help: '' }, false)).toBe(false);
  });

  it.each(['-1', '1.5', '1e2', '', 'x', '0x10', '256'])('refuse the number %j', async (typed) => {
    await expect(givenValue(bits, typed)).rejects.toThrow('--weight-bits has a wrong value');
  });
});
