import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodingHint, likelyRenumbering, loadImages, readoutHint } from '../../src/app/index.ts';
import { defineCore, mtj } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinfire-accuracy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const labels = Uint8Array.from({ length: 30 }, (_, image) => image % 3);
const answered = (order: readonly number[], wrong = 0) =>
  Array.from(labels, (label, image) => (image < wrong ? order[(label + 1) % 3]! : order[label]!));

describe('classes that the network numbers otherwise', () => {
  it('are found by what each label is answered', () => {
    expect(likelyRenumbering(answered([1, 2, 0], 6), labels)).toEqual({ order: [1, 2, 0], right: 24 });
    expect(likelyRenumbering(answered([0, 2, 1]), labels)).toEqual({ order: [0, 2, 1], right: 30 });
    expect(likelyRenumbering(answered([2, 2, 1]), labels)).toEqual({ order: [2, 0, 1], right: 20 });
  });

  it('are not, where the network is right, where it is wrong anyhow, and where there are few', () => {
    expect(likelyRenumbering(answered([0, 1, 2]), labels)).toBeUndefined();
    expect(likelyRenumbering(answered([0, 1, 2], 12), labels)).toBeUndefined();
    expect(likelyRenumbering(answered([2, 2, 2]), labels)).toBeUndefined();
    expect(likelyRenumbering(answered([1, 2, 0]).slice(0, 6), labels)).toBeUndefined();
    expect(likelyRenumbering([], labels)).toBeUndefined();
  });
});

describe('the first of images that are sorted by class', () => {
  const target = { input: { height: 1, width: 1, channels: 2 }, readout: { classes: 3 } };
  const notes = (order: readonly number[], limit: number) => {
    const file = join(folder, `${order.join('')}.csv`);
    writeFileSync(file, `a,b,class\n${order.map((label) => `0.5,0.25,${label}`).join('\n')}\n`);
    return loadImages({ images: file, limit, imageRange: '0,1' }, target, { cwd: folder }).notes;
  };

  it('are not all classes, and a note says so', () => {
    expect(notes([0, 0, 0, 1, 1, 1, 2, 2, 2], 4).join()).toContain('the first 4 of 9 images are of 2 of 3 classes');
    expect(notes([0, 1, 0, 1, 2, 2], 4).join()).not.toContain('the first');
    expect(notes([0, 0, 1, 1, 2, 2], 6).join()).not.toContain('the first');
  });
});

describe('pixels as random spikes or as numbers', () => {
  /** Which of two pixels is brighter. */
  const design = defineCore(
    'brighter',
    ({ input, readout }) => {
      const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
      const two = { weights: [20, -20, -20, 20], bias: [0, 0] };
      const spikes = input.image(1, 2, 1).dense(two).neurons(neuron);
      readout.potential(spikes.dense({ weights: [1, 0, 0, 1], bias: [0, 0] }));
    },
    { timeSteps: 4, maxTimeSteps: 4 },
  );
  const data = (bright: number, dark: number) => ({
    ...{ count: 60, rows: 1, columns: 2, notes: [] },
    pixels: Uint8Array.from({ length: 120 }, (_, i) => (i % 2 === Math.floor(i / 2) % 2 ? bright : dark)),
    labels: Uint8Array.from({ length: 60 }, (_, i) => i % 2),
  });

  it('are told apart where the noise costs answers', async () => {
    const hint = await encodingHint(design, data(150, 110), 4);
    expect(hint?.direct).toBeGreaterThan(50);
    expect(hint?.bernoulli).toBeLessThan(50);
  });

  it('are not where it does not, and where nobody knows the answers', async () => {
    expect(await encodingHint(design, data(255, 0), 4)).toBeUndefined();
    const { labels: _, ...unlabelled } = data(150, 110);
    expect(await encodingHint(design, unlabelled, 4)).toBeUndefined();
  });

  it('and counts of spikes from potentials, where both classes spike all the time', async () => {
    const counted = { ...design, readout: 'count' as const };
    const network = { ...counted.network };
    const last = network.layers.at(-1)!;
    if (last.kind !== 'dense') throw new Error('a dense layer');
    // Sums of 6 to 7: both neurons spike nearly always.
    const high = { ...last, sigmoid: true, bias: Float32Array.of(6, 6) };
    const alike = { ...counted, network: { ...network, layers: [...network.layers.slice(0, -1), high] } };
    const hint = await readoutHint(alike, data(255, 0), 4);
    expect(hint?.potential).toBe(60);
    expect(hint?.count).toBeLessThan(50);
    expect(await readoutHint(design, data(255, 0), 4)).toBeUndefined();
  });
});
