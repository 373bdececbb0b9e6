import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { oneOf, parseOptions, wholeNumber } from '../../src/cli/options.ts';
import { type AddCommand, runCommandLine } from '../../src/cli/run.ts';
import { badInput, checkFailed, missingTool } from '../../src/errors/index.ts';
import { fakeIo } from './fake-io.ts';

const add =
  (work: (text: string) => void | Promise<void>): AddCommand =>
  (program, run) => {
    program
      .command('try')
      .argument('<text>')
      .option('--level <n>', 'a level')
      .action((text: string, given) =>
        run(async ({ progress }) => {
          const { level } = parseOptions(z.object({ level: wholeNumber(1, 9).default(1) }), given);
          await progress.step('working', () => work(text));
          return { json: { text, level }, text: `${text} at ${level}`, exitCode: text === 'bad' ? 1 : 0 };
        }),
      );
  };

async function run(args: readonly string[], work: (text: string) => void | Promise<void> = () => {}) {
  const io = fakeIo();
  const code = await runCommandLine(args, io, [add(work)]);
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
    const ended = runCommandLine(['try', 'x'], io, [add(() => new Promise(() => {}))]);
    io.abort();
    expect(await ended).toBe(130);
    expect(io.err()).toContain('interrupted\n');
    expect(io.out()).toBe('');
  });
});

describe('options', () => {
  it('know words', () => {
    const schema = z.object({ readout: oneOf('potential', 'count').optional() });
    expect(parseOptions(schema, { readout: 'count' })).toEqual({ readout: 'count' });
    expect(() => parseOptions(schema, { readout: 'sum' })).toThrow(/--readout .*\n.*sum\n.*one of potential, count/);
  });

  it.each(['-1', '1.5', '1e2', '', 'x', '0x10', '256'])('refuse the number %j', (text) => {
    expect(() => parseOptions(z.object({ weightBits: wholeNumber(1, 255) }), { weightBits: text })).toThrow(
      '--weight-bits has a wrong value',
    );
  });
});
