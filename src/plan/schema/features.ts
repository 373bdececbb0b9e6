/**
 * What a core can have, and what of it does not go together: one table that refuses, and that the documentation and the command line
 * show. A pair has one reason and, in its words, what to leave out.
 */
import type { Plan } from './index.ts';

/** What a core is asked to have, as far as it matters to the table. */
export interface AskedFor {
  readonly encoding: 'bernoulli' | 'direct';
  readonly readout: 'potential' | 'count';
  /** Integer values in place of spikes. */
  readonly integer: boolean;
  /** Any of the device's behaviour. */
  readonly device: boolean;
  /** Junctions that flip by themselves. */
  readonly telegraph: boolean;
  readonly engines: readonly string[];
  readonly timeLanes: number;
  readonly maxTimeSteps: number;
  readonly pixelLanes: number;
  readonly seeding: 'seeder' | 'none';
  readonly earlyExit: 'none' | 'margin';
  /** Layers whose neurons draw words. */
  readonly spikingLayers: number;
  /** The first layer hands on the network's input, for a layer further on. */
  readonly carriesInput: boolean;
  readonly rateWatch: boolean;
  readonly lockupWatch: boolean;
  /** The host replaces weights and tables. */
  readonly loads: boolean;
}

interface Feature {
  /** As a noun, for messages and documentation. */
  readonly words: string;
  readonly isAsked: (asked: AskedFor) => boolean;
  /** How to do without it, as a phrase after "or". */
  readonly without: string;
  /** What on the command line asks for it, where one option does. */
  readonly option?: string;
}

const features = {
  integer: {
    words: 'integer values in place of spikes',
    isAsked: ({ integer }) => integer,
    without: 'leave out --activation integer',
    option: '--activation integer',
  },
  device: {
    words: 'device behaviour',
    isAsked: ({ device }) => device,
    without: 'leave out --realism',
    option: '--realism',
  },
  telegraph: {
    words: 'telegraphic neurons',
    isAsked: ({ telegraph }) => telegraph,
    without: 'leave out --sampling-ns',
    option: '--sampling-ns',
  },
  earlyExit: {
    words: 'early exit',
    isAsked: ({ earlyExit }) => earlyExit !== 'none',
    without: 'leave out --early-exit',
    option: '--early-exit',
  },
  unseeded: {
    words: 'streams without a seeder',
    isAsked: ({ seeding }) => seeding === 'none',
    without: "leave out seeding: 'none'",
  },
  bernoulli: {
    words: 'Bernoulli encoding',
    isAsked: ({ encoding }) => encoding === 'bernoulli',
    without: 'take --encoding direct',
  },
  directSpikes: {
    words: 'direct encoding',
    isAsked: ({ encoding, integer }) => encoding === 'direct' && !integer,
    without: 'take --encoding bernoulli',
    option: '--encoding direct',
  },
  count: {
    words: 'the count readout',
    isAsked: ({ readout }) => readout === 'count',
    without: 'take --readout potential',
    option: '--readout count',
  },
  timeLanes: {
    words: 'several time lanes',
    isAsked: ({ timeLanes }) => timeLanes > 1,
    without: 'take --time-lanes 1',
  },
  timeSteps: {
    words: 'several time steps',
    isAsked: ({ maxTimeSteps }) => maxTimeSteps > 1,
    without: 'take --timesteps 1 --max-timesteps 1',
  },
  onePass: {
    words: 'all time steps in one pass',
    isAsked: ({ timeLanes, maxTimeSteps }) => timeLanes >= maxTimeSteps,
    without: 'take fewer --time-lanes than --max-timesteps',
  },
  event: {
    words: 'an event engine',
    isAsked: ({ engines }) => engines.includes('event'),
    without: 'fold with window engines',
  },
  wide: {
    words: 'a wide engine',
    isAsked: ({ engines }) => engines.includes('wide'),
    without: 'fold with one input a clock',
  },
  pixelLanes: {
    words: 'several pixels a beat',
    isAsked: ({ pixelLanes }) => pixelLanes > 1,
    without: 'take --pixel-lanes 1',
    option: '--pixel-lanes',
  },
  encodedPixelLanes: {
    words: 'several pixels a beat through the encoder',
    isAsked: ({ pixelLanes, encoding }) => pixelLanes > 1 && encoding === 'bernoulli',
    without: 'take --pixel-lanes 1',
  },
  carriesInput: {
    words: 'a skip connection from the input',
    isAsked: ({ carriesInput }) => carriesInput,
    without: 'put a layer of neurons in front of it',
  },
  rateWatch: {
    words: 'a watch over spike rates',
    isAsked: ({ rateWatch }) => rateWatch,
    without: 'leave rate out of --monitors',
    option: '--monitors rate',
  },
  lockupWatch: {
    words: 'a watch over random streams',
    isAsked: ({ lockupWatch }) => lockupWatch,
    without: 'leave lockup out of --monitors',
    option: '--monitors lockup',
  },
  loads: {
    words: 'weights that the host loads',
    isAsked: ({ loads }) => loads,
    without: 'leave load out of --monitors',
    option: '--monitors load',
  },
  noSpikes: {
    words: 'a core without a layer of neurons',
    isAsked: ({ integer, spikingLayers }) => !integer && spikingLayers === 0,
    without: 'take --readout count',
  },
} satisfies Readonly<Record<string, Feature>>;

