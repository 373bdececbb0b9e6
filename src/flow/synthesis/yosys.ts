/** Runs yosys in a folder that holds the design's files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MappedLine, translateMessages } from '../messages.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { runTool } from '../tools/run.ts';
import { foldersOf, type Sources } from './sources.ts';

export interface YosysRun {
  readonly folder: string;
  /** `script` gives `script.ys`. */
  readonly name: string;
  readonly script: string;
  readonly logFile: string;
  readonly failedLogFile?: string | undefined;
  readonly sourceMap: readonly MappedLine[];
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly onProgress: ((message: string) => void) | undefined;
}

/** @returns yosys's warnings, each once, at the lines of TypeScript */
export async function runYosys(tool: FoundTool, run: YosysRun, environment: ToolEnvironment): Promise<string[]> {
  const file = `${run.name}.ys`;
  await writeFile(join(run.folder, file), run.script);
  const translate = (message: string) => translateMessages(message, run.sourceMap);
  const warnings = new Set<string>();
  const { stderr } = await runTool(tool, ['-s', file], {
    cwd: run.folder,
    logFile: run.logFile,
    failedLogFile: run.failedLogFile,
    signal: run.signal,
    timeoutMs: run.timeoutMs,
    env: environment.env,
    translate,
    onLine(line) {
      const step = /^\d+(?:\.\d+)*\. Executing (\S+)/.exec(line)?.[1];
      if (step !== undefined) run.onProgress?.(`yosys: ${step.toLowerCase()}`);
      const warning = /^Warning: (.*)/.exec(line)?.[1];
      if (warning !== undefined) warnings.add(translate(warning));
    },
  });
  for (const [, warning = ''] of stderr.matchAll(/^Warning: (.*)/gm)) warnings.add(translate(warning));
  return [...warnings];
}

/** Fills a folder for yosys: the design's files, and `out` for what it makes. */
export async function writeSources(folder: string, { verilog, memories }: Sources): Promise<void> {
  const files = [...verilog, ...memories];
  await mkdir(join(folder, 'out'), { recursive: true });
  for (const inner of foldersOf(files)) await mkdir(join(folder, inner), { recursive: true });
  await Promise.all(files.map(({ path, content }) => writeFile(join(folder, path), content)));
}
