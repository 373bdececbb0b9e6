/**
 * Power of a core on an iCE40: the toggles of its mapped netlist on real images, which must answer as the golden model does, times
 * the family's coefficients. The coefficients are known within bounds, so the result is a range.
 */
import { checkFailed } from '../errors/index.ts';
import {
  type Ice40Cell,
  type Ice40Netlist,
  ice40Simulation,
  localLuts,
  type MappedLine,
  ramSignals,
  type SynthesisResult,
  synthesise,
  type ToolEnvironment,
} from '../flow/index.ts';
import type { Plan } from '../plan/index.ts';
import { type Activity, netlistActivity } from '../sim/index.ts';
import {
  type Ice40Counts,
  type Ice40Part,
  type Ice40PowerParts,
  ice40Coefficients,
  ice40Power,
  type Range,
  sumRanges,
} from './ice40-coefficients.ts';

/** A core, images, clock and part for the power on an iCE40. */
export interface FpgaPowerOptions {
  /** Holds the core's Verilog files and memories. */
  readonly directory: string;
  readonly plan: Plan;
  readonly verilogFiles: readonly string[];
  readonly part: Ice40Part;
  /** Pixels, image after image; three more than `count`. */
  readonly images: Uint8Array;
  readonly timeSteps: number;
  /** Images measured. */
  readonly count: number;
  readonly clockMHz: number;
  /** The clock comes from the PLL. */
  readonly hasPll: boolean;
  readonly sourceMap?: readonly MappedLine[];
  readonly outputDirectory: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** What one block adds to the power. */
export interface FpgaModulePower {
  /** Instance below the top; `` is the top's own cells. */
  readonly module: string;
  readonly luts: number;
  readonly flipFlops: number;
  readonly rams: number;
  /** Settled toggles of routed nets in a mean clock cycle. */
  readonly togglesPerCycle: number;
  /** Its flip-flops' clock, toggles, RAMs and DSPs; what all share (static, PLL, clock network) is in no module. */
  readonly powerW: Range;
}

/** Power and energy of a core on an iCE40, as ranges. */
export interface FpgaPower {
  readonly top: string;
  readonly part: Ice40Part;
  readonly clockMHz: number;
  readonly images: number;
  readonly timeSteps: number;
  readonly cyclesPerImage: number;
  /** SHA-256 of the measured netlist, which answered as the golden model does. */
  readonly netlistHash: string;
  /** The activity was measured by an earlier run with the same netlist and images. */
  readonly cached: boolean;
  readonly powerW: Range;
  readonly energyPerImageJ: Range;
  /** While nothing moves but the clock: static, PLL, clock network and flip-flops. */
  readonly idleW: Range;
  readonly parts: Ice40PowerParts;
  readonly modules: readonly FpgaModulePower[];
  readonly counts: Ice40Counts;
  /** Cells that drive a net, and those of them whose toggles were counted. */
  readonly annotated: { readonly cells: number; readonly measured: number };
  readonly synthesis: SynthesisResult;
  readonly tools: Readonly<Record<string, string>>;
}

/** @throws checkFailed when the netlist does not do what the golden model does */
export async function measureFpgaPower(options: FpgaPowerOptions, environment: ToolEnvironment): Promise<FpgaPower> {
  const { plan, outputDirectory, signal, onProgress, clockMHz } = options;
  const synthesis = await synthesise(
    {
      directory: options.directory,
      top: plan.name,
      verilogFiles: options.verilogFiles,
      target: 'ice40',
      outputDirectory,
      sourceMap: options.sourceMap ?? [],
      signal,
      onProgress,
    },
    environment,
  );
  const simulation = await ice40Simulation(synthesis, outputDirectory, environment);
  const activity = await netlistActivity(
    {
      plan,
      netlist: [simulation.file],
      cells: simulation.cells,
      images: options.images,
      timeSteps: options.timeSteps,
      count: options.count,
      buildDirectory: outputDirectory,
      signal,
      onProgress,
    },
    environment,
  );
  const { modules, measured, drivers } = countModules(simulation.netlist, activity);
  if (measured === 0)
    throw checkFailed('no cell of the netlist was traced', { found: `${activity.signals.size} signals` });
  const counts = [...modules.values()].reduce(addCounts, noCounts);
  const coefficients = ice40Coefficients(options.part);
  const parts = ice40Power(counts, clockMHz, coefficients, options.hasPll);
  const powerW = sumRanges(Object.values(parts));
  const seconds = activity.cycles / (clockMHz * 1e6) / activity.images;
  const own = ({ clockJ, ...rest }: typeof coefficients) => ({ ...rest, clockJ: { ...clockJ, ...noRange } });
  const ownPower = (module: Ice40Counts) => {
    const { clock, logic, rams, dsps } = ice40Power(module, clockMHz, own(coefficients), false);
    return sumRanges([clock, logic, rams, dsps]);
  };
  return {
    top: plan.name,
    part: options.part,
    clockMHz,
    images: activity.images,
    timeSteps: options.timeSteps,
    cyclesPerImage: activity.cycles / activity.images,
    netlistHash: simulation.netlistHash,
    cached: activity.cached,
    powerW,
    energyPerImageJ: { low: powerW.low * seconds, typical: powerW.typical * seconds, high: powerW.high * seconds },
    idleW: sumRanges([parts.static, parts.pll, parts.clock]),
    parts,
    modules: [...modules.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, { luts, rams, ...count }]) => ({
        module,
        luts,
        flipFlops: count.flipFlops,
        rams,
        togglesPerCycle: count.toggles,
        powerW: ownPower(count),
      })),
    counts,
    annotated: { cells: drivers, measured },
    synthesis,
    tools: { yosys: synthesis.toolVersion },
  };
}

