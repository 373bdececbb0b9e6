/** The buffer of images in front of the core (docs/microarchitecture.md, "Frame buffer"). */
import { component, flip, input, uint } from '../../hdl/index.ts';
import { type Plan, unsignedBits } from '../../plan/index.ts';
import { pixelBits } from '../encoding/passes.ts';
import { clocked, imageLink, pixelLink } from '../links/index.ts';
import { frameAddressBits, frameStorage, type Storage } from './frame.ts';

/** How images are kept. */
export interface ImageOptions extends Pick<Storage, 'geometry' | 'laneOffsets'> {
  /** An image can be read while it comes: it is ready with its first element, and `written` tells of each. */
  readonly early: boolean;
}

export function imageBuffer(plan: Plan, { geometry, laneOffsets, early }: ImageOptions) {
  const name = `${plan.name}_image_buffer`;
  const elementBits = plan.pixelLanes * pixelBits;
  const storage = { core: plan.name, name, geometry, elementBits, banks: plan.imageBanks, laneOffsets, alone: true };
  const stepBits = unsignedBits(plan.timeSteps.max);
  const bits = { steps: stepBits, word: elementBits, address: frameAddressBits(geometry) };
  const ports = {
    ...clocked,
    pixels: flip(pixelLink(elementBits)),
    steps: input(uint(stepBits), 'time steps of the image, with its first element'),
    image: imageLink(bits, laneOffsets.length, early),
  };
  return component(name, ports, (m, io) => {
    m.doc(plan.imageBanks === 1 ? 'One image.' : 'Two images: one arrives while the other is worked on.');
    const { image, pixels } = io;
    const { push, data } = pixels;
    const { address, release, words } = image;
    const stored = frameStorage(m, storage, { push, data, address, release, words });
    const atFirst = m.name('at_first', stored.position.equals(stored.start));
    m.assign(pixels.free, stored.free);
    m.assign(pixels.committed, stored.commits);
    const full = early ? m.name('image_full', stored.full) : stored.full;
    // A bank that is read before it is full is the one being written.
    m.assign(image.ready, early ? full.or(atFirst.not()) : full);
    if (image.written) m.assign(image.written, full.or(address.lessThan(stored.position)));
    m.assign(image.steps, stored.hold('steps', io.steps, m.name('takes_steps', push.and(atFirst))));
  });
}
