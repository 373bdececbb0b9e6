/** Scores of the classes (docs/microarchitecture.md, "Readout"): ports, what a beat adds, and where they add up. */
import {
  axiStream,
  type Bool,
  bool,
  type Counter,
  counter,
  flip,
  type Inside,
  input,
  lit,
  type ModuleBuilder,
  mux,
  type SInt,
  sint,
  sum,
  type UInt,
  uint,
  when,
} from '../../hdl/index.ts';
import { type Plan, unsignedBits } from '../../plan/index.ts';
import { clocked, decisionLink, passLink, potentialsLink } from '../links/index.ts';
import { abstainLink } from '../monitors/links.ts';
import { bits, fitted, signedParts } from '../parts/fit.ts';
import { slots } from '../parts/slots.ts';
import type { Stage } from '../stage.ts';

/** Width of the result stream's data. */
export const resultBits = 32;

export type ReadoutOptions = Pick<Stage, 'core' | 'passLanes' | 'imageBits' | 'layer' | 'maxTimeSteps'> & {
  readonly readout: Plan['readout'];
  readonly abstains: boolean;
};

export function readoutPorts(options: ReadoutOptions) {
  const { imageBits, passLanes, readout } = options;
  const isCount = readout.kind === 'count';
  const exits = imageBits !== undefined;
  const alone = { rests: false, loads: false, waits: false };
  return {
    ...clocked,
    spikes: when(isCount, flip(passLink(options, passLanes))),
    potentials: when(!isCount, flip(potentialsLink(options, alone))),
    exitMargin: when(exits, input(uint(readout.scoreBits), 'how far the best class must lead')),
    decision: when(exits, decisionLink(imageBits ?? 1)),
    mAxis: axiStream(sint(resultBits)),
    abstain: when(options.abstains, flip(abstainLink(readout.scoreBits))),
  };
}
export type ReadoutIo = Inside<ReturnType<typeof readoutPorts>>;

/** One class after the other, the potentials or spikes of all time lanes at once. */
export interface Beats {
  readonly valid: Bool;
  readonly last: Bool;
  readonly active: UInt;
  readonly image: UInt | undefined;
  /** What the beat adds to the score of its class. */
  readonly addend: SInt;
  readonly free: Bool;
  readonly committed: Bool;
}

export function beats(m: ModuleBuilder, io: ReadoutIo, { layer, readout, passLanes }: ReadoutOptions): Beats {
  const { spikes, potentials } = io;
  if (spikes) {
    const total = sum(bits(spikes.data).map((bit) => bit.asUInt())).toSInt();
    return { ...spikes, valid: spikes.push, addend: fitted(total, readout.scoreBits) };
  }
  const { lanes, active, draw } = potentials!;
  const lane = signedParts(lanes, layer.accumulatorBits);
  const gated = Array.from({ length: passLanes }, (_, t) =>
    m.name<SInt>(`addend_${t}`, mux(active.bit(t), lane[lane.length === 1 ? 0 : t]!, 0)),
  );
  return { ...potentials!, valid: draw, addend: fitted(sum(gated), readout.scoreBits) };
}

export interface ScoreRing {
  /** The score of the class whose turn it is, after the first pass, and with the beat's addend. */
  readonly score: SInt;
  readonly total: SInt;
  readonly channel: Counter;
  readonly atFirst: Bool;
  /** A beat is taken; a score is sent. */
  readonly taken: Bool;
  readonly sent: Bool;
  /** The beat is the pass's last one. */
  readonly done: Bool;
  readonly best: SInt;
  readonly bestClass: UInt;
  /** The class whose turn it is becomes the best one. */
  readonly lead: (score: SInt) => void;
}

interface RingSteps {
  readonly accumulating: Bool;
  readonly emitting: Bool;
  /** The image's last beat is taken. */
  readonly answered: Bool;
  readonly ready: Bool;
}

/** One class a step has its turn: while scores add up, and while they are sent. */
export function scoreRing(
  m: ModuleBuilder,
  { classes, scoreBits }: Plan['readout'],
  beat: Beats,
  { accumulating, emitting, answered, ready }: RingSteps,
): ScoreRing {
  m.section('Scores: one class after the other has its turn');
  const sent = m.name('score_sent', emitting.and(ready));
  const taken = m.name('addend_taken', accumulating.and(beat.valid));
  const steps = classes === 1 ? taken.or(sent) : m.name('steps', taken.or(sent));
  const channel = counter(m, 'channel', classes, { last: 'at_last_class', next: 'next_channel' });
  m.when(steps, () => channel.step());
  const done = m.name('pass_done', taken.and(channel.atLast));
  const firstPass = m.register('first_pass', bool(), { reset: 1, doc: 'no class has a score yet' });
  m.when(done, () => m.next(firstPass, 0)).elseWhen(answered, () => m.next(firstPass, 1));
  const names = { memory: 'scores', word: 'score' };
  const scores = slots<SInt>(m, names, sint(scoreBits), channel, steps);
  const total = m.name('total', mux(firstPass, 0, scores.current).addWrap(beat.addend));
  scores.write(total, taken);
  const atFirst = classes === 1 ? lit(1, bool()) : m.name('at_first_class', channel.atFirst);
  const best = m.register('best', sint(scoreBits), { reset: 0 });
  if (classes === 1) m.unused(best, 'one class has no rival');
  const bestClass = m.register('best_class', uint(unsignedBits(classes - 1)), { reset: 0 });
  const lead = (score: SInt) => {
    m.next(best, score);
    m.next(bestClass, channel.value);
  };
  return { score: scores.current, total, channel, atFirst, taken, sent, done, best, bestClass, lead };
}
