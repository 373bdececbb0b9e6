/** What is read can be built: there is a core of every accepted file, and behind layers that could not stay convolutions it does what the golden model does. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadDesign } from '../../src/app/index.ts';
import { type CoreDesign, planCore } from '../../src/core/index.ts';
import { SpinfireError } from '../../src/errors/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { differenceInInterpreter } from '../sim/interpreted.ts';
import { slice } from '../slice.ts';
import { tools, zooEntries } from './zoo.ts';

type PixelEncoding = Plan['encoding']['kind'];

const io = { cwd: fileURLToPath(new URL('.', import.meta.url)) };
const accepted = tools.flatMap((tool) =>
  zooEntries(tool)
    .filter(({ refused }) => refused === undefined)
    .map(({ file }) => `${tool}/${file}`),
);
const encodings: readonly PixelEncoding[] = ['bernoulli', 'direct'];

/** Of networks that take pixels past their first neurons, by the table of features. */
const knownReason = /^a skip connection from the input and direct encoding do not go together/;

async function designOf(file: string, encoding: PixelEncoding): Promise<CoreDesign> {
  return loadDesign(`${file}.onnx`, { encoding, timeSteps: 3, maxTimeSteps: 9 }, io);
}

const planOf = async (file: string, encoding: PixelEncoding) => planCore(await designOf(file, encoding));

/** Few lanes: the interpreter works on each. */
async function smallPlanOf(file: string, encoding: PixelEncoding): Promise<Plan> {
  const design = await designOf(file, encoding);
  return planCore({ ...design, options: { ...design.options, timeLanes: 2, fit: { lanes: 24 } } });
}

it.each(encodings.slice(0, slice(1, encodings.length)))(
  'there is a core of every accepted file, pixels %s',
  async (encoding) => {
    const problems: string[] = [];
    for (const file of accepted) {
      try {
        createCycleModel(await planOf(file, encoding));
      } catch (error) {
        if (!(error instanceof SpinfireError)) throw error;
        if (encoding === 'bernoulli' || !knownReason.test(error.message)) problems.push(`${file}: ${error.message}`);
      }
    }
    expect(accepted.length).toBeGreaterThan(300);
    expect(problems).toEqual([]);
  },
  240_000,
);

it.each(
  ['circular_pooled', 'circular_mean', 'decoder', 'unflatten', 'conv_pad_circular', 'upsample'].slice(0, slice(3, 6)),
)(
  'hardware of %s does what the golden model does',
  async (name) => {
    for (const encoding of encodings) {
      const plan = await smallPlanOf(`torch-dynamo/${name}`, encoding);
      expect(plan.layers.slice(1).every(({ kind }) => kind === 'dense')).toBe(true);
      expect(await differenceInInterpreter(plan, 3)).toBeUndefined();
    }
  },
  120_000,
);
