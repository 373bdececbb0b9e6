/** Links between the monitors' register block and what it watches, as the block sees them. */
import { bool, type EndOf, input, link, output, uint, when } from '../../hdl/index.ts';
import { type MonitorPlan, type Plan, unsignedBits } from '../../plan/index.ts';
import { checksumBits } from './checksum.ts';
import { activityBits, limitBits, type WatchedLayer, watchedLayers } from './map.ts';

/** What is wanted of the watch over a pass of spikes. */
export interface WatchShape {
  /** Width of the limits of the spikes in a time step; without them only counts are wanted. */
  readonly limitBits: number | undefined;
  readonly counts: boolean;
  /** Time steps are counted too. */
  readonly steps: boolean;
}

export function watchLink({ limitBits: bits, counts, steps }: WatchShape) {
  return link('watch', {
    limits: when(bits !== undefined, {
      low: output(uint(bits ?? 1), 'fewest spikes in a time step'),
      high: output(uint(bits ?? 1), 'most spikes in a time step'),
      tooFew: input(bool(), 'one clock'),
      tooMany: input(bool(), 'one clock'),
    }),
    spikes: when(counts, input(uint(activityBits), 'spikes since reset')),
    steps: when(steps, input(uint(activityBits), 'time steps since reset')),
  });
}

/** What is watched of a layer; undefined where nothing is. */
export function layerWatch(monitors: MonitorPlan, layer: WatchedLayer, isFirst: boolean): WatchShape | undefined {
  const { rates, activity } = monitors;
  if (!rates && !activity) return undefined;
  return { limitBits: rates ? limitBits(layer) : undefined, counts: activity, steps: activity && isFirst };
}

/** All watches over passes, by the name of the layer; the encoder's is `input`. */
export function watchShapes(plan: Plan, monitors: MonitorPlan): Readonly<Record<string, WatchShape>> {
  const layers = watchedLayers(plan).flatMap(({ layer }, i) => {
    const shape = layerWatch(monitors, layer, i === 0);
    return shape ? [[layer.name, shape] as const] : [];
  });
  const input = { limitBits: undefined, counts: true, steps: false };
  const encoder = monitors.activity && plan.encoding.kind === 'bernoulli' ? [['input', input] as const] : [];
  return Object.fromEntries([...encoder, ...layers]);
}

/** A stream that stood still. */
export function lockupLink() {
  return link('lock-up', { locked: input(bool(), 'one clock: the stream was in the state 0') });
}
export type LockupIn = EndOf<ReturnType<typeof lockupLink>, 'from'>;

/** Margin below which an answer abstains. */
export function abstainLink(scoreBits: number) {
  return link('abstain', {
    below: output(uint(scoreBits), 'an answer that leads by less abstains'),
    abstained: input(bool(), 'one clock'),
  });
}

/** Answers that nobody sees. */
export function dropsLink() {
  return link('drops', { dropped: input(bool(), 'one clock: the answer that is taken is thrown away') });
}

/** Whether images are in the core and whether something moves. */
export function progressLink() {
  return link('progress', {
    busy: input(bool(), 'an image has begun and is not answered'),
    moves: input(bool(), 'a beat comes or goes'),
  });
}

/** Words of a memory for the watch over checksums, in clocks in which nobody else reads; with `loadBits` (those of a word) for the host, too. */
export function checkLink(words: number, loadBits?: number | undefined) {
  return link('check', {
    asked: output(bool(), 'a word is wanted'),
    address: output(uint(unsignedBits(words - 1)), 'of the word'),
    given: input(bool(), 'it is read in this clock'),
    data: input(uint(checksumBits), 'the word of a clock ago, its parts of 32 bits by exclusive or'),
    load: when(loadBits !== undefined, {
      write: output(bool(), 'the word at the address is replaced'),
      row: output(uint(loadBits ?? 1), 'by this one'),
      word: input(uint(loadBits ?? 1), 'the word of a clock ago'),
    }),
  });
}
export type CheckIn = EndOf<ReturnType<typeof checkLink>, 'from'>;
export type CheckOut = EndOf<ReturnType<typeof checkLink>, 'to'>;
