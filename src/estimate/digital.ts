/** A digital core as it was measured on its netlist, sorted into what the chip of MTJs has an equivalent for. */
import { toolsText } from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';
import { type Assumptions, valuesOf } from './assumptions.ts';
import { blockFunction } from './ledger.ts';

/** One instance right under the top, or the top's own cells. Joules for each image. */
export interface DigitalBlock {
  readonly name: string;
  /** Switching and internal energy of the standard cells. */
  readonly dynamicJ: number;
  readonly leakageJ: number;
  /** Accesses of the memories that are no flip-flops. */
  readonly memoryJ: number;
  /** Bits of these memories, which leak. */
  readonly memoryBits: number;
}

/** A digital core as measured: blocks, clock, area, latency. */
export interface DigitalCore {
  readonly title: string;
  readonly clockHz: number;
  readonly cyclesPerImage: number;
  /** From an image's first pixel to its class. */
  readonly latencyS: number;
  readonly areaUm2: number;
  readonly memoryAreaUm2: number;
  readonly timeSteps: number;
  readonly images: number;
  readonly blocks: readonly DigitalBlock[];
  /** Clock of idle registers, and memory reads of an address that was read the clock before: what perfect gating could save at most. */
  readonly gateableJ: { readonly clock: number; readonly reads: number };
  /** Versions of the tools that measured it. */
  readonly tools: Readonly<Record<string, string>>;
  /** How it was measured: tools, netlist, corner, activity. */
  readonly notes: readonly string[];
}

/** What a measurement of a netlist's power says (the power command's result fits). Watts. */
export interface MeasuredPower {
  readonly library: string;
  readonly voltage: number | undefined;
  readonly clockMHz: number;
  readonly images: number;
  readonly timeSteps: number;
  readonly cyclesPerImage: number;
  readonly netlistHash: string;
  readonly areaUm2: number;
  readonly memoryAreaUm2: number;
  readonly idleW: number;
  readonly modules: readonly {
    readonly module: string;
    readonly internalW: number;
    readonly switchingW: number;
    readonly leakageW: number;
    readonly memoryW: number;
    readonly memoryBits: number;
  }[];
  /** Clock gates that are in the netlist. */
  readonly gating: { readonly flipFlops: number; readonly gates: number; readonly meanOpen: number };
  /** Over all measured images. */
  readonly memories: readonly { readonly reads: number; readonly newReads: number; readonly accessJ: number }[];
  readonly annotated: { readonly cells: number; readonly measured: number };
  readonly tools: Readonly<Record<string, string>>;
}

/** A digital core from its measured power. */
export function digitalCore(title: string, power: MeasuredPower, latencyCycles: number): DigitalCore {
  const clockHz = power.clockMHz * 1e6;
  const imageS = power.cyclesPerImage / clockHz;
  const blocks = power.modules.map(({ module, internalW, switchingW, leakageW, memoryW, memoryBits }) => ({
    name: module,
    dynamicJ: (internalW + switchingW) * imageS,
    leakageJ: leakageW * imageS,
    memoryJ: memoryW * imageS,
    memoryBits,
  }));
  const leakageJ = sum(blocks, 'leakageJ');
  const repeated = power.memories.reduce(
    (total, { reads, newReads, accessJ }) => total + (reads - newReads) * accessJ,
    0,
  );
  const { measured, cells } = power.annotated;
  return {
    title,
    clockHz,
    cyclesPerImage: power.cyclesPerImage,
    latencyS: latencyCycles / clockHz,
    areaUm2: power.areaUm2,
    memoryAreaUm2: power.memoryAreaUm2,
    timeSteps: power.timeSteps,
    images: power.images,
    blocks,
    gateableJ: {
      clock: Math.max(0, power.idleW * imageS - leakageJ),
      reads: power.gating.gates > 0 ? 0 : repeated / power.images,
    },
    tools: power.tools,
    notes: [
      `netlist ${power.netlistHash} in ${power.library}${power.voltage === undefined ? '' : `, ${power.voltage} V`}, ${power.clockMHz} MHz, ` +
        `activity of ${power.images} images measured on ${measured} of ${cells} cells`,
      ...gatingNote(power.gating),
      `before placement: no wires, no clock tree, no glitches; memories by a model (${toolsText(power.tools)})`,
    ],
  };
}

