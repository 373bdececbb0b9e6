/** Pixels to spikes (docs/microarchitecture.md, "Encoder", "Streams without a seeder"). */
import {
  type Bool,
  bool,
  component,
  concat,
  counter,
  enumeration,
  input,
  type ModuleBuilder,
  output,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { type Seeding, type StreamPlan, streamDegree, wordBits } from '../../plan/index.ts';
import { flatGeometry } from '../buffers/frame.ts';
import { clocked } from '../links/index.ts';
import { imageNumber } from '../parts/early-exit.ts';
import { packed, part } from '../parts/fit.ts';
import { laneState, laneWords, seeder, wordsLater } from '../random/index.ts';
import { coreShape } from '../stage.ts';
import type { EncodingKind } from './contract.ts';
import { activeLanes, type EncoderOptions, encoderPorts, isLastPass, passCounter, pixelBits } from './passes.ts';

/** Whether a pixel spikes, by the word of the state. */
function pixelSpike(m: ModuleBuilder, pixel: UInt, state: UInt, name = 'threshold'): Bool {
  m.comment('pixel / 255 in units of 2^-16, rounded: 255 always spikes, 0 never.');
  const threshold = m.name(name, concat(pixel, pixel).addGrow(pixel.bit(pixelBits - 1).asUInt()));
  return state
    .truncate(wordBits)
    .extend(wordBits + 1)
    .lessThan(threshold);
}

/** One time step of the encoder: Bernoulli spike trains whose rates are the pixels of an element. */
function bernoulliLane(core: string, stream: StreamPlan, pixelLanes: number) {
  const ports = {
    ...clocked,
    ...laneWords('seeder'),
    draw: input(bool(), 'the word is used up'),
    pixel: input(uint(pixelLanes * pixelBits), 'pixels of the element, the first in the low bits'),
    spikes: output(uint(pixelLanes), 'of each pixel'),
  };
  return component(
    `${core}_bernoulli_lane`,
    ports,
    (m, io) => {
      m.doc('Spikes with probability pixel / 255, from a stream of random words of its own.');
      const state = laneState(m, stream, io, io.draw, pixelLanes);
      // Constant matrices instead of a chain of single words: a few XORs deep, however many pixels there are.
      const fired = Array.from({ length: pixelLanes }, (_, i) => {
        if (pixelLanes === 1) return pixelSpike(m, io.pixel, state);
        const own = m.name(`pixel_${i}`, part(io.pixel, i, pixelBits));
        const word = i === 0 ? state.truncate(wordBits) : wordsLater(state, stream, i).truncate(wordBits);
        return pixelSpike(m, own, i === 0 ? word : m.name(`word_${i}`, word), `threshold_${i}`);
      });
      m.assign(io.spikes, packed(fired));
    },
    { loopBody: true },
  );
}

/** The encoder of a core: with start states for every time lane, or with one stream that goes on. */
export function encoder(seeding: Seeding, options: EncoderOptions) {
  return seeding === 'none' ? unseededEncoder(options) : seededEncoder(options);
}

function seededEncoder(options: EncoderOptions) {
  const { core, pixels, pixelLanes, stream, passLanes, maxTimeSteps } = options;
  const lane = bernoulliLane(core, stream, pixelLanes);
  return component(`${core}_encoder`, encoderPorts(options), (m, io) => {
    m.doc('Scans the image once a pass and turns each pixel into a spike or none in every time step of the pass.');
    const { image, pass } = io;
    const state = m.register('state', enumeration('state', ['idle', 'scan', 'flush']), { reset: 'idle' });
    const passes = passCounter(m, options);
    const { firstStep } = passes;
    const own = imageNumber(m, io.decision);
    const active = m.outputRegister(pass.active, { reset: 0 });
    const last = m.outputRegister(pass.last, { reset: 0 });

    const passLast = m.name('pass_is_last', isLastPass(firstStep, image.steps, passLanes));
    const start = m.wire('start', bool());
    const ready = state.is('idle').and(image.ready);
    const waits = own.number ? m.name('image_waits', ready) : ready;
    const wanted = own.number ? m.name('image_wanted', waits.and(own.dropped.not())) : waits;
    const newImage = own.number && wanted.and(firstStep.equals(0));
    const words = { start, startLast: passLast, newImage, skip: io.skipImage };
    const streams = seeder(
      m,
      { core, owner: 'encoder', stream, lanes: passLanes, maxTimeSteps, lockup: io.lockup },
      words,
    );
    m.assign(start, wanted.and(pass.free).and(streams.resting));

    m.section('Scan');
    const issue = m.name(
      'issue',
      state
        .is('scan')
        .and(streams.loading.not())
        .and(image.written ?? image.ready),
    );
    const address = counter(m, image.address, pixels / pixelLanes, { last: 'at_end' });
    const scanned = m.outputRegister(pass.push, { reset: 0 });
    m.next(scanned, issue);
    m.when(issue, () => address.step());
    const done = m.name('done', state.is('flush').and(pass.committed));
    const dropped = own.number ? m.name('drop_image', waits.and(own.dropped)) : own.dropped;
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'scan');
          m.next(active, activeLanes(firstStep, image.steps, passLanes));
          m.next(last, passLast);
        });
        m.when(dropped, () => passes.restart());
      },
      scan: () => m.when(issue.and(address.atLast), () => m.next(state, 'flush')),
      flush: () => {
        m.when(pass.committed, () => {
          m.next(state, 'idle');
          passes.advance(last);
        });
      },
    });
    const ended = done.and(last);
    const over = own.number ? m.name('image_ends', ended.or(dropped)) : ended;
    m.when(over, () => own.end());

    m.section('Spikes');
    const { load, seed } = streams.lanes;
    const placed = m.placeArray('lane', passLanes, lane, { load, seed, draw: scanned, pixel: image.words });
    const ofPixel = (i: number) =>
      packed(placed.spikes.map((ofStep) => (pixelLanes === 1 ? ofStep : ofStep.bit(i).asUInt())));
    m.assign(pass.data, packed(Array.from({ length: pixelLanes }, (_, i) => ofPixel(i).and(active))));
    m.assign(image.release, over);
    if (pass.image && own.number) m.assign(pass.image, own.number);
  });
}

