/**
 * The links between the blocks of a core, each declared as the block sees it that gives. From left to right:
 * image -> encoder -> pass -> buffer -> frame -> engine -> potentials -> neurons -> pass -> pool -> pass -> the next layer's buffer.
 */
import { bool, clock, type EndOf, input, link, output, reset, uint, when } from '../../hdl/index.ts';
import type { CoreShape, Stage } from '../stage.ts';

/** Clock and reset of a block. */
export const clocked = { clk: clock(), rst: reset() } as const;

type PassShape = Pick<CoreShape, 'passLanes' | 'imageBits'>;

/** What goes with a pass from block to block. */
function passHead({ passLanes, imageBits }: PassShape) {
  return {
    active: output(uint(passLanes), 'time lanes in use in this pass'),
    last: output(bool(), "the pass is the image's last"),
    image: when(imageBits !== undefined, output(uint(imageBits ?? 1), "number of the pass's image")),
  };
}

/** A pass, one element a clock: spikes, counts or values on their way to a buffer. */
export function passLink(shape: PassShape, dataBits: number) {
  return link('pass', {
    push: output(bool(), 'an element; only while free'),
    data: output(uint(dataBits), 'of all time lanes, the first in the low bits'),
    ...passHead(shape),
    free: input(bool(), 'a frame can be taken'),
    committed: input(bool(), 'this element completes the frame'),
  });
}

/** Pixels on their way into the image buffer. */
export function pixelLink(beatBits: number) {
  return link('pixels', {
    push: output(bool(), 'writes the next pixels; only while free'),
    data: output(uint(beatBits), 'pixels, the first in the low bits'),
    free: input(bool(), 'the image buffer has room'),
    committed: input(bool(), 'this push completes an image'),
  });
}

const laneDoc = 'an element for each position lane, the first in the low bits';

/** A whole image for the block that makes passes of it. */
export function imageLink(
  bits: { readonly steps: number; readonly word: number; readonly address: number },
  words: number,
  early: boolean,
) {
  return link('image', {
    ready: output(bool(), early ? 'an image is there, or has begun to come' : 'an image is there'),
    written: when(early, output(bool(), 'the element at the address is there')),
    steps: output(uint(bits.steps), 'time steps of this image'),
    words: output(uint(words * bits.word), laneDoc),
    address: input(uint(bits.address), 'of the element; its word is there a clock later'),
    release: input(bool(), 'the image is over'),
  });
}

/** A frame that an engine reads at addresses of its own, for each position lane one element. */
export function frameLink(shape: PassShape, bits: { readonly word: number; readonly address: number }, lanes: number) {
  return link('frame', {
    ready: output(bool(), 'a frame waits'),
    ...passHead(shape),
    words: output(uint(lanes * bits.word), laneDoc),
    address: input(uint(bits.address), 'of the element; its word is there a clock later'),
    release: input(bool(), 'the frame has been read'),
  });
}

/** The elements of a frame that are not zero, with their numbers. */
export function eventLink(
  shape: PassShape,
  bits: { readonly data: number; readonly index: number; readonly count: number },
) {
  return link('events', {
    ready: output(bool(), 'a list waits'),
    ...passHead(shape),
    count: output(uint(bits.count), 'events of the list'),
    index: output(uint(bits.index), 'which element it was'),
    data: output(uint(bits.data), 'of all time lanes, the first in the low bits'),
    address: input(uint(bits.index), 'of the element; its word is there a clock later'),
    release: input(bool(), 'the list has been read'),
  });
}

/** How neurons and engine agree on the beginning of a pass and on the time of a draw. */
export interface Handshake {
  /** The neurons rest between passes: a pass waits for it. */
  readonly rests: boolean;
  /** Their streams are loaded with start states as a pass begins. */
  readonly loads: boolean;
  /** They can make the engine wait between two draws. */
  readonly waits: boolean;
}

/** Potentials as they leave an engine, one neuron a draw, all time lanes side by side. */
export function potentialsLink(
  { layer, ...shape }: Pick<Stage, 'layer' | 'passLanes' | 'imageBits'>,
  { rests, loads, waits }: Handshake,
) {
  return link('potentials', {
    start: when(loads, output(bool(), 'a pass begins')),
    startLast: when(loads, output(bool(), "it is the image's last")),
    newImage: when(rests && shape.imageBits !== undefined, output(bool(), 'the image before is over')),
    draw: output(bool(), "the potentials are a neuron's"),
    ...passHead(shape),
    lanes: output(uint(layer.timeLanes * layer.accumulatorBits), 'of all time lanes, the first in the low bits'),
    free: input(bool(), 'a frame of spikes can be taken'),
    committed: input(bool(), 'the frame of spikes is complete'),
    resting: when(rests, input(bool(), 'a pass can begin')),
    loading: when(loads, input(bool(), 'no words yet')),
    busy: when(waits, input(bool(), 'the last draw is not over')),
  });
}

/** Inputs of a window that go on unchanged, one channel a push. */
export function carryLink(dataBits: number) {
  return link('carry', {
    push: output(bool(), 'an input that is handed on; only in their turn'),
    data: output(uint(dataBits), 'of all time lanes, the first in the low bits'),
    turn: input(bool(), 'the neurons of the position before have all come'),
  });
}
export type CarryIn = EndOf<ReturnType<typeof carryLink>, 'from'>;
export type CarryOut = EndOf<ReturnType<typeof carryLink>, 'to'>;

/** The readout's word that an image is answered: early exit. */
export function decisionLink(imageBits: number) {
  return link('decision', {
    decided: output(bool(), 'an image has its answer, the rest of it is dropped'),
    image: output(uint(imageBits), 'its number'),
  });
}

export type PassIn = EndOf<ReturnType<typeof passLink>, 'from'>;
export type PassOut = EndOf<ReturnType<typeof passLink>, 'to'>;
export type PotentialsIn = EndOf<ReturnType<typeof potentialsLink>, 'from'>;
export type PotentialsOut = EndOf<ReturnType<typeof potentialsLink>, 'to'>;
export type DecisionIn = EndOf<ReturnType<typeof decisionLink>, 'from'>;
export type FrameIn = EndOf<ReturnType<typeof frameLink>, 'from'>;
export type ImageIn = EndOf<ReturnType<typeof imageLink>, 'from'>;

/** The input of a block with random words by which these pass over an image. */
export function skipPort() {
  return input(bool(), 'the random words go on to the next image');
}
