/** A core behind the pins of a TinyTapeout tile: every byte of every answer is the golden model's. */
import { expect, it } from 'vitest';
import { wrapperFiles } from '../../src/app/folder/wrapper.ts';
import { buildHardware, buildTile } from '../../src/core/index.ts';
import { emitVerilog, interpret } from '../../src/hdl/index.ts';
import { goldenResults } from '../../src/sim/index.ts';
import { devicePlan, tinyPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';

const [pixelValid, pixelLast, byteTaken] = [1, 2, 4];

it('answers as the golden model does, however slowly it is asked', () => {
  const plan = tinyPlan();
  const size = plan.input.height * plan.input.width;
  const pixels = noise(3 * size, 4);
  const tile = interpret(buildTile(plan, true));
  tile.poke('rst_n', 0);
  tile.step(8);
  tile.poke('rst_n', 1);
  tile.step(8);
  const pin = (number: number) => ((tile.peek('uio_out') >> BigInt(number)) & 1n) === 1n;
  const bytes: number[] = [];
  const ends: number[] = [];
  let sent = 0;
  for (let clock = 0; ends.length < 3; clock += 1) {
    const [sends, takes] = [clock % 3 > 0 && sent < pixels.length, clock % 5 !== 0];
    tile.poke('ui_in', pixels[sent] ?? 0);
    const last = sent % size === size - 1;
    tile.poke('uio_in', (sends ? pixelValid : 0) + (sends && last ? pixelLast : 0) + (takes ? byteTaken : 0));
    if (takes && pin(4)) {
      bytes.push(Number(tile.peek('uo_out')));
      if (pin(5)) ends.push(bytes.length);
    }
    if (sends && pin(3)) sent += 1;
    tile.step();
    if (clock > 10_000) throw new Error('the tile never answers');
  }
  const words = new Int32Array(Uint8Array.from(bytes).buffer);
  const expected = goldenResults(plan, { pixels, timeSteps: plan.timeSteps.default });
  expect([...words]).toEqual(expected.flatMap(({ scores, class: best }) => [...scores, best]));
  expect(ends).toEqual([16, 32, 48]);
  expect(tile.peek('uio_oe')).toBe(0x78n);
});

it('info.yaml names the top, its pins, and files that are there', () => {
  const plan = tinyPlan();
  const core = emitVerilog(buildHardware(plan), { generator: 'spinfire', configuration: '' }).files;
  const verilog = core.map(({ path }) => path).filter((path) => path.endsWith('.v'));
  const files = new Map(wrapperFiles(plan, ['tinytapeout'], verilog).map(({ path, text }) => [path, text]));
  expect(files.get('wrapper/tt_um_seed.v')).toContain('module tt_um_seed');
  const info = files.get('wrapper/info.yaml')!;
  expect(info).toContain('top_module: "tt_um_seed"');
  expect(info.match(/^ {2}(ui|uo|uio)\[\d\]: /gm)).toHaveLength(24);
  expect(info).toContain('- "seed_readout.v"');
});

it('a core with a register bus is refused', () => {
  expect(() => buildTile(devicePlan(), true)).toThrow('does not go behind the pins');
});
