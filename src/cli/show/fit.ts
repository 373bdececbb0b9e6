/** What fitting a network to its device and to few bits did. */
import { z } from 'zod';
import { type Fitted, percent } from '../../app/index.ts';
import { textTable } from '../../report/index.ts';

const pair = z.object({ before: z.number(), after: z.number() });

export const fitJson = z.object({
  images: z.number().describe('that the fit looked at'),
  heldOut: z.number().describe('images that it did not see: it is judged by them'),
  taken: z.boolean().describe('it gains on those; else the numbers stay as they were'),
  agreement: pair.describe("share of those with the float network's class"),
  accuracy: z
    .object({ float: z.number(), before: z.number(), after: z.number() })
    .optional()
    .describe('share of right answers, where they have labels'),
  layers: z.array(
    z.object({
      name: z.string(),
      rms: pair.optional().describe("difference of the neurons' spike rates from the float network's activations"),
      gain: z.array(z.number()).describe('least and most of its channels'),
      offset: z.array(z.number()),
      bits: z.number().optional().describe('with `--accuracy-budget`'),
      weightError: z.number().optional().describe('of the weights, relative, root mean square'),
    }),
  ),
  bits: z
    .object({ images: z.number(), right: pair, ofLabels: z.boolean() })
    .optional()
    .describe(
      'with `--accuracy-budget`: answers on held-out images with the bits of the start and with those that were found',
    ),
});

export function fittedJson({ curve, bits }: Fitted): z.output<typeof fitJson> | undefined {
  if (curve === undefined) return undefined;
  const { images, heldOut, taken, agreement, accuracy, layers } = curve;
  return {
    ...{ images, heldOut, taken, agreement },
    ...(accuracy === undefined ? {} : { accuracy }),
    layers: layers.map(({ gain, offset, ...rest }, index) => ({
      ...rest,
      ...{ gain: [...gain], offset: [...offset] },
      ...(bits === undefined ? {} : { bits: bits.layers[index]!.bits, weightError: bits.layers[index]!.weightError }),
    })),
    ...(bits === undefined ? {} : { bits: { images: bits.images, right: bits.right, ofLabels: bits.ofLabels } }),
  };
}

export function showFit({ curve, bits }: Fitted): string[] {
  if (curve === undefined) return [];
  const { images, heldOut, taken, agreement, accuracy, layers } = curve;
  const ends = ([low, high]: readonly [number, number]) =>
    high - low < 5e-3 ? low.toFixed(2) : `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return [
    textTable({
      title: `fitted to the device on ${images} images`,
      columns: [
        'layer',
        'gain',
        'offset',
        'rates off by (rms)',
        'after',
        ...(bits === undefined ? [] : ['bits', 'weights off by']),
      ],
      rows: layers.map(({ name, gain, offset, rms }, index) => [
        ...[name, ends(gain), ends(offset), rms?.before.toFixed(3) ?? '', rms?.after.toFixed(3) ?? ''],
        ...(bits === undefined ? [] : [`${bits.layers[index]!.bits}`, percent(bits.layers[index]!.weightError, 1)]),
      ]),
    }),
    `the float network's class on ${percent(agreement.before, 1)} of ${heldOut} held-out images before, ${percent(agreement.after, 1)} after`,
    ...(accuracy === undefined
      ? []
      : [
          `right: ${percent(accuracy.float, 1)} float, ${percent(accuracy.before, 1)} before, ${percent(accuracy.after, 1)} after`,
        ]),
    ...(taken ? [] : ['not taken: it gains nothing on images that it did not see; the numbers stay as they were']),
    ...(bits === undefined
      ? []
      : [
          `fewer bits: ${percent(bits.right.before, 2)} ${bits.ofLabels ? 'right' : "the float network's class"} before, ${percent(bits.right.after, 2)} after, on ${bits.images} held-out images`,
        ]),
  ];
}
