import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import { profileText } from '../../src/cli/show/profile.ts';
import { planCore } from '../../src/core/index.ts';
import { scheduleSvg } from '../../src/report/index.ts';
import { profileCore } from '../../src/sim/index.ts';

const plan = planCore({
  ...digits,
  options: { timeSteps: 2, maxTimeSteps: 4, timeLanes: 2, fit: { luts: 20000, cyclesPerImage: 10000 } },
});
const pixels = 28 * 28;
const images = new Uint8Array(2 * pixels).map((_, i) => (i % 29 < 9 ? 255 : 0));

describe('profile', () => {
  const profile = profileCore({ plan, images, timeSteps: 2 });

  it('accounts for every clock of every engine', () => {
    expect(profile.layers.map(({ layer }) => layer)).toEqual(['conv1', 'conv2', 'out']);
    for (const { busy, overhead, starved, blocked } of profile.layers) {
      expect(busy + overhead + starved + blocked).toBeCloseTo(1);
      for (const share of [busy, overhead, starved, blocked]) expect(share).toBeGreaterThanOrEqual(0);
    }
    // Both images' additions are the engine's busy clocks, exactly.
    const [conv1] = plan.layers;
    const positions = (conv1!.output.height * conv1!.output.width) / conv1!.positionLanes;
    const taps = conv1!.weights[0]!.length + conv1!.biasRows.length;
    expect(profile.layers[0]!.busy * profile.cycles).toBeCloseTo(2 * positions * taps);
  });

  it('says nothing of throughput where one image was seen', async () => {
    const text = async (count: number) =>
      (await profileText({ plan }, images.subarray(0, count * pixels), 2, undefined, { cwd: '.' })).text;
    expect(await text(1)).toContain('throughput: not seen in one image');
    expect(await text(2)).toContain(`throughput: ${Math.round(profile.cyclesPerImage)} clock cycles an image`);
  });

  it('tells latency from throughput, and how well lanes are used', () => {
    const { latency, cyclesPerImage, cycles } = profile;
    // The second result follows the first after one image's throughput; the run ends with it.
    expect(latency.fromFirstPixel + cyclesPerImage).toBe(cycles);
    expect(latency.fromFirstPixel - latency.fromLastPixel).toBeGreaterThanOrEqual(pixels);
    const [conv1, conv2] = profile.layers;
    for (const layer of [conv1!, conv2!]) {
      expect(layer.utilisation).toBeGreaterThan(0.5);
      expect(layer.utilisation).toBeLessThanOrEqual(1);
    }
  });

  it('knows which block works for which image', async () => {
    const conv2 = profile.spans.filter(({ block }) => block === 'conv2');
    expect(conv2.map(({ image }) => image)).toEqual([0, 1]);
    expect(conv2[0]!.toCycle).toBeLessThanOrEqual(conv2[1]!.fromCycle);
    const svg = await scheduleSvg({
      ...{ title: 'schedule', blocks: ['encoder', 'conv1', 'conv2', 'out'] },
      stretches: profile.spans,
    });
    expect(svg).toContain('<svg');
    for (const block of ['encoder', 'conv1', 'conv2', 'out']) expect(svg).toContain(`>${block}<`);
  });
});
