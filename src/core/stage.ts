/** What the blocks of one layer must know: the layer, and what it shares with the core. */
import { type LayerPlan, type Plan, type Seeding, unsignedBits } from '../plan/index.ts';

/** What all blocks of a core share. */
export interface CoreShape {
  /** Name of the core; its modules begin with it. */
  readonly core: string;
  /** Time steps of a pass, Tp. */
  readonly passLanes: number;
  readonly maxTimeSteps: number;
  readonly seeding: Seeding;
  /** Bits of an image's number, more numbers than images that can be in the core at once; undefined without early exit. */
  readonly imageBits: number | undefined;
  /** A random stream that stands still is seen and started again. */
  readonly guardsStreams: boolean;
  /** Memories are read for their checksums. */
  readonly checksMemories: boolean;
  /** The host reads and replaces their words. */
  readonly loadsMemories: boolean;
  /** Some layer takes the counts of a 2x2 pool. */
  readonly countsSpikes: boolean;
}

export interface Stage extends CoreShape {
  readonly layer: LayerPlan;
  /** What all neurons of the core have in common. */
  readonly neuron: Plan['neuron'];
}

export function coreShape(plan: Plan): CoreShape {
  const { lanes: passLanes, max: maxTimeSteps } = plan.timeSteps;
  const imageBits = plan.earlyExit === 'margin' ? unsignedBits(3 * plan.layers.length + 1) : undefined;
  const guardsStreams = plan.monitors?.lockup === true;
  const checksMemories = plan.monitors?.checksum === true;
  const loadsMemories = plan.monitors?.load === true;
  const countsSpikes = plan.layers.some(({ inputMax }) => inputMax === 4);
  const { name: core, seeding } = plan;
  const memories = { checksMemories, loadsMemories };
  return { core, passLanes, maxTimeSteps, seeding, imageBits, guardsStreams, ...memories, countsSpikes };
}

export function stageOf(plan: Plan, layer: LayerPlan): Stage {
  return { ...coreShape(plan), layer, neuron: plan.neuron };
}
