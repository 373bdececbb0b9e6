/** The answer to an image (docs/microarchitecture.md, "Readout", "Early exit"). */
import {
  type Bool,
  component,
  concat,
  enumeration,
  lit,
  type ModuleBuilder,
  mux,
  type SInt,
  sint,
  sum,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { bits, fitted } from '../parts/fit.ts';
import {
  type Beats,
  beats,
  type ReadoutIo,
  type ReadoutOptions,
  readoutPorts,
  resultBits,
  type ScoreRing,
  scoreRing,
} from './scores.ts';

export { resultBits } from './scores.ts';

export function readout(options: ReadoutOptions) {
  return component(`${options.core}_readout`, readoutPorts(options), (m, io) => {
    const { decision, exitMargin } = io;
    if (decision && exitMargin) exitReadout(m, io, options, { ...decision, margin: exitMargin });
    else plainReadout(m, io, options);
  });
}

/** Answers after an image's last pass. */
function plainReadout(m: ModuleBuilder, io: ReadoutIo, options: ReadoutOptions): void {
  const isPotential = options.readout.kind === 'potential';
  m.doc(
    isPotential
      ? 'Adds up the potentials of each class over the time steps; the highest sum is the answer.'
      : 'Counts the spikes of each class over the time steps; the highest count is the answer.',
  );
  const beat = beats(m, io, options);
  if (!isPotential) m.unused(beat.active, 'a lane without a time step has no spikes');
  const state = m.register('state', enumeration('state', ['accumulate', 'scores', 'class']), { reset: 'accumulate' });
  const accumulating = m.name('accumulating', state.is('accumulate'));
  const emitting = m.name('emitting', state.is('scores'));
  const ready = io.mAxis.tready;
  const answered = m.name('answered', state.is('class').and(ready));
  const ring = scoreRing(m, options.readout, beat, { accumulating, emitting, answered, ready });

  m.section('Answer: the highest score, the lowest class on a tie');
  if (io.abstain) {
    const second = secondBest(m, ring, { score: ring.score, step: ring.sent });
    const margin = m.name('margin', ring.best.subWrap(second).asUInt());
    const abstains = abstaining(m, io.abstain, margin, answered);
    outputAnswer(m, io, ring, emitting, concat(abstains.asUInt(), ring.bestClass.extend(resultBits - 1)).asSInt());
  } else {
    m.when(ring.sent.and(ring.atFirst.or(ring.score.greaterThan(ring.best))), () => ring.lead(ring.score));
    outputAnswer(m, io, ring, emitting, fitted(ring.bestClass.toSInt(), resultBits));
  }
  m.switch(state, {
    accumulate: () => m.when(ring.done.and(beat.last), () => m.next(state, 'scores')),
    scores: () => m.when(ring.sent.and(ring.channel.atLast), () => m.next(state, 'class')),
    class: () => m.when(answered, () => m.next(state, 'accumulate')),
  });
  outputs(m, io, beat, { accumulating, done: ring.done, valid: accumulating.not(), last: state.is('class') });
}

function outputAnswer(m: ModuleBuilder, { mAxis }: ReadoutIo, ring: ScoreRing, emitting: Bool, answer: SInt): void {
  m.assign(mAxis.tdata, mux(emitting, fitted(ring.score, resultBits), answer));
}

/** Whether the answer abstains, bit 31 of the class beat. */
function abstaining(m: ModuleBuilder, abstain: NonNullable<ReadoutIo['abstain']>, margin: UInt, sent: Bool): Bool {
  const abstains = m.name('abstains', margin.lessThan(abstain.below));
  m.assign(abstain.abstained, sent.and(abstains));
  return abstains;
}

/** Where the class beat holds the number of time steps used. */
const stepsAt = 16;

interface Exit {
  readonly decided: Bool;
  readonly image: UInt;
  readonly margin: UInt;
}

/** Answers after an image's last pass, or before it when the best class leads by the margin. */
function exitReadout(m: ModuleBuilder, io: ReadoutIo, options: ReadoutOptions, exit: Exit): void {
  const added = options.readout.kind === 'potential' ? 'Adds up the potentials' : 'Counts the spikes';
  m.doc(
    `${added} of each class over the time steps, until the best class leads by the margin or no time step is left.`,
  );
  const beat = beats(m, io, options);
  const states = ['accumulate', 'scores', 'class', 'judge'] as const;
  const state = m.register('state', enumeration('state', states), { reset: 'accumulate' });
  const accumulating = m.name('accumulating', state.is('accumulate'));
  const emitting = m.name('emitting', state.is('scores'));
  const ready = io.mAxis.tready;
  const answered = m.name('answered', state.is('class').and(ready));
  const ring = scoreRing(m, options.readout, beat, { accumulating, emitting, answered, ready });
  const second = secondBest(m, ring, { score: ring.total, step: ring.taken });

  m.section('Answer: after the last pass, or when the best class leads by the margin');
  const margin = m.name('margin', ring.best.subWrap(second).asUInt());
  const never = m.name('never_exits', exit.margin.reduceAnd());
  const exits = m.name('exits', state.is('judge').and(never.not()).and(margin.greaterOrEqual(exit.margin)));
  const used = stepsUsed(m, options, beat, { done: ring.done, answered });
  decide(m, exit, beat, { taken: ring.taken, done: ring.done, exits });
  m.switch(state, {
    accumulate: () => {
      m.when(ring.done, () => m.next(state, mux(beat.last, lit('scores', state.type), lit('judge', state.type))));
    },
    judge: () => m.next(state, mux(exits, lit('scores', state.type), lit('accumulate', state.type))),
    scores: () => m.when(ring.sent.and(ring.channel.atLast), () => m.next(state, 'class')),
    class: () => m.when(answered, () => m.next(state, 'accumulate')),
  });
  const valid = emitting.or(state.is('class'));
  outputs(m, io, beat, { accumulating, done: ring.done, valid, last: state.is('class') });
  const said = io.abstain
    ? concat(abstaining(m, io.abstain, margin, answered).asUInt(), used.extend(resultBits - stepsAt - 1))
    : used.extend(resultBits - stepsAt);
  outputAnswer(m, io, ring, emitting, concat(said, ring.bestClass.extend(stepsAt)).asSInt());
}

/** The best two classes so far; the lowest class on a tie. */
function secondBest(
  m: ModuleBuilder,
  { best, atFirst, lead }: ScoreRing,
  { score, step }: { readonly score: SInt; readonly step: Bool },
): SInt {
  m.section('The best two classes so far; the lowest class on a tie');
  const second = m.register('second', sint(best.width), { reset: 0 });
  const leads = m.name('leads', atFirst.or(score.greaterThan(best)));
  const lowest = lit(-(2 ** (best.width - 1)), second.type);
  m.when(step, () => {
    m.when(leads, () => {
      lead(score);
      m.next(second, mux(atFirst, lowest, best));
    }).elseWhen(score.greaterThan(second), () => m.next(second, score));
  });
  return second;
}

/** Time steps of the image so far. */
function stepsUsed(
  m: ModuleBuilder,
  { maxTimeSteps }: ReadoutOptions,
  { active }: Beats,
  { done, answered }: { readonly done: Bool; readonly answered: Bool },
): UInt {
  const used = m.register('steps_used', uint(unsignedBits(maxTimeSteps)), { reset: 0 });
  const ofPass = fitted(sum(bits(active).map((bit) => bit.asUInt())), used.width);
  m.when(done, () => m.next(used, used.addWrap(ofPass))).elseWhen(answered, () => m.next(used, 0));
  return used;
}

/** Tells the blocks before which image is answered. */
function decide(
  m: ModuleBuilder,
  exit: Exit,
  { image }: Beats,
  { taken, done, exits }: { readonly taken: Bool; readonly done: Bool; readonly exits: Bool },
): void {
  const decided = m.outputRegister(exit.decided, { reset: 0 });
  const number = m.outputRegister(exit.image, { reset: 0 });
  m.when(taken, () => m.next(decided, 0)).elseWhen(exits, () => m.next(decided, 1));
  if (image) m.when(done, () => m.next(number, image));
}

interface Outputs {
  readonly accumulating: Bool;
  readonly done: Bool;
  readonly valid: Bool;
  readonly last: Bool;
}

function outputs(
  m: ModuleBuilder,
  { mAxis }: ReadoutIo,
  beat: Beats,
  { accumulating, done, valid, last }: Outputs,
): void {
  m.assign(beat.free, accumulating);
  m.assign(beat.committed, done);
  m.assign(mAxis.tvalid, valid);
  m.assign(mAxis.tlast, last);
}
