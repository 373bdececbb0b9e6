/** How an axis is stretched: what each place of the result is made of. */

/** Place of a value on an axis of the image, and what it counts. */
export interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** [place on the result's axis]: what it is made of, places in order; of nothing where it is outside of the image. */
export type AxisTaps = readonly (readonly Tap[])[];

/** How an axis is stretched, in the words of the standard. */
export interface Stretch {
  readonly mode: string;
  readonly coordinates: string;
  readonly rounding: string;
  readonly cubic: number;
  readonly leavesOutside: boolean;
  /** What stands outside of the image, in the one way of stretching that goes there. */
  readonly outside: number;
}

/** The piece of an axis that is stretched, in shares of it. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** The coordinates that stretch a piece of the image instead of all of it. */
export const cropping = 'tf_crop_and_resize';

/** Where a place of the result is on the image's axis, in single precision as runtimes compute it: ties are broken there. */
type Coordinates = (place: number, scale: number, size: number, count: number, piece: Piece) => number;
const single = Math.fround;
const halfPixel = (place: number, scale: number) => single(single((place + 0.5) / scale) - 0.5);
export const coordinateModes: ReadonlyMap<string, Coordinates> = new Map<string, Coordinates>([
  ['half_pixel', halfPixel],
  [
    'half_pixel_symmetric',
    (place, scale, size, count) => {
      const offset = single((size / 2) * (1 - count / single(scale * size)));
      return single(offset + halfPixel(place, scale));
    },
  ],
  ['pytorch_half_pixel', (place, scale, _, count) => (count > 1 ? halfPixel(place, scale) : 0)],
  ['align_corners', (place, _, size, count) => (count === 1 ? 0 : single((place * (size - 1)) / (count - 1)))],
  ['asymmetric', (place, scale) => single(place / scale)],
  ['tf_half_pixel_for_nn', (place, scale) => single((place + 0.5) / scale)],
  [
    cropping,
    (place, _, size, count, { start, end }) =>
      count === 1
        ? single(0.5 * (start + end) * (size - 1))
        : single(start * (size - 1) + single((place * (end - start) * (size - 1)) / (count - 1))),
  ],
]);

export const roundings: ReadonlyMap<string, (at: number) => number> = new Map([
  ['round_prefer_floor', (at: number) => Math.ceil(at - 0.5)],
  ['round_prefer_ceil', (at: number) => Math.floor(at + 0.5)],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
]);

/** The whole of an axis. */
export const whole: Piece = { start: 0, end: 1 };

/** How an axis of `size` values becomes one of `count`. */
export function tapsOf(size: number, count: number, scale: number, stretch: Stretch, piece: Piece): AxisTaps {
  const inside = (index: number) => Math.min(size - 1, Math.max(0, index));
  const coordinate = coordinateModes.get(stretch.coordinates)!;
  return Array.from({ length: count }, (_, place) => {
    const at = coordinate(place, scale, size, count, piece);
    if (stretch.coordinates === cropping && (at < 0 || at > size - 1)) return [];
    if (stretch.mode === 'nearest') return [{ index: inside(roundings.get(stretch.rounding)!(at)), weight: 1 }];
    const low = Math.floor(at);
    const near =
      stretch.mode === 'linear'
        ? [1 - (at - low), at - low].map((weight, i) => ({ index: low + i, weight }))
        : cubicWeights(at - low, stretch.cubic).map((weight, i) => ({ index: low - 1 + i, weight }));
    const leaves = stretch.leavesOutside && stretch.mode === 'cubic';
    const kept = leaves ? near.filter(({ index }) => inside(index) === index) : near;
    const sum = leaves ? kept.reduce((total, { weight }) => total + weight, 0) : 1;
    const weights = new Map<number, number>();
    for (const { index, weight } of kept) weights.set(inside(index), (weights.get(inside(index)) ?? 0) + weight / sum);
    return [...weights].map(([index, weight]) => ({ index, weight })).filter(({ weight }) => weight !== 0);
  });
}

/** Of the four neighbours, for a place at `t` of 0 to 1 between the middle two. */
function cubicWeights(t: number, a: number): number[] {
  const near = (x: number) => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number) => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}
