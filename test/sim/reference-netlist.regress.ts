/** The whole reference core with its link, as yosys makes it for each family, through its serial pins: exact scores. */
import { expect, it } from 'vitest';
import { checkNetlist, loadImages, openCore, verilogFiles } from '../../src/app/index.ts';
import { knownBoard } from '../../src/flow/index.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { temporaryFolder } from './temporary.ts';

/** Eight clocks a bit, the fastest line there is: most of the time is the line's. */
const boards = [
  ['hx8k', 6_000_000],
  ['ulx3s-25f', 6_250_000],
  ['tang-nano-9k', 5_062_500],
  ['arty-a7-35t', 6_250_000],
] as const;

it.each(boards)('%s', { timeout: 3_600_000 }, async (name, baud) => {
  const io = fakeIo();
  const { directory, plan } = openCore('digits', io);
  const data = loadImages({ limit: 2, random: true }, plan, io);
  const board = knownBoard(name);
  const wish = {
    ...{ directory, plan, board, baud },
    verilogFiles: verilogFiles(directory),
    outputDirectory: temporaryFolder(),
  };
  const checked = await checkNetlist(wish, data, { io, onProgress: () => {} });
  expect(checked.images).toBe(2);
  expect(checked.cells).toBeGreaterThan(4000);
});
