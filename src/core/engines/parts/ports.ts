/** What engines have in common: their ports, and the course of a pass. */
import {
  type Bool,
  bool,
  enumeration,
  flip,
  type Inside,
  lit,
  type ModuleBuilder,
  type UInt,
  when,
} from '../../../hdl/index.ts';
import { clocked, decisionLink, potentialsLink } from '../../links/index.ts';
import { checkLink } from '../../monitors/links.ts';
import { handshakeOf } from '../../neurons/handshake.ts';
import { isDropped } from '../../parts/early-exit.ts';
import type { Stage } from '../../stage.ts';
import { inputLanesOf } from '../wide/geometry.ts';
import { rowBits, rowCount } from './weights.ts';

/** The ports of every engine beside its input. */
export function enginePorts(stage: Stage) {
  const { imageBits, layer } = stage;
  const inputLanes = inputLanesOf(layer);
  return {
    ...clocked,
    decision: when(imageBits !== undefined, flip(decisionLink(imageBits ?? 1))),
    potentials: potentialsLink(stage, handshakeOf(stage)),
    check: when(
      stage.checksMemories,
      flip(checkLink(rowCount(layer, inputLanes), stage.loadsMemories ? rowBits(layer, inputLanes) : undefined)),
    ),
  };
}
export type EngineIo = Inside<ReturnType<typeof enginePorts>>;

/** What an engine must know of its input, and what it answers. */
export interface InputHead {
  readonly ready: Bool;
  readonly active: UInt;
  readonly last: Bool;
  readonly image: UInt | undefined;
  readonly release: Bool;
}

export interface EnginePass {
  /** The engine works on a pass. */
  readonly running: Bool;
  readonly idle: Bool;
  /** The engine is done with the input: it waits for the consumer, then rests. */
  readonly finish: (done: Bool) => void;
}

/** One pass after the other: idle, run, flush (the consumer has not everything yet). */
export function enginePass(m: ModuleBuilder, io: EngineIo, frame: InputHead): EnginePass {
  const { potentials } = io;
  const state = m.register('state', enumeration('state', ['idle', 'run', 'flush']), { reset: 'idle' });
  const active = m.outputRegister(potentials.active, { reset: 0 });
  const last = m.outputRegister(potentials.last, { reset: 0 });
  const { start, drop } = passStart(m, io, frame, state.is('idle'));
  const finish = (done: Bool) => {
    m.section('Pass');
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'run');
          m.next(active, frame.active);
          m.next(last, frame.last);
        });
      },
      run: () => m.when(done, () => m.next(state, 'flush')),
      flush: () => m.when(potentials.committed, () => m.next(state, 'idle')),
    });
    m.assign(frame.release, done.or(drop));
    if (potentials.start && potentials.startLast) {
      m.assign(potentials.start, start);
      m.assign(potentials.startLast, frame.last);
    }
  };
  return { running: m.name('running', state.is('run')), idle: state.is('idle'), finish };
}

/** When an idle engine begins a pass, and with early exit: which frames it throws away instead. */
function passStart(m: ModuleBuilder, { decision, potentials }: EngineIo, frame: InputHead, idle: Bool) {
  const { free, resting = lit(1, bool()) } = potentials;
  const ready = idle.and(frame.ready);
  if (!decision || !frame.image || !potentials.image) {
    return { start: m.name('start_pass', ready.and(free).and(resting)), drop: lit(0, bool()) };
  }
  const waits = m.name('input_waits', ready);
  const tag = m.outputRegister(potentials.image, { reset: 0 });
  const dropped = m.name('input_dropped', isDropped(decision, frame.image));
  const wanted = m.name('input_wanted', waits.and(dropped.not()));
  const start = m.name('start_pass', wanted.and(free).and(resting));
  const given = frame.image;
  m.when(start, () => m.next(tag, given));
  if (potentials.newImage) m.assign(potentials.newImage, wanted.and(given.notEquals(tag)));
  return { start, drop: m.name('drop_input', waits.and(dropped)) };
}
