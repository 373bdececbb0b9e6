/** The plan as a file: `plan.json` beside the Verilog. Read by whoever checks or runs the core. */
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import type { Plan } from '../../plan/index.ts';

const count = z.number().int().min(0);
const positive = z.number().int().min(1);
const shape = z.strictObject({ height: positive, width: positive, channels: positive });
const rows = z.array(z.array(z.number().int()));
const stream = z.strictObject({
  taps: z.array(count),
  leap: positive,
  seed: positive,
  wordsPerTimeStep: positive,
});
const integers = z.array(z.number().int());
const variation = z.strictObject({
  ...{ gain: integers, offset: integers, stuck: integers, gainBits: positive, offsetBits: positive },
});
const device = z.strictObject({
  phases: z
    .strictObject({ fast: z.boolean(), writeClocks: count, readClocks: count, resetClocks: count })
    .exactOptional(),
  counters: z.literal(true).exactOptional(),
  loadTable: z.literal(true).exactOptional(),
  faults: z.strictObject({ missed: count, falseRead: count, failedReset: count }).exactOptional(),
  selfTest: z.literal(true).exactOptional(),
});
const layer = z.strictObject({
  name: z.string(),
  kind: z.enum(['convolution', 'dense']),
  engine: z.enum(['window', 'event', 'wide']),
  input: shape,
  output: shape,
  kernelHeight: positive,
  kernelWidth: positive,
  strideY: positive,
  strideX: positive,
  padTop: count,
  padLeft: count,
  padBottom: count,
  padRight: count,
  pool: z.strictObject({ height: positive, width: positive }).exactOptional(),
  inputMax: positive,
  valueBits: positive,
  weightBits: positive,
  fractionBits: z.number().int(),
  weights: rows,
  bias: z.array(z.number().int()),
  biasRows: rows,
  biasValue: positive,
  accumulatorBits: positive,
  outputLanes: positive,
  positionLanes: positive,
  inputLanes: positive.exactOptional(),
  inputBanks: z.literal(1).exactOptional(),
  timeLanes: positive,
  activation: z
    .strictObject({ table: z.array(count), tableShift: z.number().int(), tableOffset: z.number().int() })
    .exactOptional(),
  neurons: z
    .strictObject({
      stream,
      table: z.array(count),
      tableShift: z.number().int(),
      tableOffset: z.number().int(),
      trim: z.strictObject({ gain: count, offset: z.number().int() }).exactOptional(),
      variation: variation.exactOptional(),
      faultStream: stream.exactOptional(),
    })
    .exactOptional(),
});
const plan: z.ZodType<Plan> = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  input: shape,
  encoding: z.enum(['bernoulli', 'direct']),
  activation: z.literal('integer').exactOptional(),
  pixelLanes: positive.exactOptional(),
  imageBanks: z.literal(1).exactOptional(),
  inputStream: stream.exactOptional(),
  timeSteps: z.strictObject({
    max: positive,
    lanes: positive,
    default: positive,
    seeding: z.literal('draw').exactOptional(),
  }),
  earlyExit: z.literal(true).exactOptional(),
  layers: z.array(layer).min(1),
  readout: z.strictObject({ kind: z.enum(['potential', 'count']), classes: positive, scoreBits: positive }),
  device: device.exactOptional(),
  seed: count,
});

export const planFileName = 'plan.json';

/** One line for each row of numbers, so that a change of weights reads well in a diff. */
export function writePlan(value: Plan): string {
  return `${JSON.stringify(value, undefined, 1).replace(/\[\s+(?=-?\d)([^[\]]*?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;
}

/** @throws badInput with the place in the file that is wrong */
export function readPlan(text: string, fileName: string): Plan {
  const help = 'write the folder again with spinfire build';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badInput('the plan is not JSON', { where: fileName, found: (cause as Error).message, help }, cause);
  }
  const result = plan.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = `${fileName}, at ${issue?.path.map(String).join('.') || 'its top'}`;
  throw badInput('the plan is not one of this version', { where, found: issue?.message ?? '', help });
}
