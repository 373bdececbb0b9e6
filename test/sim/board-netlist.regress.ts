/** What yosys makes of a whole board, cell by cell through its serial pins: exact scores. Placement is not needed for it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNetlist } from '../../src/app/index.ts';
import { boardNetlist, knownBoard, systemEnvironment } from '../../src/flow/index.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { tinyPlan, writeCoreFiles } from './small-core.ts';
import { noise, temporaryFolder } from './temporary.ts';

/** Boards, and a cell of their netlists. */
const boards = [
  ['hx8k', 'SB_RAM40_4K'],
  ['ulx3s-25f', 'MULT18X18D'],
  ['tang-nano-9k', 'LUT4'],
  ['arty-a7-35t', 'LUT6'],
  ['cmod-a7', 'LUT6'],
  ['pynq-z2', 'LUT6'],
] as const;
const plan = tinyPlan();
const { height, width, channels } = plan.input;
const size = height * width * channels;
const count = 3;
const data = { count, rows: height, columns: width * channels, pixels: noise(count * size, 5) };

describe.each(boards)('the netlist of %s', (name, cell) => {
  it('gives the scores of the golden model through the pins', { timeout: 400_000 }, async () => {
    const directory = temporaryFolder();
    writeCoreFiles(plan, directory);
    const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
    const board = knownBoard(name);
    const wish = { directory, verilogFiles, board, plan, outputDirectory: join(directory, 'out'), baud: 1_000_000 };
    const checked = await checkNetlist(wish, data, { io: fakeIo(), onProgress: () => {} });
    expect(checked).toMatchObject({ images: count, timeSteps: plan.timeSteps.default });
    expect(checked.cells).toBeGreaterThan(500);
    // It is the netlist that was run.
    const { files } = await boardNetlist(wish, systemEnvironment(process.env, process.cwd()));
    expect(files[0]!.text).toMatch(new RegExp(`^ *${cell} `, 'm'));
    expect(files[0]!.text).not.toMatch(/^ *(LD[CP]E|DL[A-Z]*|\\?\$_?DLATCH\S*) /m);
  });
});