const noRange = { low: 0, typical: 0, high: 0 };
const noCounts: Ice40Counts = {
  flipFlops: 0,
  toggles: 0,
  localToggles: 0,
  ramAccesses: { low: 0, high: 0 },
  dspProducts: 0,
};

interface ModuleCounts extends Ice40Counts {
  readonly luts: number;
  readonly rams: number;
}

function addCounts(a: Ice40Counts, b: Ice40Counts): Ice40Counts {
  return {
    flipFlops: a.flipFlops + b.flipFlops,
    toggles: a.toggles + b.toggles,
    localToggles: a.localToggles + b.localToggles,
    ramAccesses: {
      low: a.ramAccesses.low + b.ramAccesses.low,
      high: a.ramAccesses.high + b.ramAccesses.high,
    },
    dspProducts: a.dspProducts + b.dspProducts,
  };
}

/** By the instance below the top that a cell came from, means of a clock cycle. */
function countModules(
  netlist: Ice40Netlist,
  activity: Activity,
): { modules: Map<string, ModuleCounts>; measured: number; drivers: number } {
  const local = localLuts(netlist);
  const modules = new Map<string, ModuleCounts>();
  let measured = 0;
  for (const cell of netlist.cells) {
    const module = cell.name.includes('.') ? cell.name.slice(0, cell.name.indexOf('.')) : '';
    const before = modules.get(module) ?? { ...noCounts, luts: 0, rams: 0 };
    const { counts, traced } = countCell(cell, activity, local);
    if (traced) measured += 1;
    modules.set(module, {
      ...addCounts(before, counts),
      luts: before.luts + (cell.type === 'SB_LUT4' ? 1 : 0),
      rams: before.rams + (cell.type === 'SB_RAM40_4K' ? 1 : 0),
    });
  }
  return { modules, measured, drivers: netlist.cells.length };
}

const outputPins = ['O', 'CO', 'Q', 'RDATA'];

function countCell(
  cell: Ice40Cell,
  { signals, cycles }: Activity,
  local: ReadonlySet<string>,
): { counts: Ice40Counts; traced: boolean } {
  const bits = (signal: string) => signals.get(`${cell.shortName}/${signal}`) ?? [];
  const outputs = outputPins.flatMap((pin) => bits(pin));
  const toggles = outputs.reduce((sum, bit) => sum + bit.toggles, 0) / cycles;
  const isLocal = cell.type === 'SB_CARRY' || local.has(cell.shortName);
  const perCycle = (signal: string, count: 'high' | 'changes') => (bits(signal)[0]?.[count] ?? 0) / cycles;
  const reads = perCycle(ramSignals.read, 'high');
  const writes = perCycle(ramSignals.write, 'high');
  const newReads = Math.min(reads, perCycle(ramSignals.address, 'changes'));
  return {
    traced: outputs.length > 0,
    counts: {
      flipFlops: cell.type.startsWith('SB_DFF') ? 1 : 0,
      toggles: isLocal ? 0 : toggles,
      localToggles: isLocal ? toggles : 0,
      ramAccesses: { low: newReads + writes, high: reads + writes },
      // A multiplier that stands still costs nothing; one is taken to work on every clock.
      dspProducts: cell.type === 'SB_MAC16' ? 1 : 0,
    },
  };
}
