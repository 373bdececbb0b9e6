/** When a device is written, read and reset (docs/microarchitecture-device.md, "Phases"). */
import { type Bool, bool, enumeration, lit, type ModuleBuilder, type UInt, uint } from '../../../hdl/index.ts';
import { phaseBits } from '../../registers/table.ts';
import type { RegistersIn } from './registers.ts';

export interface Phases {
  readonly writeDone: Bool;
  readonly readDone: Bool;
  readonly resetDone: Bool;
  /** The last draw is not over yet. */
  readonly busy: Bool;
  /** No phase goes on. */
  readonly resting: Bool;
}

/** `valid`: a device is about to be written; `travelling`: potentials are on their way to it. */
export function phases(m: ModuleBuilder, lengths: RegistersIn['phases'], valid: Bool, travelling: Bool): Phases {
  return lengths ? phased(m, lengths, valid, travelling) : instant(valid);
}

/** Everything in one clock. */
function instant(valid: Bool): Phases {
  const no = lit(0, bool());
  return { writeDone: valid, readDone: valid, resetDone: valid, busy: no, resting: no.not() };
}

function phased(m: ModuleBuilder, lengths: NonNullable<RegistersIn['phases']>, valid: Bool, travelling: Bool): Phases {
  m.section('Phases: write, read, reset');
  const phase = m.register('phase', enumeration('phase', ['rest', 'write', 'read', 'reset']), { reset: 'rest' });
  const left = m.register('phase_left', uint(phaseBits), { reset: 0 });
  const slow = m.register('slow', bool(), { reset: 0, doc: 'the mode of the draw that is under way' });
  const resting = m.name('phases_rest', phase.is('rest'));
  const empty = m.name('empty', resting.and(travelling.or(valid).not()));
  m.when(empty, () => m.next(slow, lengths.fast.not()));

  const atEnd = m.name('phase_ends', left.lessOrEqual(1));
  const countOr = (then: () => void) => m.when(atEnd, then).otherwise(() => m.next(left, left.subWrap(1)));
  const enter = (name: 'write' | 'read' | 'reset', length: UInt) => {
    m.next(phase, name);
    m.next(left, length);
  };
  m.switch(phase, {
    rest: () => m.when(valid.and(slow), () => enter('write', lengths.writeClocks)),
    write: () => countOr(() => enter('read', lengths.readClocks)),
    read: () => countOr(() => enter('reset', lengths.resetClocks)),
    reset: () =>
      countOr(() => {
        m.next(phase, 'rest');
        m.next(left, 0);
      }),
  });
  const fastValid = m.name('at_once', valid.and(slow.not()));
  const done = (name: 'write' | 'read' | 'reset') => m.name(`${name}_done`, fastValid.or(phase.is(name).and(atEnd)));
  return {
    writeDone: done('write'),
    readDone: done('read'),
    resetDone: done('reset'),
    busy: m.name('phases_busy', slow.and(empty.not())),
    resting,
  };
}
