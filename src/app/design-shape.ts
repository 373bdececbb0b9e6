/** What the value that a design file exports must be, before anything is made of it. */
import { inspect } from 'node:util';
import { z } from 'zod';
import type { CoreOptions } from '../core/index.ts';
import { costFamilies } from '../plan/index.ts';
import { monitorsShape } from './monitors.ts';
import { realismShape } from './realism.ts';

const size = z.int().positive();
const shape = z.object({ height: size, width: size, channels: size });
const numbers = z.custom<ArrayLike<number>>(
  (value) => ArrayBuffer.isView(value) || (Array.isArray(value) && value.every((each) => typeof each === 'number')),
  'expected numbers',
);
const weighted = { name: z.string(), input: shape, weights: numbers, bias: numbers, sigmoid: z.boolean() };
const pads = { padTop: z.int(), padLeft: z.int(), padBottom: z.int(), padRight: z.int() };
const window = { kernelHeight: size, kernelWidth: size, strideY: size, strideX: size, ...pads };

const flag = z.boolean().optional();
const count = z.int().positive().optional();
/** Checked where they are used, with the network at hand: here it is only that they are numbers. */
const number = z.number().optional();
const share = z.number().min(0).max(1);

/** `CoreOptions`: TypeScript is run without being checked, and a misspelt option would count for nothing. */
const optionShapes = {
  weightScale: z.enum(['layer', 'channel']).optional(),
  weightBits: z.union([z.number(), z.array(z.number())]).optional(),
  timeSteps: number,
  maxTimeSteps: number,
  timeLanes: number,
  pixelLanes: number,
  seeding: z.enum(['seeder', 'none']).optional(),
  imageBanks: z.union([z.literal(1), z.literal(2)]).optional(),
  folds: z
    .array(
      z.object({
        engine: z.union([
          z.object({ kind: z.literal('window'), inputBanks: size }),
          z.object({ kind: z.literal('event') }),
          z.object({ kind: z.literal('wide'), inputLanes: size }),
        ]),
        outputLanes: size,
        positionLanes: size,
      }),
    )
    .optional(),
  fit: z
    .strictObject({ luts: count, rams: count, cyclesPerImage: count, latencyCycles: count, lanes: count })
    .optional(),
  activity: z.union([share, z.array(z.record(z.string(), share))]).optional(),
  family: z.enum(costFamilies).optional(),
  earlyExit: flag,
  device: realismShape.optional(),
  monitors: monitorsShape.optional(),
  activation: z.literal('integer').optional(),
  seed: number,
  force: flag,
} satisfies Record<keyof CoreOptions, z.ZodType>;

/** As much of a design as tells it from what only looks like one; `defineCore` makes nothing else. */
const designShape = z.object({
  name: z.string(),
  network: z.object({
    input: shape,
    layers: z
      .array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('convolution'), ...weighted, ...window, output: shape }),
          z.object({ kind: z.literal('dense'), ...weighted, outputs: size }),
          z.object({
            ...{ kind: z.literal('averagePool'), name: z.string(), input: shape, output: shape },
            ...{ windowHeight: size, windowWidth: size },
          }),
        ]),
      )
      .min(1),
  }),
  curve: z.object({ name: z.string(), points: z.array(z.object({ currentA: z.number(), probability: z.number() })) }),
  readout: z.enum(['potential', 'count']),
  encoding: z.enum(['bernoulli', 'direct']),
  options: z.strictObject(optionShapes),
});

/** Undefined for a design; otherwise what it is instead. */
export function designProblem(value: unknown): string | undefined {
  if (value === undefined) return 'no default export';
  if (typeof value !== 'object' || value === null) return `a default export of another kind (${typeof value})`;
  try {
    const issue = designShape.safeParse(value).error?.issues[0];
    return issue && `an object whose ${issue.path.join('.')} is none of a design: ${issue.message}`;
  } catch (cause) {
    // Its own code is run when its parts are asked for.
    return `an object that cannot be read: ${cause instanceof Error ? cause.message : inspect(cause)}`;
  }
}
