/** Images as passes of time steps. */
import { type Bool, flip, lit, type ModuleBuilder, mux, type UInt, uint, when } from '../../hdl/index.ts';
import { type StreamPlan, unsignedBits } from '../../plan/index.ts';
import { clocked, decisionLink, imageLink, passLink, skipPort } from '../links/index.ts';
import { lockupLink } from '../monitors/links.ts';
import { packed } from '../parts/fit.ts';
import type { CoreShape } from '../stage.ts';

export const pixelBits = 8;

export interface EncoderOptions extends CoreShape {
  readonly pixels: number;
  /** Pixels at once. */
  readonly pixelLanes: number;
  readonly stream: StreamPlan;
}

/** The ports of an encoder, whatever its streams. */
export function encoderPorts(options: EncoderOptions) {
  const { pixels, pixelLanes, passLanes, maxTimeSteps, imageBits } = options;
  const bits = {
    steps: unsignedBits(maxTimeSteps),
    word: pixelLanes * pixelBits,
    address: unsignedBits(pixels / pixelLanes - 1),
  };
  return {
    ...clocked,
    image: flip(imageLink(bits, 1, true)),
    pass: passLink(options, pixelLanes * passLanes),
    skipImage: skipPort(),
    lockup: when(options.guardsStreams, flip(lockupLink())),
    decision: when(imageBits !== undefined, flip(decisionLink(imageBits ?? 1))),
  };
}

export interface PassCounter {
  /** First time step of the pass, wide enough to add a lane's number to. */
  readonly firstStep: UInt;
  /** After a pass: to the next one, or after an image's last to its first. */
  readonly advance: (last: Bool) => void;
  /** To an image's first pass. */
  readonly restart: () => void;
}

/** There is no register where one pass is always enough. */
export function passCounter(m: ModuleBuilder, { passLanes, maxTimeSteps }: CoreShape): PassCounter {
  const passes = Math.ceil(maxTimeSteps / passLanes);
  const none = () => undefined;
  if (passes === 1) return { firstStep: lit(0, uint(unsignedBits(passLanes))), advance: none, restart: none };
  const firstStep = m.register('first_step', uint(unsignedBits((passes - 1) * passLanes)), { reset: 0 });
  return {
    firstStep,
    advance: (last) => m.next(firstStep, mux(last, 0, firstStep.addWrap(passLanes))),
    restart: () => m.next(firstStep, 0),
  };
}

/** Whether no time step is left after this pass. */
export function isLastPass(firstStep: UInt, steps: UInt, passLanes: number): Bool {
  const next = firstStep.addGrow(passLanes);
  const width = Math.max(next.width, steps.width);
  return next.extend(width).greaterOrEqual(steps.extend(width));
}

/** For each time lane: whether its time step is one of the image's `steps`. */
export function activeLanes(firstStep: UInt, steps: UInt, lanes: number): UInt {
  const active = Array.from({ length: lanes }, (_, lane) => {
    const step = firstStep.addGrow(lane);
    const width = Math.max(step.width, steps.width);
    return step.extend(width).lessThan(steps.extend(width));
  });
  return packed(active);
}
