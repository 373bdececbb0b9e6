/** Keeps images in step with their frames, whatever the stream brings (docs/microarchitecture.md, "Image guard"). */
import { bool, defineModule, type ModuleDefinition, mux, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';

export interface ImageGuardOptions {
  readonly core: string;
  readonly beatBits: number;
  readonly layers: number;
}

/** Images that can be in a core at once: two in each buffer, one in each engine, one in the readout. */
export function imagesInside(layers: number): number {
  return 3 * layers + 2;
}

export function imageGuard({ core, beatBits, layers }: ImageGuardOptions): ModuleDefinition {
  return defineModule(`${core}_image_guard`, (m) => {
    m.doc(
      'Drops an image that is too short, too long or marked as bad: it is filled up with zeros, or the rest is swallowed, and its answer is not shown. The next image is right.',
    );
    m.clock('clk');
    m.reset('rst');
    const data = m.input('s_axis_tdata', uint(beatBits));
    const valid = m.input('s_axis_tvalid', bool());
    const ready = m.output('s_axis_tready', bool());
    const last = m.input('s_axis_tlast', bool());
    const user = m.input('s_axis_tuser', bool());
    const push = m.output('push', bool());
    const pushData = m.output('push_data', uint(beatBits));
    const free = m.input('free', bool(), { doc: 'the image buffer has room' });
    const committed = m.input('committed', bool(), { doc: 'this push completes an image' });
    const answerValid = m.input('answer_valid', bool());
    const answerLast = m.input('answer_last', bool());
    const answerReady = m.output('answer_ready', bool());
    const outValid = m.output('m_axis_tvalid', bool());
    const outReady = m.input('m_axis_tready', bool());
    const dropped = m.output('image_dropped', bool());
    const frameError = m.output('frame_error', bool());

    const inside = m.register('image_begun', bool(), { reset: 0, doc: 'part of an image has come' });
    const padding = m.register('padding', bool(), { reset: 0, doc: 'a short image is filled up' });
    const skimming = m.register('skimming', bool(), { reset: 0, doc: 'the rest of a long image is swallowed' });
    const errorSeen = m.register('frame_error_seen', bool(), { reset: 0 });
    const flightType = uint(unsignedBits(imagesInside(layers)));
    const inFlight = m.register('in_flight', flightType, { reset: 0, doc: 'complete images without an answer' });
    const dropWaits = m.register('drop_waits', bool(), { reset: 0, doc: 'an image to be dropped is in the core' });
    const dropAfter = m.register('drop_after', flightType, { reset: 0, doc: 'answers that come before its own' });

    m.section('Pixels');
    m.comment('After an image that is to be dropped the next one waits until it has left.');
    const accepts = m.name('accepts', padding.not().and(skimming.or(free.and(inside.or(dropWaits.not())))));
    const beat = m.name('beat', valid.and(accepts));
    const pixel = m.name('pixel', beat.and(skimming.not()));
    m.assign(ready, accepts);
    m.assign(push, pixel.or(padding));
    m.assign(pushData, mux(padding, 0, data));
    const wrong = m.name('wrong', pixel.and(mux(committed, last.not().or(user), last)));
    m.when(wrong, () => m.next(errorSeen, 1));
    m.when(pixel, () => m.next(inside, committed.not())).elseWhen(padding.and(committed), () => m.next(inside, 0));
    m.when(padding, () => m.next(padding, committed.not())).elseWhen(wrong.and(committed.not()), () =>
      m.next(padding, 1),
    );
    m.when(skimming, () => m.next(skimming, beat.and(last).not())).elseWhen(pixel.and(committed).and(last.not()), () =>
      m.next(skimming, 1),
    );

    m.section('Answers');
    const hides = m.name('hides', dropWaits.and(dropAfter.equals(0)));
    const taken = m.name('answer_taken', answerValid.and(outReady.or(hides)));
    const leaves = m.name('image_leaves', taken.and(answerLast));
    const spoilt = m.name('spoilt', committed.and(padding.or(wrong)));
    m.assign(answerReady, outReady.or(hides));
    m.assign(outValid, answerValid.and(hides.not()));
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
    m.assign(dropped, hides.and(leaves));
    m.assign(frameError, errorSeen);
  });
}
