/** Which chip stands in the energy table: the one that is chosen, if it carries its currents; and what it answers. */
import {
  type Assumptions,
  type BuiltChip,
  buildChip,
  builtCurrents,
  builtEstimate,
  type ChipChoice,
  type ChipDevice,
  type ChipParts,
  chipObjections,
  drawChip,
} from '../../estimate/index.ts';
import { type Classification, classifyImages, type NetworkEvents } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { combinations, isBuildable } from '../chip/explore.ts';
import type { LoadedImages } from '../images.ts';

/** What the crossbars of a study are built from, and how many chips are drawn for their accuracy. */
export interface ChipWishes {
  readonly parts: ChipParts;
  readonly chips: number;
}

/** Whether the energies are those of a chip laid out with real wires and converters, or on paper, and what its images got right. */
export type StudiedChip =
  | {
      readonly kind: 'built';
      readonly choice: ChipChoice;
      /** Why the chosen one was not taken: the cheapest of the file's choices is, then. */
      readonly refused: readonly string[];
      /** Over the chips that were drawn; with labels. */
      readonly accuracy?: { readonly mean: number; readonly deviation: number; readonly chips: number };
      readonly margin: BuiltChip['margin'];
    }
  | {
      /** Of the page of assumptions: wires without resistance, columns that any current may flow into. */
      readonly kind: 'paper';
      /** Empty when it was asked for. */
      readonly refused: readonly string[];
      /** Of devices that remember their last spike; with labels. */
      readonly accuracy?: { readonly mean: number; readonly deviation: number; readonly chips: number };
    };

/** Images whose currents are counted. */
const currentImages = 20;

/** What decides over a chip. */
interface Candidate {
  readonly plan: Plan;
  readonly device: ChipDevice;
  readonly assumptions: Assumptions;
  readonly events: NetworkEvents;
  readonly eventPixels: Uint8Array;
  readonly parts: ChipParts;
}

/** The chosen chip, or the cheapest of the file's choices that can be built, or none with the reasons. */
export function choose(of: Candidate): { readonly choice?: ChipChoice; readonly refused: readonly string[] } {
  const { plan, parts } = of;
  if (!isBuildable(plan)) {
    return { refused: [`chips are laid out for switching junctions; this core has ${plan.neuron.kind} neurons`] };
  }
  const refused = judge(of, parts.chosen).objections;
  if (refused.length === 0) return { choice: parts.chosen, refused };
  let best: { choice: ChipChoice; totalJ: number } | undefined;
  for (const choice of combinations(parts.choices)) {
    const { objections, totalJ } = judge(of, choice);
    if (objections.length === 0 && (best === undefined || totalJ() < best.totalJ)) best = { choice, totalJ: totalJ() };
  }
  return best === undefined ? { refused } : { choice: best.choice, refused };
}

function judge(of: Candidate, choice: ChipChoice) {
  const { plan, device, assumptions, events, parts } = of;
  const chip = buildChip(plan, device, assumptions, parts, choice);
  const currents = currentsOf(of, choice);
  return {
    objections: chipObjections(chip, currents, assumptions, parts),
    totalJ: () => builtEstimate(plan, events, device, assumptions, { parts, choice, currents }).totalJ,
  };
}

/** What the wires of this choice carry on the first of the images. */
export function currentsOf({ plan, device, assumptions, eventPixels, events, parts }: Candidate, choice: ChipChoice) {
  const size = plan.input.height * plan.input.width * plan.input.channels;
  const few = eventPixels.subarray(0, currentImages * size);
  return builtCurrents(plan, device, assumptions, { parts, choice }, few, events.timeSteps);
}

/** The answers of chips drawn of a choice: those of the first after each of `steps`, and how many each had right after `timeSteps`. */
export async function classifyBuilt(
  plan: Plan,
  chip: BuiltChip,
  assumptions: Assumptions,
  { pixels, labels }: LoadedImages,
  { chips, timeSteps, steps }: { readonly chips: number; readonly timeSteps: number; readonly steps: number },
): Promise<{ readonly plan: Plan; readonly first: Classification; readonly rights: readonly number[] }> {
  const rights: number[] = [];
  let first: { readonly plan: Plan; readonly first: Classification } | undefined;
  for (let seed = 1; seed <= chips; seed += 1) {
    const drawn = drawChip(plan, chip, assumptions, seed);
    const own = seed === 1 ? steps : timeSteps;
    const results = await classifyImages(drawn.plan, pixels, { timeSteps: own, devices: drawn.devices });
    first ??= { plan: drawn.plan, first: results };
    if (labels === undefined) continue;
    let right = 0;
    labels.forEach((label, image) => {
      if (results.classes[image * own + timeSteps - 1] === label) right += 1;
    });
    rights.push(right / labels.length);
  }
  return { ...first!, rights };
}
