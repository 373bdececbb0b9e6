/** Functional models of a library's cells in Verilog, so that a mapped netlist can be simulated. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import { storeResult } from '../result-folder.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { findTool } from '../tools/find.ts';
import { runTool } from '../tools/run.ts';
import { readLiberty } from './liberty.ts';
import { usualLiberty } from './synthesise.ts';

/** Which library's cells are written as Verilog. */
export interface CellModelOptions {
  /** FreePDK45 by default. */
  readonly liberty?: string | undefined;
  /** The models go into a folder of it, and are taken from there when the library is the same. */
  readonly outputDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Models without delays, one module a cell; cells whose function the library does not tell are left out.
 * @returns the Verilog file
 * @throws badInput for a liberty file that cannot be read, missingTool without yosys
 */
export async function cellModels(options: CellModelOptions, environment: ToolEnvironment): Promise<string> {
  const file = options.liberty === undefined ? usualLiberty : resolve(environment.cwd, options.liberty);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('the liberty file cannot be read', { where: file, found }, cause);
  });
  readLiberty(text, file);
  const tool = await findTool('yosys', environment);
  const script = 'read_liberty -ignore_miss_func cells.lib\nproc\nwrite_verilog -noattr cells.v\n';
  const { directory } = await storeResult({
    outputDirectory: options.outputDirectory,
    name: 'cells',
    ingredients: [script, text, tool.version, tool.origin],
    read: (value) => z.object({ verilog: z.literal('cells.v') }).safeParse(value).data,
    make: async (folder) => {
      const run = join(folder, 'run');
      await mkdir(run);
      await writeFile(join(run, 'cells.lib'), text);
      await writeFile(join(run, 'cells.ys'), script);
      const log = { cwd: run, logFile: join(folder, 'cells.log'), signal: options.signal, env: environment.env };
      await runTool(tool, ['-s', 'cells.ys'], log);
      await rename(join(run, 'cells.v'), join(folder, 'cells.v'));
      await rm(run, { recursive: true });
      return { verilog: 'cells.v' as const };
    },
  });
  return join(directory, 'cells.v');
}
