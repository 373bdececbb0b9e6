/** The ports of a core. */
import { axiStream, bool, flip, type Inside, input, output, sint, uint, when, wishbone } from '../hdl/index.ts';
import { type Plan, unsignedBits } from '../plan/index.ts';
import { pixelBits } from './encoding/passes.ts';
import { clocked } from './links/index.ts';
import { resultBits } from './readout/index.ts';
import { busAddressBits, hasBus } from './registers/map.ts';

/** Clock and reset, images in, answers out, settings, and a register bus where neurons are devices or something watches. */
export function corePorts(plan: Plan) {
  const { pixelLanes, timeSteps, monitors } = plan;
  const pixels =
    pixelLanes === 1 ? 'pixels, row by row' : `${pixelLanes} pixels, row by row, the first in the low bits`;
  const margin = 'answers an image when the best class leads by so much; all ones: never before its last time step';
  const closed = 'no image is taken: memories are loaded or checked; LOAD tells';
  return {
    ...clocked,
    timeSteps: input(uint(unsignedBits(timeSteps.max)), 'time steps of the image that begins now'),
    exitMargin: when(plan.earlyExit === 'margin', input(uint(plan.readout.scoreBits), margin)),
    sAxis: flip(
      axiStream(uint(pixelLanes * pixelBits), {
        data: pixels,
        last: 'last pixel of the image',
        user: 'with the last pixel: drop the image',
      }),
    ),
    mAxis: axiStream(sint(resultBits), { data: 'scores of the classes, then the class', last: 'the class' }),
    frameError: output(bool(), 'an image did not end where it should, since reset'),
    imageDropped: output(bool(), 'one clock for each image that was dropped'),
    skipImage: input(bool(), 'one clock, while the core is empty: the random streams go on to the next image'),
    wb: when(hasBus(plan), flip(wishbone(busAddressBits(plan)))),
    alarm: when(monitors !== undefined, output(bool(), 'something abnormal has been seen; STATUS tells what')),
    closed: when(monitors?.load === true, output(bool(), closed)),
  };
}

/** What the description of a core sees of them. */
export type CoreIo = Inside<ReturnType<typeof corePorts>>;
