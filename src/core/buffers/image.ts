/** The buffer of images in front of the core (docs/microarchitecture.md, "Frame buffer"). */
import { component, flip, input, uint } from '../../hdl/index.ts';
import { clocked, imageLink, pixelLink } from '../links/index.ts';
import { frameAddressBits, frameStorage, type Storage } from './frame.ts';

export interface ImageBufferOptions extends Omit<Storage, 'name'> {
  readonly stepBits: number;
  /** An image can be read while it comes: it is ready with its first element, and `written` tells of each. */
  readonly early: boolean;
}

export function imageBuffer(options: ImageBufferOptions) {
  const { core, geometry, elementBits, laneOffsets, stepBits, early } = options;
  const bits = { steps: stepBits, word: elementBits, address: frameAddressBits(geometry) };
  const ports = {
    ...clocked,
    pixels: flip(pixelLink(elementBits)),
    steps: input(uint(stepBits), 'time steps of the image, with its first element'),
    image: imageLink(bits, laneOffsets.length, early),
  };
  return component(`${core}_image_buffer`, ports, (m, io) => {
    m.doc(options.banks === 1 ? 'One image.' : 'Two images: one arrives while the other is worked on.');
    const { image, pixels } = io;
    const { push, data } = pixels;
    const { address, release } = image;
    const stored = frameStorage(
      m,
      { ...options, name: `${core}_image_buffer`, alone: true },
      { push, data, address, release },
    );
    const atFirst = m.name('at_first', stored.position.equals(stored.start));
    m.assign(pixels.free, stored.free);
    m.assign(pixels.committed, stored.commits);
    const full = early ? m.name('image_full', stored.full) : stored.full;
    // A bank that is read before it is full is the one being written.
    m.assign(image.ready, early ? full.or(atFirst.not()) : full);
    if (image.written) m.assign(image.written, full.or(address.lessThan(stored.position)));
    m.assign(image.steps, stored.hold('steps', io.steps, m.name('takes_steps', push.and(atFirst))));
    m.assign(image.words, stored.words);
  });
}
