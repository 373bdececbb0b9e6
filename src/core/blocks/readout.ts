/** Scores of the classes and the answer (docs/microarchitecture.md, "Readout"). */
import {
  type Bool,
  bool,
  defineModule,
  enumeration,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type SInt,
  sint,
  sum,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { counter } from './parts.ts';

/** Width of the result stream's data. */
export const resultBits = 32;

export interface ReadoutOptions {
  readonly core: string;
  readonly kind: 'potential' | 'count';
  readonly classes: number;
  readonly scoreBits: number;
  readonly passSteps: number;
  /** Potential readout: width and number of the potentials that arrive together. */
  readonly potentialBits: number;
  readonly potentialLanes: number;
}

export function readoutModule(options: ReadoutOptions): ModuleDefinition {
  const { core, kind, classes, scoreBits } = options;
  return defineModule(`${core}_readout`, (m) => {
    m.doc(
      kind === 'potential'
        ? 'Adds up the potentials of each class over the time steps; the highest sum is the answer.'
        : 'Counts the spikes of each class over the time steps; the highest count is the answer.',
    );
    m.clock('clk');
    m.reset('rst');
    const free = m.output('free', bool(), { doc: 'takes another pass' });
    const committed = m.output('committed', bool(), { doc: 'the pass is complete' });
    const valid = m.input('valid', bool());
    const last = m.input('last', bool(), { doc: "this pass is the image's last" });
    const addend = readoutAddend(m, options);
    const data = m.output('m_axis_tdata', sint(resultBits));
    const outValid = m.output('m_axis_tvalid', bool());
    const outReady = m.input('m_axis_tready', bool());
    const outLast = m.output('m_axis_tlast', bool());

    const state = m.register('state', enumeration('state', ['accumulate', 'scores', 'class']), { reset: 'accumulate' });
    const channel = counter(m, 'channel', classes - 1);
    const scores = Array.from({ length: classes }, (_, i) => m.register(`score_${i}`, sint(scoreBits), { reset: 0 }));
    const best = m.register('best', sint(scoreBits), { reset: 0 });
    const bestClass = m.register('best_class', uint(unsignedBits(classes - 1)), { reset: 0 });

    m.section('Scores turn in a ring, one class a step');
    const accumulating = m.name('accumulating', state.is('accumulate'));
    const emitting = m.name('emitting', state.is('scores'));
    const added = m.name('added', scores[0]!.addWrap(addend));
    const sent = m.name('score_sent', emitting.and(outReady));
    const taken = m.name('addend_taken', accumulating.and(valid));
    m.when(taken.or(sent), () => {
      scores.forEach((score, i) => {
        m.next(score, scores[i + 1] ?? mux(accumulating, added, lit(0, added.type)));
      });
    });
    const atFirst: Bool = channel === undefined ? lit(1, bool()) : m.name('at_first_class', channel.equals(0));
    const atLast: Bool = channel === undefined ? lit(1, bool()) : m.name('at_last_class', channel.equals(classes - 1));
    if (channel !== undefined) {
      m.when(taken.or(sent), () => {
        m.when(atLast, () => m.next(channel, 0)).otherwise(() => m.next(channel, channel.addWrap(1)));
      });
    }

    m.section('Answer: the highest score, the lowest class on a tie');
    m.when(sent.and(atFirst.or(scores[0]!.greaterThan(best))), () => {
      m.next(best, scores[0]!);
      m.next(bestClass, channel ?? lit(0, bestClass.type));
    });

    const done = m.name('pass_done', taken.and(atLast));
    m.switch(state, {
      accumulate: () => {
        m.when(done.and(last), () => m.next(state, 'scores'));
      },
      scores: () => {
        m.when(sent.and(atLast), () => m.next(state, 'class'));
      },
      class: () => {
        m.when(outReady, () => m.next(state, 'accumulate'));
      },
    });
    m.assign(free, accumulating);
    m.assign(committed, done);
    m.assign(outValid, accumulating.not());
    m.assign(outLast, state.is('class'));
    m.assign(data, mux(emitting, fitSigned(scores[0]!, resultBits), fitSigned(bestClass.toSInt(), resultBits)));
  });
}

/** What one beat adds to the score of its class, from the ports that suit the kind of readout. */
export function readoutAddend(m: ModuleBuilder, options: ReadoutOptions, active?: UInt): SInt {
  const { kind, scoreBits, passSteps, potentialBits, potentialLanes } = options;
  if (kind === 'count') {
    const spikes = m.input('spikes', uint(passSteps));
    const total = sum(Array.from({ length: passSteps }, (_, t) => spikes.bit(t).asUInt()));
    return fitSigned(total.toSInt(), scoreBits);
  }
  const inUse = active ?? m.input('active', uint(passSteps));
  const potentials = Array.from({ length: potentialLanes }, (_, t) => m.input(`potential_${t}`, sint(potentialBits)));
  const gated = Array.from({ length: passSteps }, (_, t) => {
    const potential = potentials[potentialLanes === 1 ? 0 : t]!;
    return mux(inUse.bit(t), potential, lit(0, potential.type));
  });
  return fitSigned(sum(gated), scoreBits);
}

export function fitSigned(value: SInt, width: number): SInt {
  if (value.width === width) return value;
  return value.width < width ? value.extend(width) : value.truncate(width);
}
