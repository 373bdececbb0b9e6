/** Which taps of a window are walked over, and what that saves. */
import { describe, expect, it } from 'vitest';
import { coreSearch, defineCore, explore, mtj, planCore, quantiseCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import type { FloatNetwork } from '../../src/network/index.ts';
import { reloadedPlan } from '../../src/plan/index.ts';
import { goldenResults } from '../../src/sim/index.ts';
import { randomImages } from '../golden/random-plan.ts';

const channels = 4;

/** A network whose second kernel of 5 x 5 has weights where `isThere` says so: [ky][kx][channel], the same for all outputs. */
function network(isThere: (ky: number, kx: number, channel: number) => boolean) {
  const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step + 1));
  const weights = wave(6 * 25 * channels, 1.3).map((weight, i) => {
    const place = Math.floor(i / channels) % 25;
    return isThere(Math.floor(place / 5), place % 5, i % channels) ? weight : 0;
  });
  return defineCore(
    'gaps',
    ({ input, readout }) => {
      const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
      const image = input.image(9, 9, 1);
      const first = image.conv({ weights: wave(channels, 2.3), bias: wave(channels, 0.7) }, { kernel: 1 });
      const second = first.neurons(neuron).conv({ weights, bias: wave(6, 0.7) }, { kernel: 5 });
      readout.potential(second.neurons(neuron).dense({ weights: wave(6 * 25 * 3, 2.1), bias: wave(3, 0.3) }));
    },
    { timeSteps: 2, maxTimeSteps: 2 },
  );
}

const runsOf = (design: ReturnType<typeof network>) => planCore(design).layers[1]!.runs;

/** The same with weights of another size, and smaller ones in each further channel. */
function tilted(network: FloatNetwork, size: number): FloatNetwork {
  const layers = network.layers.map((layer) => {
    if (layer.kind === 'averagePool') return layer;
    const taps = layer.weights.length / layer.bias.length;
    return { ...layer, weights: layer.weights.map((weight, i) => (weight * size) / 2 ** (Math.floor(i / taps) % 3)) };
  });
  return { ...network, layers };
}

describe('the taps of a window', () => {
  it('are walked over without those between the weights of a dilated kernel', () => {
    const taps = [0, 2, 4].flatMap((ky) => [0, 2, 4].map((kx) => (ky * 5 + kx) * channels));
    expect(runsOf(network((ky, kx) => ky % 2 === 0 && kx % 2 === 0))).toEqual(
      // Places (0, 4) and (2, 0) are not neighbours in memory, but in no row between them is a weight either.
      taps.map((tap) => ({ tap, count: channels })),
    );
  });

  it('are one for each channel of a projection beside a larger kernel', () => {
    const runs = runsOf(network((ky, kx, channel) => channel >= 2 || (ky === 2 && kx === 2)))!;
    expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(25 * 2 + 2);
    // The place in the middle joins the run before it.
    expect(runs).toContainEqual({ tap: 11 * channels + 2, count: channels + 2 });
  });

  it('are all walked over where hardly one, or none in order, is without a weight', () => {
    expect(runsOf(network(() => true))).toBeUndefined();
    expect(runsOf(network((ky, kx, channel) => ky + kx + channel > 0))).toBeUndefined();
    expect(runsOf(network(() => false))).toBeUndefined();
  });

  it('take no weights in between afterwards', () => {
    const loadable = (design: ReturnType<typeof network>) =>
      planCore({ ...design, options: { ...design.options, monitors: { load: true } } });
    const [some, all] = [loadable(network((ky, kx) => ky % 2 === 0 && kx % 2 === 0)), loadable(network(() => true))];
    expect(() => reloadedPlan(some, all)).toThrow(/no place in the core[\s\S]*tap 4/);
    expect(reloadedPlan(all, some).layers[1]!.weights).toHaveLength(6);
  });

  it('take other weights with the power of two of each channel that the core has', () => {
    const shifted = (scale: 'layer' | 'channel', size: number) => {
      const design = network(() => true);
      const options = { ...design.options, weightBits: 6, weightScale: scale, monitors: { load: true } } as const;
      return planCore({ ...design, network: tilted(design.network, size), options });
    };
    const [own, other] = [shifted('channel', 1), shifted('layer', 0.9)];
    const shifts = own.layers.map(({ channelShifts }) => channelShifts);
    expect(shifts.every((each) => each !== undefined)).toBe(true);
    const loaded = reloadedPlan(own, other);
    expect(() => goldenResults(loaded, { pixels: randomImages(1, loaded, 1), timeSteps: 2 })).not.toThrow();
    for (const [index, layer] of loaded.layers.entries()) {
      const step = (output: number) => 2 ** (shifts[index]![output]! - layer.fractionBits);
      layer.weights.forEach((row, output) => {
        row.forEach((weight, tap) => {
          const meant = other.layers[index]!.weights[output]![tap]! * 2 ** -other.layers[index]!.fractionBits;
          expect(Math.abs(weight * 2 ** -layer.fractionBits - meant)).toBeLessThanOrEqual(step(output) / 2);
        });
      });
    }
  });

  it('cost the clocks that the planner expects, and fewer than all', () => {
    const [some, all] = [network((ky, kx) => ky % 2 === 0 && kx % 2 === 0), network(() => true)].map((design) => {
      const [candidate] = explore(quantiseCore(design), coreSearch(design)).slice(-1);
      const plan = planCore({ ...design, options: { ...design.options, ...candidate! } });
      const results = goldenResults(plan, { pixels: randomImages(1, plan, 6), timeSteps: 2 });
      const clocks = results[4]!.resultCycle - results[3]!.resultCycle;
      expect(Math.abs(clocks - candidate!.cyclesPerImage) / clocks).toBeLessThan(0.02);
      return clocks;
    });
    expect(some! / all!).toBeLessThan(0.5);
  });
});
