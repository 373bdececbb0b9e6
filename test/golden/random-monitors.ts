/** Random plans whose cores watch over themselves, and a host that reads and writes the monitors' registers. */
import { memoryImages } from '../../src/core/index.ts';
import type { MonitorPlan, Plan } from '../../src/plan/index.ts';
import type { BusOperation } from '../../src/sim/index.ts';
import { randomFrom } from './random-plan.ts';

/** The plan with some monitors of each kind that go with it, at limits that random images pass now and then. */
export function withRandomMonitors(plan: Plan, seed: number, all = false): Plan {
  const random = randomFrom(seed ^ 0x303);
  const chance = () => all || random(2) === 0;
  const words = plan.layers.flatMap(({ neuron }) => ('stream' in neuron ? [neuron.stream.wordsPerTimeStep] : []));
  const rates = words.map((count) => {
    const low = random(count + 1);
    return { low, high: low + random(count - low + 1) };
  });
  const monitors: MonitorPlan = {
    abstain: chance() ? { below: random(2 ** Math.min(plan.readout.scoreBits, 6)) } : null,
    rates: chance() && plan.earlyExit === 'none' && words.length > 0 ? rates : null,
    lockup: chance() && plan.seeding === 'seeder',
    stall: chance() ? { bits: 4 + random(5) } : null,
    activity: chance(),
    ...(chance() ? { checksum: true } : {}),
    ...(plan.earlyExit === 'none' && chance() ? { checksum: true, load: true } : {}),
  };
  return { ...plan, monitors };
}

/** Reads and writes all over the monitors' map, and between it and others. */
export function monitorTraffic(plan: Plan, seed: number, images: number): BusOperation[] {
  const random = randomFrom(seed ^ 0x7aff1c);
  const devices = plan.neuron.kind === 'device' ? plan.layers.filter(({ neuron }) => 'stream' in neuron).length : 0;
  const base = 128 + 16 * devices;
  const last = base + 16 * plan.layers.length - 1;
  const addresses = [...Array.from({ length: 16 }, (_, i) => 31 + i), base - 1];
  for (let address = base; address <= last; address += 1) if (address % 16 < 5) addresses.push(address);
  const script: BusOperation[] = [];
  for (let image = 1; image <= images; image += 1) {
    script.push({ kind: 'send', images: image });
    for (let i = random(8); i > 0; i -= 1) {
      const address = addresses[random(addresses.length)]!;
      if (random(2) === 0) script.push({ kind: 'read', address });
      else script.push({ kind: 'write', address, data: random(3) === 0 ? random(2 ** 32) : random(6) });
      script.push({ kind: 'pause', clocks: random(40) });
    }
    // Before anything waits for answers: a core whose memories are not whole gives none.
    if (plan.monitors?.load) script.push(...loadTraffic(plan, random));
    if (random(2) === 0) script.push({ kind: 'results', images: random(image + 1) });
  }
  return [...script, ...addresses.map((address) => ({ kind: 'read' as const, address }))];
}

/** Takes the memories, writes and reads all over them, gives them back half loaded, and then as the plan has them. */
function loadTraffic(plan: Plan, random: (below: number) => number): BusOperation[] {
  const script: BusOperation[] = [];
  const write = (address: number, data: number) => script.push({ kind: 'write', address, data });
  const begin = () => {
    write(42, 1);
    script.push({ kind: 'until', address: 42, mask: 1, value: 1 });
  };
  const images = memoryImages(plan);
  let page = 0;
  const rowAddress = (row: number, stride: number) => {
    const at = row * stride;
    if (at >>> 15 !== page || random(2) === 0) write(45, at >>> 15);
    page = at >>> 15;
    return 0x8000 + (at & 0x7fff);
  };
  const choose = (index: number) => {
    write(43, index);
    page = 0;
  };
  begin();
  const changed = new Map<number, Set<number>>();
  for (const { index, words, stride, checksum } of images) {
    choose(index);
    write(44, random(3) === 0 ? random(2 ** 32) : checksum);
    script.push({ kind: 'read', address: 44 });
    const rows = [random(words.length), random(words.length + 2), words.length - 1];
    for (const row of rows) {
      if (random(4) === 0) choose(index);
      const at = rowAddress(row, stride);
      if (random(2) === 0) for (const p of (words[row] ?? [0]).keys()) write(at + p, random(2 ** 32));
      script.push({ kind: 'read', address: at + random(stride) });
    }
    changed.set(index, new Set(rows));
  }
  write(42, 0);
  script.push({ kind: 'pause', clocks: random(200) });
  begin();
  for (const { index, words, stride, checksum } of images) {
    choose(index);
    write(44, checksum);
    for (const row of changed.get(index)!) {
      const at = rowAddress(row, stride);
      for (const [p, part] of (words[row] ?? []).entries()) write(at + p, part);
    }
  }
  write(42, 0);
  script.push({ kind: 'until', address: 42, mask: 2, value: 0 });
  return script;
}
