/** What a bitstream holds, read back from it: gates through the pins of the board, or the placer's settings. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkNetlist } from '../../src/app/index.ts';
import { findIfThere, knownBoard, place, systemEnvironment } from '../../src/flow/index.ts';
import { bitstreamConfiguration } from '../../src/flow/place/read-back.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { tinyPlan, writeCoreFiles } from './small-core.ts';
import { noise, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const plan = tinyPlan();
const data = { count: 3, rows: 2, columns: 2, pixels: noise(12, 5) };

async function placed(name: string) {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
  const board = knownBoard(name);
  const wish = { directory, verilogFiles, board, plan, outputDirectory: join(directory, 'out'), baud: 1_000_000 };
  return { wish, result: await place({ ...wish, top: plan.name, seeds: [1] }, environment) };
}

const missing = async (...tools: Parameters<typeof findIfThere>[0][]) => {
  for (const tool of tools) if (!(await findIfThere(tool, environment))) return `${tool} is not there`;
  return undefined;
};

it.each(['hx8k', 'icebreaker'])('gates in the bitstream of %s give the scores', { timeout: 600_000 }, async (name) => {
  const { wish, result } = await placed(name);
  const checked = await checkNetlist(wish, data, { io: fakeIo(), onProgress: () => {} }, result);
  expect(checked).toMatchObject({ images: 3, bitstream: { cells: expect.any(Number) } });
  expect((checked.bitstream as { cells: number }).cells).toBeGreaterThan(1000);
});

const gowin = ['nextpnr-himbaechel-gowin', 'gowin_pack', 'gowin_unpack'] as const;
const ecp5 = ['nextpnr-ecp5', 'ecppack', 'ecpunpack'] as const;

it.for([
  ['tang-nano-9k', gowin],
  ['tang-nano-20k', gowin],
  ['tang-primer-25k', gowin],
  ['orangecrab-25f', ecp5],
  ['colorlight-i5', ecp5],
  ['ulx3s-12f', ecp5],
  ['ulx3s-45f', ecp5],
  ['ecpix5-45f', ecp5],
  ['ulx3s-85f', ecp5],
  ['orangecrab-85f', ecp5],
  ['ecpix5-85f', ecp5],
] as const)(
  'settings in the bitstream of %s are those that were placed',
  {
    timeout: 1_200_000,
  },
  async ([name, tools], context) => {
    const reason = await missing(...tools);
    if (reason) return context.skip(reason);
    const { wish, result } = await placed(name);
    console.log(`${name}: ${result.utilisation.luts?.used} LUTs, ${result.fmaxMHz} MHz of ${result.clockMHz}`);
    expect(result.timingMet).toBe(true);
    const read = await bitstreamConfiguration({ board: wish.board, placed: result }, environment);
    console.log(`${name}: ${read!.settings} settings read back`);
    expect(read!.settings).toBeGreaterThan(1000);
  },
);

it('settings in the bitstream of ulx3s-25f are those that were placed; another one is told', {
  timeout: 600_000,
}, async (context) => {
  const reason = await missing('nextpnr-ecp5', 'ecppack', 'ecpunpack');
  if (reason) return context.skip(reason);
  const { wish, result } = await placed('ulx3s-25f');
  const read = await bitstreamConfiguration({ board: wish.board, placed: result }, environment);
  expect(read!.settings).toBeGreaterThan(5000);
  const directory = temporaryFolder();
  cpSync(result.directory, directory, { recursive: true });
  const file = join(directory, result.files.configuration);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/(word: SLICE\w\.K\d\.INIT )(?!1+$)([01])/m, (_, head, bit) => head + (bit === '0' ? '1' : '0')),
  );
  await expect(
    bitstreamConfiguration({ board: wish.board, placed: { ...result, directory } }, environment),
  ).rejects.toThrow('the bitstream holds another design than was placed');
});
