/** The fewest bits for each layer's weights that keep the accuracy on some images. */
import { type CoreDesign, coreDefaults, quantiseCore } from '../../core/index.ts';
import { classifyImages } from '../../golden/index.ts';
import { forwardFloat, quantisationLoss } from '../../network/index.ts';
import { shareRight } from '../accuracy.ts';
import type { Report } from '../context.ts';
import type { LoadedImages } from '../images.ts';
import { plainPlan } from '../plain-plan.ts';

/** The narrowest weights, layer by layer, that keep the accuracy within the budget. */
export interface BitSearch {
  readonly design: CoreDesign;
  /** Held-out images. */
  readonly images: number;
  /** Share of right answers on them, or where there are no labels of the float network's: with the bits of the start, and with those that were found. */
  readonly right: { readonly before: number; readonly after: number };
  readonly ofLabels: boolean;
  readonly layers: readonly { readonly name: string; readonly bits: number; readonly weightError: number }[];
}

const mostImages = 2000;
const fewestBits = 2;

/**
 * Lowers the bits of all layers together, then of each by itself, as long as the share of right answers on the images that are `seen` loses no
 * more than `budget` (0..1). Of the steps on the way the last is taken that keeps the budget on those `held` out, too. The seed stays, so that what
 * differs is the rounding.
 */
export async function searchBits(
  design: CoreDesign,
  { seen, held }: { readonly seen: LoadedImages; readonly held: LoadedImages },
  budget: number,
  report: Report = () => {},
): Promise<BitSearch> {
  const weights = design.network.layers.flatMap((layer) =>
    layer.kind === 'averagePool' ? [] : [layer.weights.length],
  );
  const given = design.options.weightBits ?? coreDefaults.weightBits;
  const steps: (readonly number[])[] = [typeof given === 'number' ? weights.map(() => given) : given];
  const bits = () => steps.at(-1)!;
  const onSeen = rightOn(design, seen);
  const least = (await onSeen(bits())) - budget;
  const tryBits = async (widths: readonly number[]) => {
    if (widths.some((width) => width < fewestBits) || (await onSeen(widths)) < least) return false;
    steps.push(widths);
    return true;
  };
  while (await tryBits(bits().map((width) => width - 1))) report(0.3, bits().join(', '));
  const order = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]!);
  for (const [done, layer] of order.entries()) {
    report(0.4 + (0.5 * done) / order.length, bits().join(', '));
    while (await tryBits(bits().map((width, index) => (index === layer ? width - 1 : width))));
  }
  report(0.9, 'held-out images');
  const onHeld = rightOn(design, held);
  const before = await onHeld(steps[0]!);
  let after = before;
  while (steps.length > 1) {
    after = await onHeld(bits());
    if (after >= before - budget) break;
    steps.pop();
    after = before;
  }
  const found = withBits(design, bits());
  const losses = quantisationLoss(design.network, quantiseCore(found));
  return {
    ...{ design: found, images: Math.min(held.count, mostImages), right: { before, after } },
    ofLabels: held.labels !== undefined,
    layers: losses.map(({ name, relativeRmsError }, i) => ({
      ...{ name, bits: bits()[i]!, weightError: relativeRmsError },
    })),
  };
}

function withBits(design: CoreDesign, weightBits: readonly number[]): CoreDesign {
  return { ...design, options: { ...design.options, weightBits } };
}

/** The share of images that a design with such bits answers rightly, or as the float network does where they have no labels. */
function rightOn(design: CoreDesign, data: LoadedImages): (widths: readonly number[]) => Promise<number> {
  const size = data.pixels.length / data.count;
  const count = Math.min(data.count, mostImages);
  const pixels = data.pixels.subarray(0, count * size);
  const targets =
    data.labels?.subarray(0, count) ??
    Uint8Array.from({ length: count }, (_, i) => floatClass(design, pixels.subarray(i * size, (i + 1) * size)));
  return async (widths) => {
    const plan = plainPlan(withBits(design, widths));
    const timeSteps = plan.timeSteps.default;
    const { classes } = await classifyImages(plan, pixels, { timeSteps });
    return shareRight(classes, targets, timeSteps);
  };
}

function floatClass({ network }: CoreDesign, pixels: Uint8Array): number {
  const scores = forwardFloat(
    network,
    Float64Array.from(pixels, (pixel) => pixel / 255),
  );
  return scores.indexOf(Math.max(...scores));
}
