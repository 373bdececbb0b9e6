/** Which chip stands in the energy table: the one that is chosen, if it carries its currents; and what it answers. */
import {
  type Assumptions,
  type BuiltChip,
  type BuiltInputs,
  buildChip,
  builtCurrents,
  builtEstimate,
  type ChipChoice,
  type ChipDevice,
  type ChipParts,
  chipObjections,
} from '../../estimate/index.ts';
import type { NetworkEvents } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { combinations, isBuildable } from '../chip/explore.ts';

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

/** What decides over a chip. */
interface Candidate {
  readonly plan: Plan;
  readonly device: ChipDevice;
  readonly assumptions: Assumptions;
  readonly events: NetworkEvents;
  readonly eventPixels: Uint8Array;
  readonly parts: ChipParts;
}

/** A chip that carries its currents, laid out. */
export interface TakenChip {
  readonly chip: BuiltChip;
  readonly built: BuiltInputs;
}

/** The chosen chip, or the cheapest of the file's choices that can be built, or none with the reasons. */
export function choose(of: Candidate): { readonly taken?: TakenChip; readonly refused: readonly string[] } {
  const { plan, parts, events, device, assumptions } = of;
  if (!isBuildable(plan)) {
    return { refused: [`chips are laid out for switching junctions; this core has ${plan.neuron.kind} neurons`] };
  }
  const { objections: refused, ...chosen } = judge(of, parts.chosen);
  if (refused.length === 0) return { taken: chosen, refused };
  let best: { readonly taken: TakenChip; readonly totalJ: number } | undefined;
  for (const choice of combinations(parts.choices)) {
    const { objections, ...taken } = judge(of, choice);
    if (objections.length > 0) continue;
    const { totalJ } = builtEstimate(plan, events, device, assumptions, taken.built);
    if (best === undefined || totalJ < best.totalJ) best = { taken, totalJ };
  }
  return best === undefined ? { refused } : { taken: best.taken, refused };
}

function judge(of: Candidate, choice: ChipChoice): TakenChip & { readonly objections: readonly string[] } {
  const { plan, device, assumptions, events, eventPixels, parts } = of;
  const chip = buildChip(plan, device, assumptions, parts, choice);
  const currents = builtCurrents(plan, device, assumptions, { parts, choice }, eventPixels, events.timeSteps);
  const objections = chipObjections(chip, currents, assumptions, parts);
  return { chip, built: { parts, choice, currents }, objections };
}
