/** Pixels to spikes, or pixels straight into the first layer (docs/microarchitecture.md, "Encoder", "Direct input"). */
import {
  Bool,
  bool,
  concat,
  defineModule,
  enumeration,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import type { StreamPlan } from '../../plan/index.ts';
import { streamDegree, unsignedBits, wordBits } from '../../plan/index.ts';
import { imageNumber } from './early-exit.ts';
import { jumpForward, leapForward } from './linear.ts';
import { counter } from './parts.ts';
import { seeder } from './seeder.ts';

export const pixelBits = 8;

/** One time step of the encoder: Bernoulli spike trains whose rates are the pixels of an element. */
function bernoulliLane(name: string, stream: StreamPlan, pixelLanes: number): ModuleDefinition {
  return defineModule(name, (m) => {
    m.doc('Spikes with probability pixel / 255, from a stream of random words of its own.');
    m.clock('clk');
    m.reset('rst');
    const load = m.input('load', bool(), { doc: 'takes the seed' });
    const seed = m.input('seed', uint(streamDegree));
    const draw = m.input('draw', bool(), { doc: 'the word is used up' });
    const pixel = m.input('pixel', uint(pixelLanes * pixelBits));
    const spike = pixelLanes === 1 ? m.output('spike', bool()) : m.output('spikes', uint(pixelLanes));

    const state = m.register('state', uint(streamDegree), { reset: 1 });
    // Constant matrices instead of a chain of single words: a few XORs deep, however many pixels there are.
    const after = (words: number) => (words === 1 ? leapForward(state, stream) : jumpForward(state, stream, words));
    m.when(load, () => m.next(state, seed)).elseWhen(draw, () => m.next(state, after(pixelLanes)));

    if (spike instanceof Bool) {
      m.assign(spike, pixelSpike(m, pixel, state));
      return;
    }
    const fired = Array.from({ length: pixelLanes }, (_, i) => {
      const own = m.name(`pixel_${i}`, pixel.slice((i + 1) * pixelBits - 1, i * pixelBits));
      const word = i === 0 ? state.truncate(wordBits) : m.name(`word_${i}`, after(i).truncate(wordBits));
      return pixelSpike(m, own, word, `threshold_${i}`);
    });
    m.assign(spike, concat(...fired.reverse()));
  });
}

/** Whether a pixel spikes, by the word of the state. */
export function pixelSpike(m: ModuleBuilder, pixel: UInt, state: UInt, name = 'threshold'): Bool {
  m.comment('pixel / 255 in units of 2^-16, rounded: 255 always spikes, 0 never.');
  const threshold = m.name(name, concat(pixel, pixel).addGrow(pixel.bit(pixelBits - 1).asUInt()));
  return state
    .truncate(wordBits)
    .extend(wordBits + 1)
    .lessThan(threshold);
}

export interface EncoderOptions {
  readonly core: string;
  readonly pixels: number;
  /** Pixels at once. */
  readonly pixelLanes: number;
  readonly stream: StreamPlan;
  readonly timeLanes: number;
  readonly maxTimeSteps: number;
  /** Bits of an image's number, with early exit. */
  readonly imageBits?: number | undefined;
}

/** First time step of the pass; there is no register when one pass is always enough. */
function passCounter(m: ModuleBuilder, timeLanes: number, maxTimeSteps: number) {
  const largest = (Math.ceil(maxTimeSteps / timeLanes) - 1) * timeLanes;
  const register = counter(m, 'first_step', largest);
  return {
    register,
    // Wide enough to add a lane's number to.
    value: register ?? lit(0, uint(unsignedBits(timeLanes))),
    advance: (last: Bool) => {
      if (register) m.next(register, mux(last, lit(0, register.type), register.addWrap(timeLanes)));
    },
  };
}

/** Whether no time step is left after this pass. */
export function isLastPass(firstStep: UInt, steps: UInt, timeLanes: number): Bool {
  const next = firstStep.addGrow(timeLanes);
  const width = Math.max(next.width, steps.width);
  return next.extend(width).greaterOrEqual(steps.extend(width));
}

/** The bits of a value, the lowest first. */
function bits(value: UInt): Bool[] {
  return Array.from({ length: value.width }, (_, i) => value.bit(i));
}

/** For each time lane: whether its time step is one of the image's `steps`. */
function activeLanes(firstStep: UInt, steps: UInt, lanes: number): UInt {
  const active = Array.from({ length: lanes }, (_, lane) => {
    const step = firstStep.addGrow(lane);
    const width = Math.max(step.width, steps.width);
    return step.extend(width).lessThan(steps.extend(width));
  });
  return concat(...active.reverse());
}

/** The ports of an encoder, whatever its streams. */
export function encoderPorts(m: ModuleBuilder, { pixels, pixelLanes, timeLanes, maxTimeSteps }: EncoderOptions) {
  return {
    imageReady: m.input('image_ready', bool(), { doc: 'an image is there, or has begun to come' }),
    pixelWritten: m.input('pixel_written', bool(), { doc: 'the pixel at pixel_addr is there' }),
    steps: m.input('steps', uint(unsignedBits(maxTimeSteps)), { doc: 'time steps of this image' }),
    pixelAddress: m.output('pixel_addr', uint(unsignedBits(pixels / pixelLanes - 1))),
    pixel: m.input('pixel', uint(pixelLanes * pixelBits)),
    imageRelease: m.output('image_release', bool()),
    skipImage: m.input('skip_image', bool(), { doc: 'the random words go on to the next image' }),
    outFree: m.input('out_free', bool()),
    outCommitted: m.input('out_committed', bool()),
    push: m.output('push', bool()),
    spikes: m.output('spikes', uint(pixelLanes * timeLanes)),
    active: m.output('active', uint(timeLanes), { doc: 'time lanes in use in this pass' }),
    last: m.output('last', bool(), { doc: "the image's last pass" }),
  };
}

export function bernoulliEncoder(options: EncoderOptions): ModuleDefinition {
  const { core, pixels, pixelLanes, stream, timeLanes, maxTimeSteps } = options;
  const elements = pixels / pixelLanes;
  const lane = bernoulliLane(`${core}_bernoulli_lane`, stream, pixelLanes);
  return defineModule(`${core}_encoder`, (m) => {
    m.doc('Scans the image once a pass and turns each pixel into a spike or none in every time step of the pass.');
    m.clock('clk');
    m.reset('rst');
    const ports = encoderPorts(m, options);
    const { imageReady, steps, pixel, outFree, outCommitted } = ports;

    const state = m.register('state', enumeration('state', ['idle', 'scan', 'flush']), { reset: 'idle' });
    const address = m.register('addr', uint(unsignedBits(elements - 1)), { reset: 0 });
    const firstStep = passCounter(m, timeLanes, maxTimeSteps);
    const image = imageNumber(m, options.imageBits);
    const active = m.register('active_lanes', uint(timeLanes), { reset: 0 });
    const last = m.register('last_pass', bool(), { reset: 0 });
    const s1Valid = m.register('s1_valid', bool(), { reset: 0 });

    const passLast = m.name('pass_is_last', isLastPass(firstStep.value, steps, timeLanes));
    const start = m.wire('start', bool());
    const waits = state.is('idle').and(imageReady);
    const wanted = image ? m.name('image_wanted', waits.and(image.dropped.not())) : waits;
    const newImage = image ? wanted.and(firstStep.value.equals(0)) : undefined;
    const skip = ports.skipImage;
    const streams = seeder(m, { stream, timeLanes, maxTimeSteps, start, last: passLast, newImage, skip });
    m.assign(start, wanted.and(outFree).and(streams.resting));

    m.section('Scan');
    const issue = m.name('issue', state.is('scan').and(streams.loading.not()).and(ports.pixelWritten));
    const atEnd = m.name('at_end', address.equals(elements - 1));
    m.next(s1Valid, issue);
    m.when(issue, () => {
      m.when(atEnd, () => m.next(address, 0)).otherwise(() => m.next(address, address.addWrap(1)));
    });
    const done = m.name('done', state.is('flush').and(outCommitted));
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'scan');
          m.next(active, activeLanes(firstStep.value, steps, timeLanes));
          m.next(last, passLast);
        });
        if (image && firstStep.register) {
          const counter = firstStep.register;
          m.when(waits.and(image.dropped), () => m.next(counter, 0));
        }
      },
      scan: () => {
        m.when(issue.and(atEnd), () => m.next(state, 'flush'));
      },
      flush: () => {
        m.when(outCommitted, () => {
          m.next(state, 'idle');
          firstStep.advance(last);
        });
      },
    });

    const ended = done.and(last);
    const imageEnds = image ? m.name('image_ends', ended.or(waits.and(image.dropped))) : ended;
    if (image) m.when(imageEnds, () => image.end());

    m.section('Spikes');
    const spike = Array.from({ length: timeLanes }, (_, t) => {
      const bernoulli = m.instance(`lane_${t}`, lane, {
        load: streams.loadLane(t),
        seed: streams.seed,
        draw: s1Valid,
        pixel,
      });
      const fired = pixelLanes === 1 ? [bernoulli.bool('spike')] : bits(bernoulli.uint('spikes'));
      return fired.map((fires) => fires.and(active.bit(t)));
    });
    m.assign(ports.pixelAddress, address);
    m.assign(ports.imageRelease, imageEnds);
    m.assign(ports.push, s1Valid);
    const byPixel = Array.from({ length: pixelLanes }, (_, i) => spike.map((ofStep) => ofStep[i]!)).flat();
    m.assign(ports.spikes, concat(...byPixel.reverse()));
    m.assign(ports.active, active);
    m.assign(ports.last, last);
  });
}

