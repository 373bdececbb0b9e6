/** Every port of the core's blocks says what it is for: that is what an editor shows beside it, and what stands beside it in Verilog. */
import { expect, it } from 'vitest';
import { buildBoard, buildHardware, buildLink, buildWrapper, linkCore, wrapperBuses } from '../../src/core/index.ts';
import type { Design } from '../../src/hdl/index.ts';
import { withRandomDevice } from '../golden/random-device.ts';
import { withRandomMonitors } from '../golden/random-monitors.ts';
import { randomPlan, widened } from '../golden/random-plan.ts';
import { withRandomTelegraph } from '../golden/random-telegraph.ts';
import { devicePlan, smallPlan } from '../sim/small-core.ts';

const coreHash = 0xc0ffee;
const link = { coreHash, clockHz: 12e6, board: 'hx8k', clocksPerBit: 104 };
const seeds = Array.from({ length: 6 }, (_, seed) => seed + 1);

const designs: Record<string, () => Design[]> = {
  cores: () => seeds.map((seed) => buildHardware(randomPlan(seed))),
  'cores with several pixels a beat': () => seeds.map((seed) => buildHardware(widened(randomPlan(seed), seed))),
  devices: () => [devicePlan(), ...seeds.map((seed) => withRandomDevice(randomPlan(seed), seed))].map(buildHardware),
  'telegraphic neurons': () => seeds.map((seed) => buildHardware(withRandomTelegraph(randomPlan(seed), seed))),
  monitors: () => seeds.map((seed) => buildHardware(withRandomMonitors(randomPlan(seed), seed))),
  wrappers: () => wrapperBuses.map((bus) => buildWrapper(bus, { plan: devicePlan(), coreHash, withCore: true })),
  link: () => [smallPlan(), devicePlan()].map((plan) => buildLink(linkCore(plan, link))),
  board: () => {
    const dividers = { DIVR: 0, DIVF: 63, DIVQ: 5, FILTER_RANGE: 1 };
    const pll = { primitive: 'SB_PLL40_CORE', inputMHz: 12, dividers } as const;
    return [buildBoard({ plan: smallPlan(), link, title: 'a board', pins: { clock: 'clk12' }, pll })];
  },
};

it.each(Object.entries(designs))('of %s', (_, build) => {
  const bare = build().flatMap((design) =>
    design.modules.flatMap(({ name, nets, blackBox }) =>
      nets.flatMap((net) => {
        const isData = net.role === 'input' || net.role === 'output';
        return isData && blackBox === undefined && !net.doc ? [`${name}.${net.name}`] : [];
      }),
    ),
  );
  expect([...new Set(bare)]).toEqual([]);
});
