/** Which inputs of a window are walked over. */
import type { QuantisedLayer } from '../../network/index.ts';
import type { LayerPlan } from '../schema/index.ts';

/** `count` taps of a window from number `tap`, in tap order (ky, kx, input channel). */
export interface TapRun {
  readonly tap: number;
  readonly count: number;
}

/** A layer of a network, in real numbers or in integers. */
type Windowed = Pick<QuantisedLayer, 'input' | 'kernelHeight' | 'kernelWidth'> & {
  readonly weights: ArrayLike<number>;
  readonly carry?: { readonly tap: number; readonly count: number };
};

/** Each end of a run is a comparison in the engine. */
const mostRuns = 64;

/** A walk that leaves out less than one tap in so many is not worth its comparisons. */
const leastShare = 16;

/**
 * The taps that some output has a weight for, or that are handed on: a 1 x 1 projection beside a 3 x 3 kernel has one of nine, a
 * dilated kernel of 3 x 3 nine of 25. Undefined where all taps are walked, row by row: nearly none is left out, or too raggedly.
 */
export function walkedRuns(layer: Windowed): readonly TapRun[] | undefined {
  const { weights, carry, input } = layer;
  // A dense layer's kernel is its whole input; whether some of its weights are 0 is chance.
  if (layer.kernelHeight === input.height && layer.kernelWidth === input.width) return undefined;
  const taps = layer.kernelHeight * layer.kernelWidth * input.channels;
  const walked = new Uint8Array(taps);
  for (let i = 0; i < weights.length; i += 1) if (weights[i] !== 0) walked[i % taps] = 1;
  if (carry) walked.fill(1, carry.tap, carry.tap + carry.count);
  const runs: { tap: number; count: number }[] = [];
  for (let tap = 0; tap < taps; tap += 1) {
    if (walked[tap] === 0) continue;
    const last = runs.at(-1);
    if (last && last.tap + last.count === tap) last.count += 1;
    else runs.push({ tap, count: 1 });
  }
  const left = taps - tapsOf(runs);
  return runs.length === 0 || runs.length > mostRuns || left * leastShare < taps ? undefined : runs;
}

/** What of a planned layer says how often its weights are used. */
type Walked = Pick<LayerPlan, 'runs' | 'input' | 'output' | 'kernelHeight' | 'kernelWidth' | 'pool'>;

/** Taps of a window that a core has weights for, the bias left out. */
export function walkedTaps({ runs, kernelHeight, kernelWidth, input }: Omit<Walked, 'output' | 'pool'>): number {
  return runs ? tapsOf(runs) : kernelHeight * kernelWidth * input.channels;
}

/** Products of an input and a weight that a core adds up in a time step, zeros included, at the positions that some pool window covers. */
export function layerAdditions(layer: Walked): number {
  const { output, pool } = layer;
  const covered = (size: number, window: number) => size - (size % window);
  const positions = covered(output.height, pool?.height ?? 1) * covered(output.width, pool?.width ?? 1);
  return positions * output.channels * walkedTaps(layer);
}

/** Taps in all runs together. */
export function tapsOf(runs: readonly TapRun[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}
