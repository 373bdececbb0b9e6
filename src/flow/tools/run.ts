/** Runs one tool to its end: without a shell, with its log kept, and with all its children ended when it is interrupted. */
import { createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { badInput, checkFailed } from '../../errors/index.ts';
import { guardGroup, isPlainPath, makeFolder, reasonOf } from '../../store/index.ts';
import type { FoundTool, ToolEnvironment } from './environment.ts';

/** Folder, log, input and time of a tool's run. */
export interface RunOptions {
  readonly cwd: string;
  /** Command line, stdout and stderr, as they come. Its folder is made. */
  readonly logFile: string;
  /** Where the log of a run that fails is copied to, and looked for by people; `logFile` may be in a folder that goes. */
  readonly failedLogFile?: string | undefined;
  /** Given to the tool's stdin. */
  readonly input?: string | undefined;
  /** Ends the tool and all that it started. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Its variables; by default those of this process. */
  readonly env?: ToolEnvironment['env'] | undefined;
  /** Called with each whole line of stdout and stderr as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Names in the tool's message are changed by this before a person sees them. */
  readonly translate?: ((message: string) => string) | undefined;
}

/** What a tool printed, and its exit code. */
export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** How long an interrupted tool may take to end by itself; its work folder must be gone before the program ends (bin/spinfire.js). */
const graceMs = 800;

/**
 * @throws SpinfireError when the tool fails, is interrupted or takes too long; with its command line, the place of its log and its
 * own first error
 */
export async function runTool(tool: FoundTool, args: readonly string[], options: RunOptions): Promise<RunResult> {
  try {
    makeFolder(dirname(options.logFile));
  } catch (cause) {
    const help =
      'choose another place: --work FOLDER for what is made of a core that is not yours, SPINFIRE_CACHE for the simulators of classify';
    throw badInput('no folder can be made for a log', { where: options.logFile, found: reasonOf(cause), help }, cause);
  }
  const log = createWriteStream(options.logFile);
  // Without a log the tool's words are still there.
  log.on('error', () => undefined);
  const words = [tool.command, ...tool.args, ...args];
  log.write(`$ ${words.map(quote).join(' ')}\n`);
  // A group of its own: yosys starts abc, verilator starts a compiler, and all of them must end together.
  const child = execa(tool.command, [...tool.args, ...args], {
    cwd: options.cwd,
    reject: false,
    detached: true,
    maxBuffer: 1 << 30,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...{ env: plainlyTemporary(options.env ?? process.env), extendEnv: false },
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const { onLine } = options;
  if (onLine) for (const stream of [child.stdout, child.stderr]) forwardLines(stream, onLine);
  let failed = false;
  const stopping = stopGroup(child.pid, options);
  const release = guardGroup(child.pid);
  try {
    const result = await child;
    const reason = stopping.reason();
    const exitCode = result.exitCode ?? -1;
    if (result.failed || reason !== undefined) {
      failed = true;
      log.write(`# ${reason ?? `exit code ${exitCode}`}\n`);
      throw failure(words, result, reason, options);
    }
    return { stdout: result.stdout, stderr: result.stderr, exitCode };
  } finally {
    stopping.release();
    release();
    log.end();
    await finished(log).catch(() => {});
    if (failed && options.failedLogFile !== undefined)
      await copyFile(options.logFile, options.failedLogFile).catch(() => undefined);
  }
}

/**
 * Tools hand the name of the folder of their temporary files to shells and scripts without quotes (yosys for abc, Icarus for its parts): one with other
 * than plain characters is none to them.
 */
function plainlyTemporary(env: Readonly<Record<string, string | undefined>>) {
  const names = ['TMPDIR', 'TMP', 'TEMP'];
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !names.includes(name) || isPlainPath(value ?? '')),
  );
}

interface Outcome {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}

function failure(words: readonly string[], result: Outcome, reason: string | undefined, options: RunOptions) {
  const name = basename(words[0] ?? '');
  const message = firstError(`${result.stderr ?? ''}\n${result.stdout ?? ''}`);
  const how =
    reason ??
    result.code ??
    (result.signal === undefined ? `exit code ${result.exitCode}` : `killed by ${result.signal}`);
  const full = /No space left on device|Disk quota exceeded/.exec(`${result.stderr ?? ''}\n${result.stdout ?? ''}`);
  if (full !== null && reason === undefined)
    throw badInput(`${name} had no room on the disk`, {
      where: options.cwd,
      found: full[0],
      help: 'make room; TMPDIR names the place of temporary files, --work FOLDER that of what is kept',
    });
  const shown = message === undefined ? undefined : (options.translate?.(message) ?? message);
  return checkFailed(reason === undefined ? `${name} failed` : `${name} was ${reason}`, {
    where: words.map(quote).join(' '),
    found: reason === undefined && shown !== undefined ? `${how}: ${shown}` : how,
    expected: 'exit code 0',
    help: `its log is ${options.failedLogFile ?? options.logFile}`,
  });
}

/** The line in which a tool says what is wrong: yosys, verilator, iverilog, nextpnr, OpenSTA and compilers alike. */
export function firstError(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const error = /^%Error|\bERROR:|(^|[\s:])(fatal )?error:|syntax error|^Error\b/;
  return lines.find((line) => error.test(line)) ?? lines.find((line) => line !== '');
}

function stopGroup(pid: number | undefined, options: RunOptions) {
  let reason: string | undefined;
  const timers: NodeJS.Timeout[] = [];
  const kill = (signal: NodeJS.Signals) => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const stop = (why: string) => {
    reason ??= why;
    kill('SIGTERM');
    timers.push(setTimeout(() => kill('SIGKILL'), graceMs));
  };
  const interrupt = () => stop('interrupted');
  const lastResort = () => kill('SIGKILL');
  if (options.signal?.aborted) interrupt();
  options.signal?.addEventListener('abort', interrupt);
  // The process may end before this function does.
  process.once('exit', lastResort);
  const { timeoutMs } = options;
  if (timeoutMs !== undefined)
    timers.push(setTimeout(() => stop(`stopped after ${(timeoutMs / 1000).toFixed(0)} s`), timeoutMs));
  return {
    reason: () => reason,
    release() {
      timers.forEach(clearTimeout);
      options.signal?.removeEventListener('abort', interrupt);
      process.off('exit', lastResort);
    },
  };
}

function forwardLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