export function directInput(options: Omit<EncoderOptions, 'pixels' | 'pixelLanes' | 'stream'>): ModuleDefinition {
  const { core, timeLanes, maxTimeSteps } = options;
  return defineModule(`${core}_direct`, (m) => {
    m.doc("Direct encoding: the image itself is the first layer's frame, read again for every pass.");
    // Without a second pass there is nothing to count.
    if (maxTimeSteps > timeLanes) {
      m.clock('clk');
      m.reset('rst');
    }
    const imageReady = m.input('image_ready', bool());
    const steps = m.input('steps', uint(unsignedBits(maxTimeSteps)), { doc: 'time steps of this image' });
    const imageRelease = m.output('image_release', bool());
    const ready = m.output('ready', bool());
    const active = m.output('active', uint(timeLanes), { doc: 'time lanes in use in this pass' });
    const last = m.output('last', bool(), { doc: "the image's last pass" });
    const release = m.input('rd_done', bool(), { doc: 'the pass has read the image' });

    const firstStep = passCounter(m, timeLanes, maxTimeSteps);
    const passLast = m.name('pass_is_last', isLastPass(firstStep.value, steps, timeLanes));
    const image = imageNumber(m, options.imageBits);
    const ends = image ? m.name('pass_ends_image', passLast.or(image.dropped)) : passLast;
    m.when(release, () => firstStep.advance(ends));
    if (image) m.when(release.and(ends), () => image.end());
    m.assign(imageRelease, release.and(ends));
    m.assign(ready, imageReady);
    m.assign(active, activeLanes(firstStep.value, steps, timeLanes));
    m.assign(last, passLast);
  });
}