function gatingNote({ flipFlops, gates, meanOpen }: MeasuredPower['gating']): string[] {
  if (gates === 0) return ['no clock gating'];
  return [
    `${flipFlops} flip-flops behind ${gates} clock gates, which are in the netlist; open in ${(100 * meanOpen).toFixed(0)} % of the cycles in the mean; memories are charged for reads of a new address only`,
  ];
}

/** `neurons`: stochastic units; `synapses`: accumulators and weights; `rest`: encoder, buffers, pools, readout, top. */
export type BlockRole = 'neurons' | 'synapses' | 'rest';

/** An image on a digital core: energy by block, area, time. */
export interface DigitalEstimate {
  readonly title: string;
  readonly totalJ: number;
  readonly neuronsJ: number;
  readonly neuronsAndSynapsesJ: number;
  readonly dynamicJ: number;
  readonly leakageJ: number;
  readonly memoryJ: number;
  /** The total with perfect clock and read gating, which no core reaches. */
  readonly gatedJ: number;
  readonly blocks: readonly (DigitalBlock & { readonly role: BlockRole; readonly totalJ: number })[];
  readonly areaM2: number;
  readonly latencyS: number;
  readonly clockHz: number;
  readonly cyclesPerImage: number;
  readonly timeSteps: number;
  readonly images: number;
  readonly notes: readonly string[];
}

/** What an instance under the top does, by its name in docs/microarchitecture.md. */
export function blockRole(name: string, plan: Plan): BlockRole {
  const own = blockFunction(name, plan);
  return own === 'neurons' || own === 'synapses' ? own : 'rest';
}

/** Scales the measured energies by the assumptions and sums them up. */
export function estimateDigital(core: DigitalCore, plan: Plan, assumptions: Assumptions): DigitalEstimate {
  const { wireScale, clockTreeScale, memoryScale, memoryLeakageW } = valuesOf<'cmos'>(assumptions.cmos);
  const blocks = core.blocks.map((block) => {
    const dynamicJ = block.dynamicJ * wireScale * clockTreeScale;
    const memoryJ = block.memoryJ * memoryScale;
    const leakageJ = block.leakageJ + (block.memoryBits * memoryLeakageW * core.cyclesPerImage) / core.clockHz;
    const totalJ = dynamicJ + leakageJ + memoryJ;
    return { ...block, dynamicJ, leakageJ, memoryJ, totalJ, role: blockRole(block.name, plan) };
  });
  const of = (...roles: readonly BlockRole[]) =>
    sum(
      blocks.filter(({ role }) => roles.includes(role)),
      'totalJ',
    );
  return {
    title: core.title,
    totalJ: sum(blocks, 'totalJ'),
    neuronsJ: of('neurons'),
    neuronsAndSynapsesJ: of('neurons', 'synapses'),
    dynamicJ: sum(blocks, 'dynamicJ'),
    leakageJ: sum(blocks, 'leakageJ'),
    memoryJ: sum(blocks, 'memoryJ'),
    gatedJ:
      sum(blocks, 'totalJ') - core.gateableJ.clock * wireScale * clockTreeScale - core.gateableJ.reads * memoryScale,
    blocks,
    areaM2: (core.areaUm2 + core.memoryAreaUm2) * 1e-12,
    latencyS: core.latencyS,
    clockHz: core.clockHz,
    cyclesPerImage: core.cyclesPerImage,
    timeSteps: core.timeSteps,
    images: core.images,
    notes: core.notes,
  };
}

function sum<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((total, item) => total + item[key], 0);
}
