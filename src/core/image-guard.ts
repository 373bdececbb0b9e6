/** Keeps images in step with their frames, whatever the stream brings (docs/microarchitecture.md, "Image guard"). */
import {
  axiStream,
  type Bool,
  bool,
  component,
  flip,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  sint,
  uint,
  when,
} from '../hdl/index.ts';
import { type Plan, unsignedBits } from '../plan/index.ts';
import { pixelBits } from './encoding/passes.ts';
import { clocked, pixelLink } from './links/index.ts';
import type { Mechanism } from './mechanism.ts';
import { progressLink } from './monitors/links.ts';
import type { Monitors } from './monitors/place.ts';
import { resultBits } from './readout/index.ts';

export const guardMechanisms: readonly Mechanism[] = [
  // frame_error stays from the first of them on: each kind has to be the first once.
  {
    name: 'the first image that goes wrong is short',
    of: 'with several beats an image',
    isPart: ({ input, pixelLanes }) => input.height * input.width * input.channels > pixelLanes,
    isReached: ({ events }) => events.firstWrong === 'short',
  },
  { name: 'the first image that goes wrong is long', isReached: ({ events }) => events.firstWrong === 'long' },
  {
    name: 'the first image that goes wrong is marked as bad',
    isReached: ({ events }) => events.firstWrong === 'marked',
  },
  { name: 'an image is dropped with others behind it', isReached: ({ events }) => events.droppedAmongOthers > 0 },
];

/** Images that can be in a core at once: two in each buffer, one in each engine, one in the readout. */
export function imagesInside(layers: number): number {
  return 3 * layers + 2;
}

/** Who watches whether images move on, and says when none is taken. */
type GuardMonitors = Pick<NonNullable<Monitors>, 'progress' | 'closed'>;

/** The pixels' way into the core, and the answers' way out of it; with the monitors' ends that are there. */
export function imageGuard({ name, pixelLanes, layers }: Plan, { progress, closed }: GuardMonitors) {
  const beatBits = pixelLanes * pixelBits;
  const ports = {
    ...clocked,
    sAxis: flip(axiStream(uint(beatBits), { user: 'with the last pixel: drop the image' })),
    pixels: pixelLink(beatBits),
    answers: flip(axiStream(sint(resultBits))),
    mAxis: axiStream(sint(resultBits)),
    imageDropped: output(bool(), 'one clock: an image was dropped'),
    frameError: output(bool(), 'an image did not end where it should, since reset'),
    progress: when(progress !== undefined, flip(progressLink())),
    closed: when(closed !== undefined, input(bool(), 'no image begins')),
  };
  return component(`${name}_image_guard`, ports, (m, io) => {
    m.doc(
      'Drops an image that is too short, too long or marked as bad: it is filled up with zeros, or the rest is swallowed, and its answer is not shown. The next image is right.',
    );
    const { sAxis, pixels, answers, mAxis } = io;
    const { tlast: last, tuser: marked = lit(0, bool()) } = sAxis;
    const { committed } = pixels;
    const begun = m.register('image_begun', bool(), { reset: 0, doc: 'part of an image has come' });
    const padding = m.register('padding', bool(), { reset: 0, doc: 'a short image is filled up' });
    const skimming = m.register('skimming', bool(), { reset: 0, doc: 'the rest of a long image is swallowed' });
    const errorSeen = m.outputRegister(io.frameError, { reset: 0 });
    const dropWaits = m.register('drop_waits', bool(), { reset: 0, doc: 'an image to be dropped is in the core' });

    m.section('Pixels');
    m.comment('After an image that is to be dropped the next one waits until it has left.');
    const mayBegin = io.closed ? dropWaits.or(io.closed).not() : dropWaits.not();
    const room = pixels.free.and(begun.or(mayBegin));
    const accepts = m.name('accepts', padding.not().and(skimming.or(room)));
    const beat = m.name('beat', sAxis.tvalid.and(accepts));
    const pixel = m.name('pixel', beat.and(skimming.not()));
    m.assign(sAxis.tready, accepts);
    m.assign(pixels.push, pixel.or(padding));
    m.assign(pixels.data, mux(padding, 0, sAxis.tdata));
    const wrong = m.name('wrong', pixel.and(mux(committed, last.not().or(marked), last)));
    m.when(wrong, () => m.next(errorSeen, 1));
    m.when(pixel, () => m.next(begun, committed.not())).elseWhen(padding.and(committed), () => m.next(begun, 0));
    m.when(padding, () => m.next(padding, committed.not())).elseWhen(wrong.and(committed.not()), () =>
      m.next(padding, 1),
    );
    m.when(skimming, () => m.next(skimming, beat.and(last).not())).elseWhen(pixel.and(committed).and(last.not()), () =>
      m.next(skimming, 1),
    );

    m.section('Answers');
    const spoilt = m.name('spoilt', committed.and(padding.or(wrong)));
    const image = { answer: answers.tvalid, last: answers.tlast, taken: mAxis.tready, committed, spoilt };
    const { hides, leaves, inFlight, moves } = hiding(m, dropWaits, imagesInside(layers.length), image);
    m.assign(answers.tready, mAxis.tready.or(hides));
    m.assign(mAxis.tvalid, answers.tvalid.and(hides.not()));
    m.assign(mAxis.tdata, answers.tdata);
    m.assign(mAxis.tlast, answers.tlast);
    m.assign(io.imageDropped, hides.and(leaves));
    if (!io.progress) return;
    m.assign(io.progress.busy, begun.or(inFlight.notEquals(0)));
    m.assign(io.progress.moves, beat.or(padding).or(moves));
  });
}

interface ImageEvents {
  /** A beat of an answer is there, the answer's last one; it is taken. */
  readonly answer: Bool;
  readonly last: Bool;
  readonly taken: Bool;
  /** An image is complete; it is one that must be dropped. */
  readonly committed: Bool;
  readonly spoilt: Bool;
}

/** Counts the images in the core, so that the answer of the one to be dropped is known. */
function hiding(
  m: ModuleBuilder,
  dropWaits: Bool,
  most: number,
  { answer, last, taken, committed, spoilt }: ImageEvents,
) {
  const type = uint(unsignedBits(most));
  const inFlight = m.register('in_flight', type, { reset: 0, doc: 'complete images without an answer' });
  const dropAfter = m.register('drop_after', type, { reset: 0, doc: 'answers that come before its own' });
  const hides = m.name('hides', dropWaits.and(dropAfter.equals(0)));
  const moves = m.name('answer_taken', answer.and(taken.or(hides)));
  const leaves = m.name('image_leaves', moves.and(last));
  m.when(committed.and(leaves.not()), () => m.next(inFlight, inFlight.addWrap(1))).elseWhen(
    leaves.and(committed.not()),
    () => m.next(inFlight, inFlight.subWrap(1)),
  );
  m.when(spoilt, () => {
    m.next(dropWaits, 1);
    m.next(dropAfter, mux(leaves, inFlight.subWrap(1), inFlight));
  }).elseWhen(leaves.and(dropWaits), () => {
    m.when(hides, () => m.next(dropWaits, 0)).otherwise(() => m.next(dropAfter, dropAfter.subWrap(1)));
  });
  return { hides, leaves, inFlight, moves };
}
