import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type FoundTool, runTool } from '../../src/flow/index.ts';
import { fakeTool, messageOf, temporaryFolder } from './fakes.ts';

function found(command: string): FoundTool {
  return { tool: 'yosys', command, args: [], version: '0.23', origin: 'PATH' };
}

function setUp(body: string) {
  const folder = temporaryFolder();
  const logFile = join(folder, 'logs', 'tool.log');
  return { folder, logFile, tool: found(fakeTool(folder, 'yosys', body)), options: { cwd: folder, logFile } };
}

describe('runTool', () => {
  it('returns what the tool prints and keeps a log', async () => {
    const { tool, options, logFile, folder } = setUp('echo out; echo err >&2; cat; pwd');
    const lines: string[] = [];
    const result = await runTool(tool, ['a b', "it's"], {
      ...options,
      input: 'in\n',
      onLine: (line) => lines.push(line),
    });
    expect(result).toEqual({ stdout: `out\nin\n${folder}`, stderr: 'err', exitCode: 0 });
    // Two streams: in what order their lines come nobody knows.
    expect(lines.toSorted()).toEqual(['out', 'in', folder, 'err'].toSorted());
    const log = readFileSync(logFile, 'utf8');
    expect(log.split('\n')[0]).toBe(`$ ${folder}/yosys 'a b' 'it'\\''s'`);
    for (const line of ['out', 'err', 'in']) expect(log).toContain(`${line}\n`);
  });

  it('passes arguments as they are: there is no shell', async () => {
    const { tool, options } = setUp('printf "%s|" "$@"');
    const words = ['$(id)', '; exit 9', '*', '"', "'", 'a b', ''];
    expect((await runTool(tool, words, options)).stdout).toBe(`${words.join('|')}|`);
  });

  it('keeps from tools a folder of temporary files whose name their shells would read', async () => {
    const { tool, options } = setUp('printf "%s|%s|%s" "$TMPDIR" "$TEMP" "$KEPT"');
    const env = (folder: string) => ({ PATH: process.env.PATH, TMPDIR: folder, TEMP: folder, KEPT: folder });
    const given = async (folder: string) => (await runTool(tool, [], { ...options, env: env(folder) })).stdout;
    expect(await given('/plain/a-b_c.d')).toBe('/plain/a-b_c.d|/plain/a-b_c.d|/plain/a-b_c.d');
    for (const folder of ['/two words', '/$(touch PWN)', '/`touch PWN`', "/o'brien", '/a;b', '/a\\b'])
      expect(await given(folder)).toBe(`||${folder}`);
  });

  it('says which line of the design the tool complains about', async () => {
    const { tool, options, folder } = setUp('echo "1. Executing"; echo "a.v:3: ERROR: syntax error" >&2; exit 1');
    const work = runTool(tool, ['-s', 'x.ys'], { ...options, translate: (text) => text.replace('a.v:3', 'core.ts:9') });
    expect(await messageOf(work, folder)).toMatchInlineSnapshot(`
      "yosys failed
        at:       <folder>/yosys -s x.ys
        found:    exit code 1: core.ts:9: ERROR: syntax error
        expected: exit code 0
        help:     its log is <folder>/logs/tool.log"
    `);
    await expect(runTool(tool, [], options)).rejects.toMatchObject({ exitCode: 1 });
  });

  it('tells a tool that was killed from one that failed', async () => {
    const { tool, options, folder } = setUp('kill -9 $$');
    expect(await messageOf(runTool(tool, [], options), folder)).toContain('killed by SIGKILL');
  });

  it('tells a tool that cannot be started', async () => {
    const { options, folder } = setUp('');
    expect(await messageOf(runTool(found('/nowhere/yosys'), [], options), folder)).toContain('ENOENT');
  });

  it('ends the tool and its children when it is interrupted', async () => {
    const { tool, options, folder } = setUp('sh -c "echo \\$\\$ > child; sleep 60" & sleep 60');
    const abort = new AbortController();
    const work = messageOf(runTool(tool, [], { ...options, signal: abort.signal }), folder);
    const child = await readWhenThere(join(folder, 'child'));
    expect(isRunning(child)).toBe(true);
    abort.abort();
    expect(await work).toContain('yosys was interrupted');
    await sleep(50);
    expect(isRunning(child)).toBe(false);
  });

  it('does not wait for one that ignores the interruption', async () => {
    const { tool, options, folder } = setUp("trap '' TERM; while true; do sleep 0.1; done");
    const start = performance.now();
    expect(await messageOf(runTool(tool, [], { ...options, timeoutMs: 200 }), folder)).toContain('stopped after');
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

/** A process that has ended but that nobody has waited for is not running. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function readWhenThere(file: string): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text.endsWith('\n')) return Number(text);
    } catch {
      // Not yet.
    }
    await sleep(10);
  }
  throw new Error(`${file} never came`);
}
