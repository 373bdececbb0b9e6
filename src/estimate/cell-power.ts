/**
 * Power and energy of a core in standard cells, with the activity that real images cause: the core is mapped, its netlist simulated on the
 * images and compared with the golden model, and each cell's power at that activity comes from OpenSTA. Memories come from a model.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../errors/index.ts';
import {
  type CellPower,
  cellModels,
  type InstancePower,
  type MappedLine,
  mappedCellPower,
  type SynthesisResult,
  synthesise,
  type ToolEnvironment,
} from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';
import { type Activity, netlistActivity } from '../sim/index.ts';
import { clocksOf, type GatedClocks, gatedAt, meanToggles, still } from './gated-clocks.ts';
import { type MemoryUse, memoryUses } from './memory-accesses.ts';
import { estimateLayout, type LayoutEstimate } from './wires.ts';

/** A core, images, clock and library for the power in 45 nm. */
export interface CellPowerOptions {
  /** Holds the core's Verilog files and memories. */
  readonly directory: string;
  readonly plan: Plan;
  readonly verilogFiles: readonly string[];
  /** Pixels, image after image; three more than `count`. */
  readonly images: Uint8Array;
  readonly timeSteps: number;
  /** Images measured. */
  readonly count: number;
  readonly clockMHz: number;
  readonly liberty?: string | undefined;
  /** Registers with an enable on gated clocks. */
  readonly clockGating?: boolean | undefined;
  readonly sourceMap?: readonly MappedLine[];
  readonly outputDirectory: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Watts; these four add up to the whole. */
export interface PowerShares extends CellPower {
  /** Accesses of memories. */
  readonly memoryW: number;
}

/** Watts of the cells below one instance of the top, and what of them are memories. */
export interface ModulePower extends PowerShares {
  /** Instance below the top, e.g. `conv1_neurons`; `` is the top's own cells. */
  readonly module: string;
  readonly cells: number;
  readonly memoryAreaUm2: number;
  readonly memoryBits: number;
}

/** Power and energy of a core in 45 nm, with the activity of real images. */
export interface CorePower {
  readonly top: string;
  readonly library: string;
  readonly voltage: number | undefined;
  readonly clockMHz: number;
  readonly images: number;
  readonly timeSteps: number;
  readonly cyclesPerImage: number;
  /** SHA-256 of the measured netlist, which answered as the golden model does. */
  readonly netlistHash: string;
  /** The activity was measured by an earlier run with the same netlist and images. */
  readonly cached: boolean;
  readonly areaUm2: number;
  readonly memoryAreaUm2: number;
  readonly power: PowerShares;
  readonly totalW: number;
  readonly energyPerImageJ: number;
  /** The same core while nothing toggles but the clock, all gates shut. */
  readonly idleW: number;
  /** Flip-flops on gated clocks, gates, and the share of cycles in which a flip-flop's gate is open, in the mean. */
  readonly gating: { readonly flipFlops: number; readonly gates: number; readonly meanOpen: number };
  /** Cells only, at one activity everywhere: what one would have without a simulation. */
  readonly atDefault: { readonly activity: number; readonly power: CellPower; readonly totalW: number };
  /** Mean toggles of a cell's output in a cycle. */
  readonly meanActivity: number;
  /** Wires and clock tree, which a netlist without a placement has not: an estimate, in no other figure. */
  readonly layout: LayoutEstimate;
  /** Of memories: nothing for contents in metal, or SRAM of fast transistors; in no other figure. */
  readonly memoryLeakageW: { readonly low: number; readonly high: number };
  readonly annotated: { readonly cells: number; readonly measured: number };
  readonly modules: readonly ModulePower[];
  readonly memories: readonly MemoryUse[];
  readonly synthesis: SynthesisResult;
  readonly tools: Readonly<Record<string, string>>;
}

/** Of gscl45nm, where a library names none. */
const usualVolts = 1.1;

/** 698 uW for 1,024 x 32 bits and 798 uW for 256 x 96 bits: the 45 nm memories of OpenROAD-flow-scripts (fakeram45, from CACTI's figures). */
const leakageWPerBit = 2.6e-8;

/** What flows assume when nobody has simulated: one toggle in ten cycles. */
const defaultActivity = 0.1;

/**
 * Synthesises a core for 45 nm, runs real images through the netlist, and gives its power. Throws checkFailed when the netlist does not do what the golden model does.
 */
export async function measureCellPower(options: CellPowerOptions, environment: ToolEnvironment): Promise<CorePower> {
  const periodNs = 1000 / options.clockMHz;
  const { synthesis, activity, cells, models } = await measureNetlist(options, periodNs, environment);
  const clocks = await clocksOf(synthesis, activity, options.clockGating === true);
  const memories = memoryUses(activity, synthesis.memories ?? [], models);
  const { modules, measured, toggles } = sumByModule(cells.instances, activity, memories, clocks, periodNs);
  const power = modules.reduce<PowerShares>(addShares, noPower);
  const totalW = powerSum(power);
  const macros = new Set((synthesis.memories ?? []).map(({ macro }) => macro));
  const cellCount = [...cells.instances.keys()].filter((name) => !macros.has(lastPart(name))).length;
  const meanActivity = measured === 0 ? 0 : toggles / measured / activity.cycles;
  return {
    top: options.plan.name,
    library: cells.library,
    voltage: cells.voltage,
    clockMHz: options.clockMHz,
    images: activity.images,
    timeSteps: options.timeSteps,
    cyclesPerImage: activity.cycles / activity.images,
    netlistHash: activity.netlistHash,
    cached: activity.cached,
    areaUm2: synthesis.areaUm2 ?? 0,
    memoryAreaUm2: memories.reduce((sum, memory) => sum + memory.areaUm2, 0),
    power,
    totalW,
    energyPerImageJ: (totalW * periodNs * 1e-9 * activity.cycles) / activity.images,
    idleW: idlePower(cells.instances, clocks),
    gating: { flipFlops: clocks.flipFlops, gates: clocks.gates, meanOpen: clocks.meanOpen },
    atDefault: { activity: defaultActivity, power: cells.atDefault, totalW: cellSum(cells.atDefault) },
    meanActivity,
    layout: estimateLayout({
      cells: cellCount,
      areaM2: (synthesis.areaUm2 ?? 0) * 1e-12,
      flipFlops: synthesis.ffs - clocks.flipFlops * (1 - clocks.meanOpen),
      clockPinF: cells.clockPinF,
      activity: meanActivity,
      volts: cells.voltage ?? usualVolts,
      hertz: options.clockMHz * 1e6,
    }),
    memoryLeakageW: { low: 0, high: bitsOf(memories) * leakageWPerBit },
    annotated: { cells: cellCount, measured },
    modules,
    memories,
    synthesis,
    tools: { yosys: synthesis.toolVersion, opensta: cells.toolVersion },
  };
}

/** The netlist, what its nets do on real images, the power of its cells, and the models of its memories. */
async function measureNetlist(options: CellPowerOptions, periodNs: number, environment: ToolEnvironment) {
  const { plan, directory, outputDirectory, liberty, signal, onProgress } = options;
  const synthesis = await synthesise(
    {
      directory,
      top: plan.name,
      verilogFiles: options.verilogFiles,
      target: 'asic45',
      liberty,
      clockGating: options.clockGating,
      outputDirectory,
      sourceMap: options.sourceMap ?? [],
      signal,
      onProgress,
    },
    environment,
  );
  const netlist = [synthesis.files.verilog, ...(synthesis.files.memories ? [synthesis.files.memories] : [])];
  const activity = await netlistActivity(
    {
      plan,
      netlist: netlist.map((file) => join(synthesis.directory, file)),
      cells: await cellModels({ liberty, outputDirectory, signal }, environment),
      images: options.images,
      timeSteps: options.timeSteps,
      count: options.count,
      buildDirectory: outputDirectory,
      signal,
      onProgress,
    },
    environment,
  );
  onProgress?.('OpenSTA');
  const cells = await mappedCellPower(
    { synthesis, liberty, periodNs, defaultActivity, outputDirectory, signal },
    environment,
  );
  const models =
    synthesis.files.memories === undefined
      ? ''
      : await readFile(join(synthesis.directory, synthesis.files.memories), 'utf8');
  return { synthesis, activity, cells, models };
}

const bitsOf = (memories: readonly MemoryUse[]) => memories.reduce((sum, { words, width }) => sum + words * width, 0);

function idlePower(instances: ReadonlyMap<string, InstancePower>, { gated }: GatedClocks): number {
  return [...instances].reduce((sum, [path, { idle }]) => sum + cellSum(gated.has(path) ? still(idle) : idle), 0);
}

const noPower: PowerShares = { internalW: 0, switchingW: 0, leakageW: 0, memoryW: 0 };
const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const cellSum = ({ internalW, switchingW, leakageW }: CellPower) => internalW + switchingW + leakageW;
/** Sum of the shares, in W. */
export const powerSum = (shares: PowerShares): number => cellSum(shares) + shares.memoryW;

function addShares(a: PowerShares, b: PowerShares): PowerShares {
  return {
    internalW: a.internalW + b.internalW,
    switchingW: a.switchingW + b.switchingW,
    leakageW: a.leakageW + b.leakageW,
    memoryW: a.memoryW + b.memoryW,
  };
}

function sumByModule(
  instances: ReadonlyMap<string, InstancePower>,
  activity: Activity,
  memories: readonly MemoryUse[],
  clocks: GatedClocks,
  periodNs: number,
): { modules: ModulePower[]; measured: number; toggles: number } {
  const seconds = activity.cycles * periodNs * 1e-9;
  const toggles = meanToggles(activity);
  const modules = new Map<string, ModulePower>();
  const add = (module: string, shares: Partial<ModulePower>) => {
    const before = modules.get(module) ?? { module, cells: 0, memoryAreaUm2: 0, memoryBits: 0, ...noPower };
    modules.set(module, {
      module,
      cells: before.cells + (shares.cells ?? 0),
      memoryAreaUm2: before.memoryAreaUm2 + (shares.memoryAreaUm2 ?? 0),
      memoryBits: before.memoryBits + (shares.memoryBits ?? 0),
      ...addShares(before, { ...noPower, ...shares }),
    });
  };
  const topLevel = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');
  const macros = new Set(memories.map(({ instance }) => instance));
  let measured = 0;
  let sum = 0;
  for (const [path, power] of instances) {
    if (macros.has(path)) continue;
    const count = toggles.get(path);
    if (count !== undefined) {
      measured += 1;
      sum += count;
    }
    add(topLevel(path), { cells: 1, ...gatedAt(power, (count ?? 0) / activity.cycles, clocks.gated.get(path), path) });
  }
  for (const { instance, reads, newReads, writes, accessJ, areaUm2, words, width } of memories)
    add(topLevel(instance), {
      // With gates the port sleeps while its address holds: what it would read it has already.
      memoryW: (((clocks.gates > 0 ? newReads : reads) + writes) * accessJ) / seconds,
      memoryAreaUm2: areaUm2,
      memoryBits: words * width,
    });
  if (measured === 0)
    throw checkFailed('no cell of the netlist was traced', { found: `${toggles.size} signals`, expected: 'cells' });
  return {
    modules: [...modules.values()].sort((a, b) => (a.module < b.module ? -1 : 1)),
    measured,
    toggles: sum,
  };
}
