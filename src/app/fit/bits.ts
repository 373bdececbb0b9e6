/** The fewest bits for each layer's weights that keep the accuracy on some images. */
import { type CoreDesign, coreDefaults, quantiseCore } from '../../core/index.ts';
import { classifyImages } from '../../golden/index.ts';
import { forwardFloat, quantisationLoss } from '../../network/index.ts';
import type { Report } from '../context.ts';
import type { LoadedImages } from '../images.ts';
import { plainPlan } from '../plain-plan.ts';

/** The narrowest weights, layer by layer, that keep the accuracy within the budget. */
export interface BitSearch {
  readonly design: CoreDesign;
  readonly images: number;
  /** Right answers, or where there are no labels those of the float network: with the bits of the start, and with those that were found. */
  readonly right: { readonly before: number; readonly after: number };
  readonly ofLabels: boolean;
  readonly layers: readonly { readonly name: string; readonly bits: number; readonly weightError: number }[];
}

const mostImages = 2000;
const fewestBits = 2;

/**
 * Lowers the bits of all layers together, then of each by itself, as long as the share of right answers loses no more than `budget` (0..1). The
 * seed stays, so that what differs is the rounding.
 */
export async function searchBits(
  design: CoreDesign,
  data: LoadedImages,
  budget: number,
  report: Report = () => {},
): Promise<BitSearch> {
  const size = data.pixels.length / data.count;
  const count = Math.min(data.count, mostImages);
  const pixels = data.pixels.subarray(0, count * size);
  const targets =
    data.labels ??
    Uint8Array.from({ length: count }, (_, i) => floatClass(design, pixels.subarray(i * size, (i + 1) * size)));
  const weights = design.network.layers.flatMap((layer) =>
    layer.kind === 'averagePool' ? [] : [layer.weights.length],
  );
  const given = design.options.weightBits ?? coreDefaults.weightBits;
  let bits: readonly number[] = typeof given === 'number' ? weights.map(() => given) : given;
  const withBits = (widths: readonly number[]) => ({ ...design, options: { ...design.options, weightBits: widths } });
  const rightWith = async (widths: readonly number[]) => {
    const plan = plainPlan(withBits(widths));
    const timeSteps = plan.timeSteps.default;
    const { classes } = await classifyImages(plan, pixels, { timeSteps });
    let right = 0;
    for (let i = 0; i < count; i += 1) if (classes[(i + 1) * timeSteps - 1] === targets[i]) right += 1;
    return right / count;
  };
  const before = await rightWith(bits);
  let after = before;
  const tryBits = async (widths: readonly number[]) => {
    if (widths.some((width) => width < fewestBits)) return false;
    const right = await rightWith(widths);
    if (right < before - budget) return false;
    [bits, after] = [widths, right];
    return true;
  };
  while (await tryBits(bits.map((width) => width - 1))) report(0.3, bits.join(', '));
  const order = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]!);
  for (const [done, layer] of order.entries()) {
    report(0.4 + (0.6 * done) / order.length, bits.join(', '));
    while (await tryBits(bits.map((width, index) => (index === layer ? width - 1 : width))));
  }
  const found = withBits(bits);
  const losses = quantisationLoss(design.network, quantiseCore(found));
  return {
    ...{ design: found, images: count, right: { before, after }, ofLabels: data.labels !== undefined },
    layers: losses.map(({ name, relativeRmsError }, i) => ({ name, bits: bits[i]!, weightError: relativeRmsError })),
  };
}

function floatClass({ network }: CoreDesign, pixels: Uint8Array): number {
  const scores = forwardFloat(
    network,
    Float64Array.from(pixels, (pixel) => pixel / 255),
  );
  return scores.indexOf(Math.max(...scores));
}
