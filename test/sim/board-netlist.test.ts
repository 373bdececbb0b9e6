/**
 * What yosys makes of a whole board, cell by cell through its serial pins: exact scores. Placement is not needed for it. The smallest core
 * on the board of the family whose cell models are our own in `npm test`; a larger one on every family in the regression.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNetlist } from '../../src/app/index.ts';
import { boardNetlist, knownBoard, systemEnvironment } from '../../src/flow/index.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { regress } from '../slice.ts';
import { smallPlan, tinyPlan, writeCoreFiles } from './small-core.ts';
import { noise, temporaryFolder } from './temporary.ts';

const boards = regress ? (['hx8k', 'ulx3s-25f', 'tang-nano-9k'] as const) : (['ulx3s-25f'] as const);
const plan = regress ? smallPlan() : tinyPlan();
const { height, width, channels } = plan.input;
const size = height * width * channels;
const count = 3;
const data = { count, rows: height, columns: width * channels, pixels: noise(count * size, 5) };

describe.each(boards)('the netlist of %s', (name) => {
  it('gives the scores of the golden model through the pins', { timeout: 400_000 }, async () => {
    const directory = temporaryFolder();
    writeCoreFiles(plan, directory);
    const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
    const board = knownBoard(name);
    const wish = { directory, verilogFiles, board, plan, outputDirectory: join(directory, 'out'), baud: 1_000_000 };
    const checked = await checkNetlist(wish, data, { io: fakeIo(), onProgress: () => {} });
    expect(checked).toMatchObject({ images: count, timeSteps: plan.timeSteps.default });
    expect(checked.cells).toBeGreaterThan(500);
    // It is the netlist that was run, and it has block RAMs.
    const { files } = await boardNetlist(wish, systemEnvironment(process.env, process.cwd()));
    expect(files.map(({ text }) => text).join('\n')).toMatch(/SB_RAM40_4K|DP16KD|pROM|SDPB|SDPX9B/);
  });
});
