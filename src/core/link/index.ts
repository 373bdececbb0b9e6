/** The link of a plan's core as hardware. */
import { type Design, elaborate } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { imagesInside } from '../image-guard.ts';
import { busAddressBits, hasBus } from '../registers/map.ts';
import { linkEndpoint } from './endpoint.ts';
import type { LinkCore } from './parts.ts';

/** What a core on a board says of itself, and the speed and limits of its line. */
export interface LinkSettings {
  /** Which core this is. */
  readonly coreHash: number;
  readonly clockHz: number;
  /** What BOARD says. */
  readonly board: string;
  readonly clocksPerBit: number;
}

/** What the link must know of the core of a plan. */
export function linkCore(plan: Plan, settings: LinkSettings): LinkCore {
  const { height, width, channels } = plan.input;
  return {
    ...settings,
    name: plan.name,
    pixels: height * width * channels,
    classes: plan.readout.classes,
    timeSteps: { usual: plan.timeSteps.default, max: plan.timeSteps.max },
    exitMarginBits: plan.earlyExit === 'margin' ? plan.readout.scoreBits : undefined,
    imagesInside: imagesInside(plan.layers.length),
    credits: plan.imageBanks === 1 ? 1 : 2,
    skipClocks: skipClocks(plan),
    busBits: hasBus(plan) ? busAddressBits(plan) : undefined,
    hasMonitors: plan.monitors !== undefined,
    loads: plan.monitors?.load === true,
  };
}

/** Clocks of passing over an image: a seeder takes one for each time step, a stream without one draws all of its words. */
export function skipClocks({ timeSteps, seeding, encoding, layers }: Plan): number {
  const streams = [
    ...(encoding.kind === 'bernoulli' ? [encoding.stream] : []),
    ...layers.flatMap(({ neuron }) => ('stream' in neuron ? [neuron.stream] : [])),
  ];
  const words = seeding === 'none' ? Math.max(1, ...streams.map(({ wordsPerTimeStep }) => wordsPerTimeStep)) : 1;
  return timeSteps.max * words + 4;
}

/** The link's hardware, after all design rules. */
export function buildLink(core: LinkCore): Design {
  return elaborate(linkEndpoint(core));
}
