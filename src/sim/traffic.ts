/** A host that reads and writes all over the register map of a core with devices, while images go through. */
import type { Plan } from '../plan/index.ts';
import type { BusOperation } from './bus.ts';

/** Word addresses, as docs/registers.md has them. */
const address = {
  phases: [2, 3, 4, 5],
  selfTest: 9,
  testFrom: 13,
  testCount: 14,
  tally: 64,
  layers: 128,
  ofLayer: 16,
} as const;

/**
 * Reads and writes at any address, with self-tests between images; ends with the counters read.
 *
 * @param answers that come after one image, two, ...: the images are sent one after the other, as the script allows, and it waits for some answers
 */
export function hostTraffic(plan: Plan, seed: number, answers: readonly number[]): BusOperation[] {
  const device = plan.neuron;
  if (device.kind !== 'device') return [];
  const random = randomFrom(seed);
  const chance = () => random(2) === 1;
  const layers = plan.layers.filter(({ neuron }) => neuron.kind === 'device').length;
  const last = address.layers + address.ofLayer * layers - 1;
  const own: readonly number[] = [address.selfTest, address.testFrom, address.testCount];
  const script: BusOperation[] = [];
  const access = (at: number) => {
    if (chance()) script.push({ kind: 'read', address: at });
    // A code or a small number; never a new self-test while nobody waits for it.
    else if (!own.includes(at))
      script.push({ kind: 'write', address: at, data: random(3) === 0 ? random(2 ** 32) : random(6) });
    // Phases stay short, or an image would take for ever.
    if (address.phases.some((phase) => phase === at)) script.push({ kind: 'write', address: at, data: random(5) });
  };
  for (const [index, answered] of answers.entries()) {
    script.push({ kind: 'send', images: index + 1 });
    for (let i = random(6); i > 0; i -= 1) {
      access(chance() ? random(16) : Math.min(last, address.layers + random(address.ofLayer * Math.max(1, layers))));
      script.push({ kind: 'pause', clocks: random(40) });
    }
    if (!chance()) script.push({ kind: 'results', images: random(answered + 1) });
    if (device.selfTest && chance()) {
      script.push({ kind: 'write', address: address.testFrom, data: random(4) });
      script.push({ kind: 'write', address: address.testCount, data: random(3) });
      script.push({ kind: 'write', address: address.selfTest, data: 1 }, { kind: 'read', address: address.selfTest });
      script.push({ kind: 'until', address: address.selfTest, mask: 1, value: 0 });
      for (let i = 0; i < 4; i += 1) script.push({ kind: 'read', address: address.tally + i });
    }
  }
  for (let at = address.layers; at <= last; at += 1) script.push({ kind: 'read', address: at });
  return script;
}

/** Whole numbers 0..below-1 by Marsaglia's xorshift32. */
export function randomFrom(seed: number): (below: number) => number {
  let state = (seed ^ 0x2545f491) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}
