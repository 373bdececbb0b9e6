/** Pixels straight into the first layer (docs/microarchitecture.md, "Direct input"). */
import { component, flip, when } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { type FrameGeometry, frameAddressBits } from '../buffers/frame.ts';
import { engineKindOf } from '../engines/index.ts';
import { clocked, decisionLink, frameLink, imageLink } from '../links/index.ts';
import { imageNumber } from '../parts/early-exit.ts';
import { type CoreShape, coreShape } from '../stage.ts';
import type { EncodingKind } from './contract.ts';
import { activeLanes, isLastPass, passCounter, pixelBits } from './passes.ts';

interface DirectOptions extends CoreShape {
  readonly geometry: FrameGeometry;
  readonly elementBits: number;
  /** Position lanes of the first layer. */
  readonly lanes: number;
}

/** An image as a frame of the first layer, read again for every pass. */
function directInput(options: DirectOptions) {
  const { core, passLanes, maxTimeSteps, imageBits, geometry, elementBits, lanes } = options;
  const bits = { steps: unsignedBits(maxTimeSteps), word: elementBits, address: frameAddressBits(geometry) };
  const ports = {
    // Without a second pass there is nothing to count.
    ...when(maxTimeSteps > passLanes, clocked),
    image: flip(imageLink(bits, lanes, false)),
    frame: frameLink(options, bits, lanes),
    decision: when(imageBits !== undefined, flip(decisionLink(imageBits ?? 1))),
  };
  return component(`${core}_direct`, ports, (m, io) => {
    m.doc("Direct encoding: the image itself is the first layer's frame, read again for every pass.");
    const { image, frame } = io;
    const passes = passCounter(m, options);
    const passLast = m.name('pass_is_last', isLastPass(passes.firstStep, image.steps, passLanes));
    const own = imageNumber(m, io.decision);
    const ends = own.number ? m.name('pass_ends_image', passLast.or(own.dropped)) : passLast;
    m.when(frame.release, () => {
      passes.advance(ends);
      m.when(ends, () => own.end());
    });
    m.assign(image.release, frame.release.and(ends));
    m.assign(image.address, frame.address);
    m.assign(frame.ready, image.ready);
    m.assign(frame.active, activeLanes(passes.firstStep, image.steps, passLanes));
    m.assign(frame.last, passLast);
    if (frame.image && own.number) m.assign(frame.image, own.number);
    m.assign(frame.words, image.words);
  });
}

export const directKind: EncodingKind = {
  isRandom: false,
  // The first layer reads the image itself, so the image carries that layer's padding.
  image: (_plan, first) => {
    const engine = engineKindOf(first.layer);
    return { geometry: engine.geometry(first), laneOffsets: engine.laneOffsets(first), early: false };
  },
  place: (m, plan, first, { image }) => {
    m.section('Direct input');
    const { geometry, laneOffsets } = directKind.image(plan, first);
    const lanes = laneOffsets.length;
    const options = { ...coreShape(plan), geometry, lanes, elementBits: plan.pixelLanes * pixelBits };
    return m.place('direct', directInput(options), { image });
  },
};
