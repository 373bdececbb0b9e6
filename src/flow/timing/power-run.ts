/** A run of OpenSTA that reports power into files. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { firstError, runTool } from '../tools/run.ts';

export interface PowerRun {
  readonly folder: string;
  /** File of the script, in the folder. */
  readonly name: string;
  readonly script: string;
  /** Files that the script writes. */
  readonly reports: readonly string[];
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * @returns the texts of the reports
 * @throws checkFailed when OpenSTA reports an error, which it does with exit code 0
 */
export async function reportPower(
  tool: FoundTool,
  { folder, name, script, reports, logFile, signal }: PowerRun,
  environment: ToolEnvironment,
): Promise<string[]> {
  await writeFile(join(folder, name), script);
  const args = ['-no_init', '-no_splash', '-exit', name];
  const { stdout, stderr } = await runTool(tool, args, { cwd: folder, logFile, signal, env: environment.env });
  const text = `${stdout}\n${stderr}`;
  if (/^Error/m.test(text))
    throw checkFailed('OpenSTA failed', { where: logFile, found: firstError(text) ?? 'an error', expected: 'power' });
  return Promise.all(reports.map((file) => readFile(join(folder, file), 'utf8')));
}
