/** The chip that can be built, as the ledger and the trades take it: laid out, costed and drawn from one choice. */
import type { LayerDevices, NetworkEvents } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { type Assumptions, withValue } from '../assumptions.ts';
import type { ChipDevice, ChipEstimate } from '../chip.ts';
import { type BuiltChip, buildChip, estimateBuilt } from './chip.ts';
import { leastSupplyV, type TileCurrents } from './circuit.ts';
import { countCurrents } from './currents.ts';
import type { ChipChoice, ChipParts } from './parts.ts';
import { chipPlan, layerSums } from './sums.ts';

/** A choice, what it is built from, and what its wires carry on real images. */
export interface BuiltInputs {
  readonly parts: ChipParts;
  readonly choice: ChipChoice;
  readonly currents: readonly TileCurrents[];
}

/** Its figures for the mean image of `events`. A supply below what strip, switch and sources need is taken as that. */
export function builtEstimate(
  plan: Plan,
  events: NetworkEvents,
  device: ChipDevice,
  assumptions: Assumptions,
  { parts, choice, currents }: BuiltInputs,
): ChipEstimate {
  const chip = buildChip(plan, device, assumptions, parts, choice);
  const { driverMaxA, driverSupplyV } = assumptions.chip;
  const supplyV = Math.max(driverSupplyV.value, leastSupplyV(chip.neuron, parts.process, driverMaxA.value));
  const fed = withValue(assumptions, 'chip', 'driverSupplyV', supplyV);
  return estimateBuilt(chip, plan, events, currents, device, fed, parts);
}

/** Images whose currents are counted. */
const currentImages = 20;

/** Currents of the choice's crossbars on the first of these images. */
export function builtCurrents(
  plan: Plan,
  device: ChipDevice,
  assumptions: Assumptions,
  { parts, choice }: Omit<BuiltInputs, 'currents'>,
  pixels: Uint8Array,
  timeSteps: number,
): readonly TileCurrents[] {
  const { layouts, cell } = buildChip(plan, device, assumptions, parts, choice);
  const { height, width, channels } = plan.input;
  const few = pixels.subarray(0, currentImages * height * width * channels);
  return countCurrents(plan, layouts, few, timeSteps, cell, choice).currents;
}

/** One number of the process changed, for its bar. */
export function withProcess(built: BuiltInputs, name: string, value: number): BuiltInputs {
  return { ...built, parts: { ...built.parts, process: { ...built.parts.process, [name]: value } } };
}

/** One chip of many, as the functional golden model computes it. */
export interface DrawnChip {
  readonly plan: Plan;
  readonly devices: readonly (LayerDevices | undefined)[];
  /** Share of a column's ideal current that arrives, least of all columns. */
  readonly leastReach: number;
}

/** Draws cells, mirrors, devices, latches of a chip for `plan`. The same seed draws the same chip. */
export function drawChip(plan: Plan, chip: BuiltChip, assumptions: Assumptions, seed: number): DrawnChip {
  const { neuron, margin, cell, choice } = chip;
  const layers = chip.layouts.map((layout, i) =>
    layerSums(layout, i, chip.circuits[i]!, margin, neuron.calibration.slopeA, cell, choice, seed),
  );
  const made = chipPlan(plan, layers, neuron, margin, assumptions.chip.driverMaxA.value);
  return { ...made, leastReach: Math.min(...layers.map(({ reach }) => reach.least)) };
}
