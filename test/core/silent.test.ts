/** The Verilog of every kind of core and block draws no warning from Verilator with all of them on, Icarus and yosys. */
import { expect, it } from 'vitest';
import { buildHardware, buildLink, buildWrapper, linkCore } from '../../src/core/index.ts';
import type { Design } from '../../src/hdl/index.ts';
import { withRandomDevice } from '../golden/random-device.ts';
import { withRandomMonitors } from '../golden/random-monitors.ts';
import { randomPlan, widened } from '../golden/random-plan.ts';
import { withRandomTelegraph } from '../golden/random-telegraph.ts';
import { lint } from '../hdl/tools.ts';
import { devicePlan, smallPlan } from '../sim/small-core.ts';
import { slice } from '../slice.ts';

const coreHash = 0xc0ffee;
/** 1029 has a wide engine and twelve pixels a beat. */
const wide = [1029, ...Array.from({ length: slice(0, 20) }, (_, i) => 1030 + i)];
const seeds = Array.from({ length: slice(1, 20) }, (_, i) => 5 + i);

const designs: Record<string, () => Design[]> = {
  cores: () => seeds.map((seed) => buildHardware(randomPlan(seed))),
  'wide engines': () => wide.map((seed) => buildHardware(widened(randomPlan(seed), seed))),
  devices: () => seeds.map((seed) => buildHardware(withRandomDevice(randomPlan(seed), seed))),
  'telegraphic neurons': () => seeds.map((seed) => buildHardware(withRandomTelegraph(randomPlan(seed), seed))),
  monitors: () => seeds.map((seed) => buildHardware(withRandomMonitors(randomPlan(seed), seed))),
  'a wrapper': () => [buildWrapper('axi', { plan: devicePlan(), coreHash, withCore: true })],
  'the link': () => [buildLink(linkCore(smallPlan(), { coreHash, clockHz: 12e6, board: 'hx8k', clocksPerBit: 104 }))],
};

it.each(Object.entries(designs))('of %s', async (_, build) => {
  for (const design of build()) expect(await lint(design)).toBe('');
});
