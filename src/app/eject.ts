/** A core on a board, taken out as a project of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Board, ejectBoard } from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Surroundings } from './context.ts';
import { writeFolderWhole } from './files.ts';
import { verilogFiles } from './folder/parts.ts';

/** Which core, on which board, where to. */
export interface EjectRequest {
  readonly plan: Plan;
  /** With the core's Verilog. */
  readonly directory: string;
  readonly board: Board;
  /** Relative to the current folder: a new or empty one, or one that was written so before. */
  readonly folder: string;
  readonly clockMHz?: number | undefined;
  readonly baud?: number | undefined;
}

/** Writes the project; gives its folder, absolute, and its files, sorted. @throws badInput when the folder holds something else */
export async function ejectCore(
  { folder, ...request }: EjectRequest,
  io: Pick<Surroundings, 'cwd'>,
): Promise<{ readonly directory: string; readonly files: readonly string[] }> {
  const files = await ejectBoard({ ...request, verilogFiles: verilogFiles(request.directory) });
  const directory = resolve(io.cwd, folder);
  await writeFolderWhole(directory, { mark: 'board.v' }, async (fresh) => {
    for (const { path, content } of files) {
      await mkdir(dirname(join(fresh, path)), { recursive: true });
      await writeFile(join(fresh, path), content);
    }
  });
  return { directory, files: files.map(({ path }) => path).sort() };
}
