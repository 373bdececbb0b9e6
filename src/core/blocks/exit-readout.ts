/** Readout that may answer before an image's last pass (docs/microarchitecture.md, "Early exit"). */
import {
  type Bool,
  bool,
  concat,
  defineModule,
  enumeration,
  lit,
  type ModuleDefinition,
  mux,
  sint,
  sum,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { counter } from './parts.ts';
import { fitSigned, type ReadoutOptions, readoutAddend, resultBits } from './readout.ts';

export interface ExitReadoutOptions extends ReadoutOptions {
  readonly imageBits: number;
  readonly maxTimeSteps: number;
}

/** Where the class beat holds the number of time steps used. */
const stepsAt = 16;

export function exitReadout(options: ExitReadoutOptions): ModuleDefinition {
  const { core, kind, classes, scoreBits, passSteps, imageBits, maxTimeSteps } = options;
  return defineModule(`${core}_readout`, (m) => {
    const added = kind === 'potential' ? 'Adds up the potentials' : 'Counts the spikes';
    m.doc(
      `${added} of each class over the time steps, until the best class leads by the margin or no time step is left.`,
    );
    m.clock('clk');
    m.reset('rst');
    const free = m.output('free', bool(), { doc: 'takes another pass' });
    const committed = m.output('committed', bool(), { doc: 'the pass is complete' });
    const valid = m.input('valid', bool());
    const last = m.input('last', bool(), { doc: "this pass is the image's last" });
    const image = m.input('image', uint(imageBits), { doc: "number of the pass's image" });
    const active = m.input('active', uint(passSteps));
    const addend = readoutAddend(m, options, active);
    const exitMargin = m.input('exit_margin', uint(scoreBits));
    const data = m.output('m_axis_tdata', sint(resultBits));
    const outValid = m.output('m_axis_tvalid', bool());
    const outReady = m.input('m_axis_tready', bool());
    const outLast = m.output('m_axis_tlast', bool());
    const decidedOut = m.output('decided_out', bool(), {
      doc: 'the image has its answer, its other passes are dropped',
    });
    const decidedImageOut = m.output('decided_image_out', uint(imageBits));

    const state = m.register('state', enumeration('state', ['accumulate', 'scores', 'class', 'judge']), {
      reset: 'accumulate',
    });
    const channel = counter(m, 'channel', classes - 1);
    const scores = Array.from({ length: classes }, (_, i) => m.register(`score_${i}`, sint(scoreBits), { reset: 0 }));
    const best = m.register('best', sint(scoreBits), { reset: 0 });
    const bestClass = m.register('best_class', uint(unsignedBits(classes - 1)), { reset: 0 });
    const second = m.register('second', sint(scoreBits), { reset: 0 });
    const stepsUsed = m.register('steps_used', uint(unsignedBits(maxTimeSteps)), { reset: 0 });
    const decided = m.register('decided', bool(), { reset: 0 });
    const decidedImage = m.register('decided_image', uint(imageBits), { reset: 0 });

    m.section('Scores turn in a ring, one class a step');
    const accumulating = m.name('accumulating', state.is('accumulate'));
    const emitting = m.name('emitting', state.is('scores'));
    const total = m.name('total', scores[0]!.addWrap(addend));
    const sent = m.name('score_sent', emitting.and(outReady));
    const taken = m.name('addend_taken', accumulating.and(valid));
    m.when(taken.or(sent), () => {
      scores.forEach((score, i) => {
        m.next(score, scores[i + 1] ?? mux(accumulating, total, lit(0, total.type)));
      });
    });
    const atFirst: Bool = channel === undefined ? lit(1, bool()) : m.name('at_first_class', channel.equals(0));
    const atLast: Bool = channel === undefined ? lit(1, bool()) : m.name('at_last_class', channel.equals(classes - 1));
    if (channel !== undefined) {
      m.when(taken.or(sent), () => {
        m.when(atLast, () => m.next(channel, 0)).otherwise(() => m.next(channel, channel.addWrap(1)));
      });
    }

    m.section('The best two classes so far; the lowest class on a tie');
    const lowest = lit(-(2 ** (scoreBits - 1)), second.type);
    const leads = m.name('leads', atFirst.or(total.greaterThan(best)));
    m.when(taken, () => {
      m.when(leads, () => {
        m.next(best, total);
        m.next(bestClass, channel ?? lit(0, bestClass.type));
        m.next(second, mux(atFirst, lowest, best));
      }).elseWhen(total.greaterThan(second), () => m.next(second, total));
    });

    m.section('Answer: after the last pass, or when the best class leads by the margin');
    const done = m.name('pass_done', taken.and(atLast));
    const margin = m.name('margin', best.subWrap(second).asUInt());
    const never = m.name('never_exits', exitMargin.reduceAnd());
    const exits = m.name('exits', state.is('judge').and(never.not()).and(margin.greaterOrEqual(exitMargin)));
    const answered = m.name('answered', state.is('class').and(outReady));
    const stepsOfPass = sum(Array.from({ length: passSteps }, (_, t) => active.bit(t).asUInt()));
    const usedBits = stepsUsed.width;
    const inPass = stepsOfPass.width < usedBits ? stepsOfPass.extend(usedBits) : stepsOfPass.truncate(usedBits);
    m.when(done, () => {
      m.next(stepsUsed, stepsUsed.addWrap(inPass));
      m.next(decidedImage, image);
    }).elseWhen(answered, () => m.next(stepsUsed, 0));
    m.when(taken, () => m.next(decided, 0)).elseWhen(exits, () => m.next(decided, 1));
    m.switch(state, {
      accumulate: () => {
        m.when(done, () => {
          m.when(last, () => m.next(state, 'scores')).otherwise(() => m.next(state, 'judge'));
        });
      },
      judge: () => {
        m.when(exits, () => m.next(state, 'scores')).otherwise(() => m.next(state, 'accumulate'));
      },
      scores: () => {
        m.when(sent.and(atLast), () => m.next(state, 'class'));
      },
      class: () => {
        m.when(outReady, () => m.next(state, 'accumulate'));
      },
    });
    m.assign(decidedOut, decided);
    m.assign(decidedImageOut, decidedImage);
    m.assign(free, accumulating);
    m.assign(committed, done);
    m.assign(outValid, emitting.or(state.is('class')));
    m.assign(outLast, state.is('class'));
    const answer = concat(stepsUsed.extend(resultBits - stepsAt), bestClass.extend(stepsAt)).asSInt();
    m.assign(data, mux(emitting, fitSigned(scores[0]!, resultBits), answer));
  });
}
