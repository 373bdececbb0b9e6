/** What the kinds of engines have in common. */
import type { QuantisedLayer } from '../../network/index.ts';
import type { LayerFold } from '../maker/options.ts';
import type { LayerFacts } from '../planner/facts.ts';
import type { PlannedMemory } from '../planner/ram.ts';
import { bits } from '../planner/terms.ts';

/** Inputs that the engine takes at once. */
export function inputLanesOf({ engine }: Pick<LayerFold, 'engine'>): number {
  return engine.kind === 'wide' ? engine.inputLanes : 1;
}

/** Numbers of output lanes that need fewer groups than one lane less. */
export function evenLanes(outputs: number): number[] {
  return Array.from({ length: outputs }, (_, i) => i + 1).filter(
    (lanes) => Math.ceil(outputs / lanes) < Math.ceil(outputs / (lanes - 1 || 0.5)),
  );
}

/** A layer's map and its pool, of a network or of a plan. */
export interface Pooled {
  readonly output: QuantisedLayer['output'];
  readonly pool?: QuantisedLayer['pool'] | null;
}

/** Positions that a pool window covers. */
export function coveredPositions(layer: Pooled): number {
  const pool = layer.pool ?? { height: 1, width: 1 };
  return (
    Math.floor(layer.output.height / pool.height) *
    pool.height *
    Math.floor(layer.output.width / pool.width) *
    pool.width
  );
}

/** Clocks of a pass in which every output has so many taps, one after the other; `handOver`: those between its last output and the next pass. */
export function serialPassCycles(facts: LayerFacts, fold: LayerFold, taps: number, handOver: number): number {
  const rounds = (coveredPositions(facts.layer) / fold.positionLanes) * groupsOf(facts, fold);
  const lanes = fold.positionLanes * fold.outputLanes;
  // The capture takes a clock of its own, and waits for the drain of the one before.
  const round = Math.max(taps + 1, lanes + 2, lanes * facts.drawClocks);
  return taps + 1 + (rounds - 1) * round + lastDrain(facts, fold) + handOver + facts.drawDelay;
}

/** Clocks in which the potentials of a pass's last group leave, after its last tap. */
export function lastDrain(facts: LayerFacts, fold: LayerFold): number {
  const { channels } = facts.layer.output;
  return fold.positionLanes * (channels - (groupsOf(facts, fold) - 1) * fold.outputLanes) * facts.drawClocks;
}

/** Lanes beyond the last output hold 0 in the last group's rows. */
export function weightMemory(facts: LayerFacts, fold: LayerFold, taps: number): PlannedMemory {
  const { layer } = facts;
  const groups = groupsOf(facts, fold);
  return {
    depth: groups * taps,
    width: fold.outputLanes * inputLanesOf(fold) * layer.weightBits,
    isRom: true,
    filled: layer.output.channels / (groups * fold.outputLanes),
  };
}

export function groupsOf({ layer }: LayerFacts, { outputLanes }: LayerFold): number {
  return Math.ceil(layer.output.channels / outputLanes);
}

/** With the padding around it. */
export function frameElements({ layer }: LayerFacts): number {
  const height = layer.input.height + layer.padTop + layer.padBottom;
  const width = layer.input.width + layer.padLeft + layer.padRight;
  return height * width * layer.input.channels;
}

/** Of taps, groups and what is left in the drain. */
export function sharedCounters(taps: number, facts: LayerFacts, fold: LayerFold): number {
  return bits(taps + 1) + bits(groupsOf(facts, fold)) + bits(fold.outputLanes * fold.positionLanes + 1);
}
