/** Watches over the spikes of a pass on their way (docs/microarchitecture.md, "Monitors"). */
import { component, flip, type ModuleBuilder, mux, sint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { clocked, type PassIn, passLink } from '../links/index.ts';
import { passOn } from '../links/pass-on.ts';
import { ones } from '../parts/fit.ts';
import type { CoreShape } from '../stage.ts';
import { type WatchShape, watchLink } from './links.ts';
import { activityBits } from './map.ts';
import type { Monitors } from './place.ts';

export interface WatchOptions extends CoreShape {
  /** Of the layer, or `input`. */
  readonly name: string;
  /** Spikes at once: time lanes, of several pixels under wide encoding. */
  readonly spikeBits: number;
  readonly watch: WatchShape;
}

/** The pass through its watch, where the monitors have one for it. */
export function watched(
  m: ModuleBuilder,
  monitors: Monitors,
  options: Omit<WatchOptions, 'watch'>,
  given: PassIn,
): PassIn {
  const shape = monitors?.shapes[options.name];
  const link = monitors?.passes[options.name];
  if (!shape || !link) return given;
  const watch = passWatch({ ...options, watch: shape });
  return m.place(`${options.name}_watch`, watch, { given, watch: link }).passed;
}

function passWatch(options: WatchOptions) {
  const { core, name, spikeBits, watch: shape } = options;
  const ports = {
    ...clocked,
    given: flip(passLink(options, spikeBits)),
    passed: passLink(options, spikeBits),
    watch: flip(watchLink(shape)),
  };
  return component(`${core}_${name}_watch`, ports, (m, { given, passed, watch }) => {
    m.doc(`Watches over the spikes of ${name}; they pass unchanged.`);
    m.assign(passed.push, given.push);
    m.assign(passed.data, given.data);
    passOn(m, given, passed);
    const spikes = m.name('spikes', ones(given.data));
    if (watch.spikes) {
      m.section('Activity');
      const total = m.outputRegister(watch.spikes, { reset: 0 });
      m.when(given.push, () => m.next(total, total.addWrap(spikes.extend(activityBits))));
    }
    const steps = m.name('pass_steps', ones(given.active));
    if (watch.steps) {
      const total = m.outputRegister(watch.steps, { reset: 0 });
      m.when(passed.committed, () => m.next(total, total.addWrap(steps.extend(activityBits))));
    }
    if (!watch.limits) {
      if (!watch.steps) m.unused(steps, 'spikes alone are counted');
      return;
    }
    const { low, high, tooFew, tooMany } = watch.limits;
    m.section('Rate: spikes of an image, less the limit for each of its time steps');
    const bits = low.width + unsignedBits(options.maxTimeSteps) + 2;
    const ends = m.name('image_ends', passed.committed.and(given.last));
    const balance = (what: string, limit: typeof low) => {
      const sum = m.register(what, sint(bits), { reset: 0 });
      const come = m.name(`${what}_and_spikes`, sum.addWrap(mux(given.push, spikes, 0).extend(bits).asSInt()));
      const due = m.name(`${what}_due`, limit.mulFull(steps).extend(bits).asSInt());
      const left = m.name(`${what}_left`, mux(passed.committed, come.subWrap(due), come));
      m.next(sum, mux(ends, 0, left));
      return left;
    };
    m.assign(tooFew, ends.and(balance('above_low', low).isNegative()));
    const over = balance('above_high', high);
    m.assign(tooMany, ends.and(over.isNegative().not()).and(over.notEquals(0)));
  });
}
