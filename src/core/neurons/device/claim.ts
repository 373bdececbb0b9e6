/** The self-test's claim on a bank of neurons (docs/microarchitecture-device.md, "Self-test"). */
import { type Bool, bool, lit, type ModuleBuilder, mux, type SInt, type UInt } from '../../../hdl/index.ts';
import type { PotentialsIn } from '../../links/index.ts';
import { signedParts } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import type { RegistersIn } from './registers.ts';

/** What reaches the neurons: from the engine, or from the self-test that has claimed them. */
export interface Claimed {
  /** The self-test has the neurons; a constant without one. */
  readonly testing: Bool;
  readonly draw: Bool;
  readonly potentials: readonly SInt[];
  readonly active: UInt;
  readonly start: Bool | undefined;
  readonly startLast: Bool | undefined;
  readonly last: Bool;
}

export function claimed(
  m: ModuleBuilder,
  { layer, passLanes }: Stage,
  test: RegistersIn['test'],
  io: PotentialsIn,
): Claimed {
  const drives = signedParts(io.lanes, layer.accumulatorBits);
  if (!test) {
    const { draw, active, start, startLast, last } = io;
    return { testing: lit(0, bool()), draw, potentials: drives, active, start, startLast, last };
  }
  const testing = m.register('testing', bool(), { reset: 0 });
  const drive = m.name('test_drive', test.drive.saturate(layer.accumulatorBits));
  return {
    testing,
    draw: m.name('draw_in', io.draw.or(test.draw.and(testing))),
    potentials: drives.map((own, t) => m.name(`drive_in_${t}`, mux(testing, drive, own))),
    active: m.name('active_lanes', mux(testing, lit(2 ** passLanes - 1, io.active.type), io.active)),
    start: io.start && m.name('start_in', test.start ? io.start.or(test.start.and(testing)) : io.start),
    startLast: io.startLast && m.name('start_in_last', io.startLast.or(testing)),
    last: io.last.or(testing),
  };
}

/** When the neurons are claimed and given back, and what the test hears of them. */
export interface ClaimEvents {
  /** Nothing of an image is on its way. */
  readonly between: readonly Bool[];
  readonly resting: Bool;
  readonly ready: Bool;
  readonly readDone: Bool;
  readonly spikes: UInt;
}

export function claim(
  m: ModuleBuilder,
  test: NonNullable<RegistersIn['test']>,
  testing: Bool,
  events: ClaimEvents,
): void {
  m.section('Self-test: claims the neurons between two images');
  const free = m.name(
    'between_images',
    events.between.reduce((all, one) => all.and(one)),
  );
  m.when(testing.not(), () => m.next(testing, test.run.and(free))).elseWhen(test.run.not(), () => m.next(testing, 0));
  m.assign(test.here, testing);
  m.assign(test.resting, events.resting);
  m.assign(test.ready, events.ready);
  m.assign(test.valid, events.readDone.and(testing));
  m.assign(test.spikes, events.spikes);
}