function unseededEncoder(options: EncoderOptions) {
  const { core, pixels, stream, maxTimeSteps } = options;
  return component(`${core}_encoder`, encoderPorts(options), (m, io) => {
    m.doc('Scans the image once a time step and turns each pixel into a spike or none, by one stream of random words.');
    const { image, pass } = io;
    const state = m.register('state', enumeration('state', ['idle', 'scan', 'flush', 'skip']), { reset: 'idle' });
    const step = counter(m, 'first_step', maxTimeSteps, { last: 'at_last_step' });
    const own = imageNumber(m, io.decision);
    const active = m.outputRegister(pass.active, { reset: 0 });
    const last = m.outputRegister(pass.last, { reset: 0 });

    m.section('Scan, or skip the words of time steps that the image leaves unused');
    const scanning = m.name('scanning', state.is('scan').and(image.written ?? image.ready));
    const skipping = m.name('skipping', state.is('skip'));
    const address = counter(m, image.address, pixels, { last: 'at_end' });
    const waits = state.is('idle').and(image.ready);
    const drops = own.number ? m.name('drop_image', waits.and(own.dropped)) : own.dropped;
    const start = m.name('start', waits.and(pass.free).and(drops.not()));
    const done = m.name('done', state.is('flush').and(pass.committed));
    const scanned = m.outputRegister(pass.push, { reset: 0 });
    m.next(scanned, scanning);
    m.when(scanning.or(skipping), () => address.step());
    m.when(done.or(skipping.and(address.atLast)), () => step.step());
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'scan');
          // A pass that begins has at least its one time step.
          m.next(active, 1);
          m.next(last, isLastPass(step.value, image.steps, 1));
        });
        m.when(drops.or(io.skipImage), () => m.next(state, 'skip'));
      },
      scan: () => m.when(scanning.and(address.atLast), () => m.next(state, 'flush')),
      flush: () => {
        m.when(pass.committed, () => {
          m.when(last.and(step.atLast.not()), () => m.next(state, 'skip')).otherwise(() => m.next(state, 'idle'));
        });
      },
      skip: () => m.when(address.atLast.and(step.atLast), () => m.next(state, 'idle')),
    });
    const ended = done.and(last);
    const over = own.number ? m.name('image_ends', ended.or(drops)) : ended;
    m.when(over, () => own.end());

    m.section('Spikes');
    const noise = m.register('noise', uint(streamDegree), { reset: stream.seed });
    m.when(scanned.or(skipping), () => m.next(noise, wordsLater(noise, stream, 1)));
    m.assign(pass.data, pixelSpike(m, image.words, noise).and(active.bit(0)).asUInt());
    m.assign(image.release, over);
    if (pass.image && own.number) m.assign(pass.image, own.number);
  });
}

export const bernoulliKind: EncodingKind = {
  isRandom: true,
  image: ({ input: { height, width, channels }, pixelLanes }) => ({
    geometry:
      pixelLanes > 1
        ? flatGeometry((height * width * channels) / pixelLanes)
        : { height, width, channels, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 },
    laneOffsets: [0],
    early: true,
  }),
  place: (m, plan, _first, { image, skipImage, lockup }) => {
    const { pixelLanes, seeding, encoding, input: size } = plan;
    if (encoding.kind !== 'bernoulli') throw new TypeError(`${plan.name} has ${encoding.kind} encoding`);
    m.section('Encoder');
    const pixels = size.height * size.width * size.channels;
    const options = { ...coreShape(plan), pixels, pixelLanes, stream: encoding.stream };
    return m.place('encoder', encoder(seeding, options), { image, skipImage, lockup });
  },
};
