/** The encoder of a core with one time lane and no seeder (docs/microarchitecture.md, "Streams without a seeder"). */
import { bool, defineModule, enumeration, lit, type ModuleDefinition, uint } from '../../hdl/index.ts';
import { streamDegree, unsignedBits } from '../../plan/index.ts';
import { imageNumber } from './early-exit.ts';
import { type EncoderOptions, encoderPorts, isLastPass, pixelSpike } from './encoder.ts';
import { leapForward } from './linear.ts';
import { counter } from './parts.ts';

export function drawnEncoder(options: EncoderOptions): ModuleDefinition {
  const { core, pixels, stream, maxTimeSteps } = options;
  return defineModule(`${core}_encoder`, (m) => {
    m.doc('Scans the image once a time step and turns each pixel into a spike or none, by one stream of random words.');
    m.clock('clk');
    m.reset('rst');
    const ports = encoderPorts(m, options);
    const state = m.register('state', enumeration('state', ['idle', 'scan', 'flush', 'skip']), { reset: 'idle' });
    const address = m.register('addr', uint(unsignedBits(pixels - 1)), { reset: 0 });
    const step = counter(m, 'first_step', maxTimeSteps - 1);
    const image = imageNumber(m, options.imageBits);
    const active = m.register('active_lanes', uint(1), { reset: 0 });
    const last = m.register('last_pass', bool(), { reset: 0 });
    const s1Valid = m.register('s1_valid', bool(), { reset: 0 });

    m.section('Scan, or skip the words of time steps that the image leaves unused');
    const scanning = m.name('scanning', state.is('scan').and(ports.pixelWritten));
    const skipping = m.name('skipping', state.is('skip'));
    const atEnd = m.name('at_end', address.equals(pixels - 1));
    const lastStep = step === undefined ? lit(1, bool()) : m.name('at_last_step', step.equals(maxTimeSteps - 1));
    const first = step ?? lit(0, uint(1));
    const waits = state.is('idle').and(ports.imageReady);
    const drops = image ? m.name('drop_image', waits.and(image.dropped)) : undefined;
    const start = m.name('start', waits.and(drops ? ports.outFree.and(drops.not()) : ports.outFree));
    const done = m.name('done', state.is('flush').and(ports.outCommitted));
    m.next(s1Valid, scanning);
    m.when(scanning.or(skipping), () => {
      m.when(atEnd, () => m.next(address, 0)).otherwise(() => m.next(address, address.addWrap(1)));
    });
    if (step !== undefined) {
      m.when(done.or(skipping.and(atEnd)), () => {
        m.when(lastStep, () => m.next(step, 0)).otherwise(() => m.next(step, step.addWrap(1)));
      });
    }
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'scan');
          // A pass that begins has at least its one time step.
          m.next(active, 1);
          m.next(last, isLastPass(first, ports.steps, 1));
        });
        m.when(drops ? drops.or(ports.skipImage) : ports.skipImage, () => m.next(state, 'skip'));
      },
      scan: () => {
        m.when(scanning.and(atEnd), () => m.next(state, 'flush'));
      },
      flush: () => {
        m.when(ports.outCommitted, () => {
          m.when(last.and(lastStep.not()), () => m.next(state, 'skip')).otherwise(() => m.next(state, 'idle'));
        });
      },
      skip: () => {
        m.when(atEnd.and(lastStep), () => m.next(state, 'idle'));
      },
    });

    const ended = done.and(last);
    const imageEnds = drops ? m.name('image_ends', ended.or(drops)) : ended;
    if (image) m.when(imageEnds, () => image.end());

    m.section('Spikes');
    const noise = m.register('noise', uint(streamDegree), { reset: stream.seed });
    m.when(s1Valid.or(skipping), () => m.next(noise, leapForward(noise, stream)));
    m.assign(ports.spikes, pixelSpike(m, ports.pixel, noise).and(active.bit(0)).asUInt());
    m.assign(ports.pixelAddress, address);
    m.assign(ports.imageRelease, imageEnds);
    m.assign(ports.push, s1Valid);
    m.assign(ports.active, active);
    m.assign(ports.last, last);
  });
}
