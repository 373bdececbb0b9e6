/** The energy of devices that remember: `spinfire device --json` into `energy --memory`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/app/context.ts';
import { readDevice, readMemory, studyEnergy } from '../../src/app/index.ts';
import { readRealism } from '../../src/app/realism.ts';
import { assumptionsWith, smallDevice, smallDigital, twoNeurons } from '../estimate/small.ts';
import { temporaryFolder } from '../flow/fakes.ts';

const plan = twoNeurons();
const quiet: Progress = {
  step: async (_: string, work: never) => (work as (tell: () => void) => unknown)(() => {}),
} as never;
const data = {
  pixels: Uint8Array.of(255, 0),
  labels: Uint8Array.of(0),
  count: 1,
  rows: 1,
  columns: 2,
  notes: [],
} as never;
const inputs = {
  plan,
  data,
  timeSteps: 3,
  device: smallDevice,
  assumptions: assumptionsWith({ 'chip.restS': 1e-9 }),
  digital: smallDigital,
};

/** As `device --json` writes it: after a spike hardly ever again at the potential of the neuron that spikes. */
const document = (restS = 0) => ({
  cycle: { resetA: 1e-4, resetS: 1e-9, restS },
  calibration: { i50A: 80e-6, slopeA: 10e-6 },
  points: [-8, -4, 0, 4, 8].map((z) => ({
    z,
    driveA: 80e-6 + z * 10e-6,
    restS,
    fresh: 0.5,
    afterSilent: 0.5,
    afterSpike: z < 5 ? 1e-4 * (1 + (z + 8) / 16) : 0.99,
    later: 0.5,
    failedReset: 0,
    trials: 1000,
  })),
});

function memoryOf(content: unknown) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'cycle.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return readMemory('cycle.json', plan, { cwd: folder });
}

it('events are counted of images of any shape: a vector, or colour, is not rows x columns', async () => {
  const vector = { ...(data as object), rows: 1, columns: 1 } as never;
  const [usual, found] = [await studyEnergy(inputs, quiet), await studyEnergy({ ...inputs, data: vector }, quiet)];
  expect(found.mtj).toEqual(usual.mtj);
});

describe('devices that remember', () => {
  it('spike, and are reset, in every other time step; and rest as long as their file says', async () => {
    const usual = await studyEnergy(inputs, quiet);
    const memory = memoryOf(document());
    const found = await studyEnergy({ ...inputs, memory }, quiet);
    // The neuron that always spikes: three times, or in steps 1 and 3.
    const own = ({ mtj }: typeof usual) => mtj.layers.find(({ name }) => name === 'layer')!;
    expect(own(usual).counts.spikes).toBe(3);
    expect(own(found).counts.spikes).toBe(2);
    expect(own(found).resetJ / own(usual).resetJ).toBeCloseTo(2 / 3, 9);
    expect(usual.mtj.latency.unrolledS! - found.mtj.latency.unrolledS!).toBeCloseTo(4 * 1e-9, 15);
    expect(found.chip.accuracy).toEqual({ mean: 1, deviation: 0, chips: 1 });
  });

  it.each([
    ['{', /not JSON/],
    [{ curve: [] }, /memory of a device/],
    [{ ...document(), points: [] }, /memory of a device/],
  ])('are read from what device wrote, and nothing else (%#)', (content, message) => {
    expect(() => memoryOf(content)).toThrow(message);
  });
});

it('a core has devices that forget: their memory is refused, with what knows it', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'cycle.json'), JSON.stringify(document()));
  writeFileSync(join(folder, 'realism.json'), '{ "memory": true }');
  expect(() => readDevice('cycle.json', {}, { cwd: folder } as never)).toThrow(
    /a device over time is no device of a core/,
  );
  expect(() => readRealism('phases,memory', folder)).toThrow(/no core emulates what a device remembers/);
  expect(() => readRealism('realism.json', folder)).toThrow(/memory/);
});