type FeatureName = keyof typeof features;

const noSpikes = 'an integer core has no spikes, no chance and one time step';

/** Pairs that no core can have, with the reason. The first of a pair is the one that a person most likely asked for by itself. */
const exclusions: readonly (readonly [FeatureName, FeatureName, string])[] = [
  ['integer', 'bernoulli', noSpikes],
  ['integer', 'timeSteps', noSpikes],
  ['integer', 'count', noSpikes],
  ['integer', 'earlyExit', noSpikes],
  ['integer', 'device', 'an integer core has no devices'],
  ['integer', 'telegraph', 'an integer core has no devices'],
  ['device', 'telegraph', 'a telegraphic junction is never written or reset'],
  ['integer', 'event', 'only window engines multiply by 8-bit values'],
  ['integer', 'wide', 'only window engines multiply by 8-bit values'],
  ['integer', 'pixelLanes', 'several pixels a beat want a wide engine'],
  ['earlyExit', 'onePass', 'an image that has one pass is never over before its last'],
  ['earlyExit', 'device', "a dropped pass would leave devices' states and counters in the middle of an image"],
  ['earlyExit', 'wide', "a wide engine's passes overlap, so that the one to drop has begun"],
  ['device', 'wide', "a wide engine does not wait for a device's phases"],
  ['carriesInput', 'directSpikes', 'pixels are no spikes, and are there once for all time steps'],
  ['carriesInput', 'pixelLanes', 'several pixels a beat want a wide engine, which hands nothing on'],
  ['device', 'noSpikes', 'there is no device to behave like'],
  ['rateWatch', 'integer', noSpikes],
  ['rateWatch', 'noSpikes', 'there is no spike to count'],
  [
    'rateWatch',
    'earlyExit',
    'the passes of an answered image break off, so that its layers have rates over different times',
  ],
  ['lockupWatch', 'integer', noSpikes],
  ['lockupWatch', 'unseeded', "the start state from which a stream is started again is the seeder's"],
  ['loads', 'earlyExit', 'engines go on with the passes of an image that is answered, and read while the host writes'],
  ['unseeded', 'timeLanes', 'only one lane ends a time step where the next begins'],
  ['unseeded', 'encodedPixelLanes', 'the encoder without a seeder draws one word a clock'],
];

/** The table for people: pairs in words, with the reason. */
export function featureTable(): { readonly one: string; readonly other: string; readonly reason: string }[] {
  return exclusions.map(([one, other, reason]) => ({
    one: features[one].words,
    other: features[other].words,
    reason,
  }));
}

/** What cannot be asked for beside an option of the command line (`--realism`, `--activation integer`): other options, or things in words. */
export function excludedBy(option: string): string[] {
  const name = (Object.keys(features) as FeatureName[]).find((key) => optionOf(key) === option);
  const others = exclusions.flatMap(([one, other]) => (one === name ? [other] : other === name ? [one] : []));
  return others.map((other) => optionOf(other) ?? features[other].words);
}

const optionOf = (name: FeatureName): string | undefined => (features[name] as Feature).option;

/** Two things of the table that are asked for at once. */
export interface Clash {
  /** Both, in words. */
  readonly things: readonly [string, string];
  readonly reason: string;
  /** What to leave out. */
  readonly help: string;
}

/** The first pair of the table that is asked for; undefined when all goes together. */
export function clashOf(asked: AskedFor): Clash | undefined {
  for (const [one, other, reason] of exclusions) {
    const [first, second]: readonly [Feature, Feature] = [features[one], features[other]];
    if (!first.isAsked(asked) || !second.isAsked(asked)) continue;
    return { things: [first.words, second.words], reason, help: `${second.without}, or ${first.without}` };
  }
  return undefined;
}

/** A finished plan in the terms of the table, so that one written by hand is judged by it, too. */
export function askedBy(plan: Plan): AskedFor {
  return {
    encoding: plan.encoding.kind,
    readout: plan.readout.kind,
    integer: plan.neuron.kind === 'integer',
    device: plan.neuron.kind === 'device',
    telegraph: plan.neuron.kind === 'telegraph',
    engines: plan.layers.map(({ engine }) => engine.kind),
    timeLanes: plan.timeSteps.lanes,
    maxTimeSteps: plan.timeSteps.max,
    ...{ pixelLanes: plan.pixelLanes, seeding: plan.seeding, earlyExit: plan.earlyExit },
    spikingLayers: plan.layers.filter(({ neuron }) => 'stream' in neuron).length,
    carriesInput: plan.layers[0]?.carry !== undefined,
    rateWatch: (plan.monitors?.rates ?? null) !== null,
    lockupWatch: plan.monitors?.lockup === true,
    loads: plan.monitors?.load === true,
  };
}
