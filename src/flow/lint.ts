/** What the three tools that read a core's Verilog have to say about it, at the lines of TypeScript. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpinfireError } from '../errors/index.ts';
import { type MappedLine, translateMessages } from './messages.ts';
import type { FoundTool, ToolEnvironment } from './tools/environment.ts';
import { findTool } from './tools/find.ts';
import { runTool } from './tools/run.ts';

export interface LintOptions {
  /** Holds the Verilog and its memories. */
  readonly directory: string;
  readonly verilog: readonly string[];
  readonly top: string;
  readonly sourceMap: readonly MappedLine[];
  /** The tools' words in full. Its folder is made. */
  readonly logDirectory: string;
  readonly signal?: AbortSignal;
}

/** What one tool says of the Verilog. */
export interface LintMessage {
  readonly tool: 'verilator' | 'iverilog' | 'yosys';
  /** Warnings and errors as the tool prints them, with TypeScript lines before those of the Verilog. */
  readonly text: string;
}

/**
 * Runs `verilator --lint-only -Wall`, `iverilog -Wall` and yosys (hierarchy, processes, `check`, no latches).
 *
 * @returns one message a tool that has something to say; none: all three are silent
 * @throws missingTool without one of the tools; checkFailed when one is interrupted, or fails without a word
 */
export async function lintVerilog(options: LintOptions, environment: ToolEnvironment): Promise<LintMessage[]> {
  const { verilog, top } = options;
  const yosysScript = [
    `read_verilog ${verilog.join(' ')}`,
    `hierarchy -check -top ${top}`,
    'proc',
    'check -assert',
    'select -assert-none t:$dlatch',
  ];
  const commands: readonly [LintMessage['tool'], readonly string[]][] = [
    ['verilator', ['--lint-only', '-Wall', '--top-module', top, ...verilog]],
    ['iverilog', ['-g2001', '-Wall', '-t', 'null', '-s', top, ...verilog]],
    ['yosys', ['-q', '-p', yosysScript.join('; ')]],
  ];
  const tools: [FoundTool, LintMessage['tool'], readonly string[]][] = [];
  for (const [name, args] of commands) tools.push([await findTool(name, environment), name, args]);
  const said = await Promise.all(
    tools.map(async ([tool, name, args]) => ({
      tool: name,
      text: await words(tool, name, args, options, environment),
    })),
  );
  return said.filter(({ text }) => text !== '');
}

/** Everything that a tool prints; one that refuses the files has said why. */
async function words(
  tool: FoundTool,
  name: string,
  args: readonly string[],
  { directory, logDirectory, sourceMap, signal }: LintOptions,
  environment: ToolEnvironment,
): Promise<string> {
  const logFile = join(logDirectory, `${name}.log`);
  let refusal: SpinfireError | undefined;
  try {
    await runTool(tool, args, { cwd: directory, logFile, env: environment.env, signal });
  } catch (error) {
    if (!(error instanceof SpinfireError) || signal?.aborted) throw error;
    refusal = error;
  }
  const [, ...lines] = (await readFile(logFile, 'utf8')).split('\n');
  const said = lines
    .filter((line) => !line.startsWith('# '))
    .join('\n')
    .trim();
  // Killed, say: its silence is no praise.
  if (refusal !== undefined && said === '') throw refusal;
  return translateMessages(said, sourceMap);
}
