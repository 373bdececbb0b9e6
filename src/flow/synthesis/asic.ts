/** Standard cells: area by module, memories apart. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import { memoryLiberty, readPorts } from '../timing/memory-liberty.ts';
import { analyseTiming } from '../timing/opensta.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { gateModule, gatePlacement, gatingFiles } from './clock-gating.ts';
import { type Liberty, smallestBuffer } from './liberty.ts';
import { mapTemplates } from './map-templates.ts';
import { type DesignMemory, readMemories } from './memories.ts';
import { PlainNames } from './plain-names.ts';
import type { MemoryMacro, ModuleArea, SynthesisRecord } from './result.ts';
import { coarseScript, intermediates, macroModule, mappingScript, results } from './scripts.ts';
import type { Sources } from './sources.ts';
import { readAreas, readStatistics, type YosysStatistics } from './statistics.ts';
import { realCells } from './targets.ts';
import { runYosys, type YosysRun } from './yosys.ts';

export interface AsicOptions {
  readonly liberty: Liberty;
  readonly libertyText: Uint8Array;
  /** Memories of more bits than this stay out of the cells. */
  readonly macroBits: number;
  readonly periodNs: number;
  readonly clockPort: string;
  readonly clockGating: boolean;
  /** OpenSTA, if it is here. */
  readonly sta: FoundTool | undefined;
}

/** Each step has its log. */
type StepRun = Omit<YosysRun, 'name' | 'script' | 'logFile' | 'failedLogFile'> & {
  readonly logFile: (step: string) => string;
  readonly failedLogFile: (step: string) => string;
};

type AsicRecord = Omit<SynthesisRecord, 'target' | 'top' | 'toolVersion' | 'seconds'>;

export async function mapToCells(
  tool: FoundTool,
  sources: Sources,
  options: AsicOptions,
  run: StepRun,
  environment: ToolEnvironment,
): Promise<AsicRecord> {
  const { folder } = run;
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, intermediates.liberty), options.libertyText);
  await writeFile(join(folder, intermediates.constraints), abcConstraints(options.liberty));
  const coarse = { ...run, name: 'coarse', script: coarseScript(sources), ...logsOf(run, 'coarse') };
  const warnings = await runYosys(tool, coarse, environment);
  const names = new PlainNames();
  for (const name of [intermediates.coarse, intermediates.memories])
    await writeFile(join(folder, name), names.rename(await read(name)));

  const memories = readMemories(await read(intermediates.memories));
  const macros = memories.filter(({ bits }) => bits > options.macroBits);
  const { clockGating } = options;
  if (clockGating) {
    await copyFile(join(mapTemplates, gatingFiles.registers), join(folder, gatingFiles.registers));
    await writeFile(join(folder, gatingFiles.place), gatePlacement);
    await writeFile(join(folder, gatingFiles.gate), gateModule(options.liberty));
  }
  const script = mappingScript({ top: sources.top, macros, periodPs: options.periodNs * 1000, clockGating });
  const map = { ...run, name: 'map', script, ...logsOf(run, 'map') };
  warnings.push(...(await runYosys(tool, map, environment)).filter((warning) => !warnings.includes(warning)));

  const statistics = readStatistics(await read(intermediates.statistics), join(folder, intermediates.statistics));
  const instances = countInstances(statistics, sources.top);
  const macroList = macros.map((memory) => describeMacro(memory, instances));
  const cells = realCells(statistics);
  for (const { macro } of macroList) delete cells[macro];
  const areas = summarise(await read(intermediates.areas), statistics, instances, macroList);
  const count = (test: (type: string) => boolean) =>
    Object.entries(cells).reduce((sum, [type, number]) => sum + (test(type) ? number : 0), 0);
  const isFlipFlop = (type: string) => options.liberty.cells.get(type)?.isFlipFlop === true;
  const sequentialAreaUm2 = Object.entries(cells).reduce((sum, [type, number]) => {
    return isFlipFlop(type) ? sum + number * (options.liberty.cells.get(type)?.area ?? 0) : sum;
  }, 0);
  return {
    cells,
    luts: 0,
    ffs: count(isFlipFlop),
    rams: macroList.reduce((sum, macro) => sum + macro.instances, 0),
    dsps: 0,
    notes: [
      `cell area before placement, without wires, clock tree and memories; library ${options.liberty.name}`,
      ...(options.sta === undefined ? ['no slack: OpenSTA is not installed'] : [timingNote]),
      `memories of more than ${options.macroBits} bits are listed apart and are in no area`,
    ],
    warnings,
    files: {
      json: results.json,
      verilog: results.verilog,
      ...(macros.length === 0 ? {} : { memories: results.memoryModels, memoryLiberty: results.memoryLiberty }),
      log: 'map.log',
    },
    ...areas,
    sequentialAreaUm2,
    memories: macroList,
    ...(await timeCells(sources.top, options, macroList, run, environment)),
    memoryBits: macroList.reduce((sum, macro) => sum + macro.bits * macro.instances, 0),
    library: options.liberty.name,
  };
}

const logsOf = (run: StepRun, step: string) => ({ logFile: run.logFile(step), failedLogFile: run.failedLogFile(step) });

const timingNote = 'slack before placement: no wires, ideal clock, memory times from a fit (memory-model)';

async function timeCells(
  top: string,
  options: AsicOptions,
  macros: readonly MemoryMacro[],
  run: StepRun,
  environment: ToolEnvironment,
): Promise<Pick<SynthesisRecord, 'slackNs' | 'timing'>> {
  const { sta } = options;
  const memoryFile = join('out', results.memoryLiberty);
  if (macros.length > 0) {
    const netlist = await readFile(join(run.folder, 'out', results.json), 'utf8');
    const ports = readPorts(
      netlist,
      macros.map(({ macro }) => macro),
    );
    await writeFile(join(run.folder, memoryFile), memoryLiberty(macros, ports));
  }
  if (sta === undefined) return {};
  run.onProgress?.('OpenSTA');
  await forgetSigns(join(run.folder, 'out', results.verilog));
  const timing = await analyseTiming(
    sta,
    {
      folder: run.folder,
      netlist: join('out', results.verilog),
      liberties: [intermediates.liberty, ...(macros.length > 0 ? [memoryFile] : [])],
      top,
      clockPort: options.clockPort,
      periodNs: options.periodNs,
      drivingCell: smallestBuffer(options.liberty)?.name,
      ...logsOf(run, 'timing'),
      signal: run.signal,
    },
    environment,
  );
  const { holdSlackNs, path, ...rest } = timing;
  return {
    slackNs: timing.slackNs,
    timing: {
      toolVersion: sta.version,
      ...rest,
      path: [...path],
      ...(holdSlackNs === undefined ? {} : { holdSlackNs }),
    },
  };
}

/** Newer versions of yosys write `input signed [7:0] x`, which OpenSTA can't read; in a netlist of cells it says nothing. */
async function forgetSigns(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const plain = text.replace(/^(\s*(?:input|output|inout|wire|reg)(?: wire| reg)?) signed /gm, '$1 ');
  if (plain !== text) await writeFile(file, plain);
}

/** Inputs are driven by, and outputs drive, a small buffer: abc then buffers nets with many loads. */
function abcConstraints(liberty: Liberty): string {
  const buffer = smallestBuffer(liberty);
  if (buffer === undefined) return 'set_load 5\n';
  const input = buffer.pins.find(({ direction }) => direction === 'input');
  const loadFf = ((input?.capacitance ?? 0) * liberty.capacitanceUnitF * 4) / 1e-15;
  return `set_driving_cell ${buffer.name}\nset_load ${loadFf.toFixed(3)}\n`;
}

function describeMacro(memory: DesignMemory, instances: ReadonlyMap<string, number>): MemoryMacro {
  const macro = macroModule(memory);
  return { ...memory, clocks: [...memory.clocks], macro, instances: instances.get(macro) ?? 0 };
}

/** How often each module is in the design, the top once. */
export function countInstances({ modules }: YosysStatistics, top: string): Map<string, number> {
  const counts = new Map<string, number>();
  const visit = (name: string, times: number) => {
    counts.set(name, (counts.get(name) ?? 0) + times);
    for (const [type, count] of Object.entries(modules[name] ?? {})) {
      if (type in modules || type.endsWith('_macro')) visit(type, times * count);
    }
  };
  visit(top, 1);
  return counts;
}

function summarise(
  text: string,
  statistics: YosysStatistics,
  instances: ReadonlyMap<string, number>,
  macros: readonly MemoryMacro[],
): { areaUm2: number; areaByModule: Record<string, ModuleArea> } {
  const { own, total } = readAreas(text);
  const areaByModule: Record<string, ModuleArea> = {};
  for (const [module, count] of instances) {
    if (macros.some(({ macro }) => macro === module)) continue;
    // Yosys prints no area for a module without cells.
    const ownAreaUm2 = own[module] ?? 0;
    areaByModule[module] = { instances: count, ownAreaUm2, totalAreaUm2: count * ownAreaUm2 };
  }
  const sum = Object.values(areaByModule).reduce((all, { totalAreaUm2 }) => all + totalAreaUm2, 0);
  // With a single module yosys prints no total.
  const areaUm2 = total ?? sum;
  if (Math.abs(sum - areaUm2) > 1e-6 * Math.max(1, areaUm2)) {
    const cells = Object.keys(statistics.total).length;
    throw checkFailed('the areas of the modules do not add up', {
      found: `${sum} in ${instances.size} modules of ${cells} kinds of cells`,
      expected: `${areaUm2}, the area that yosys gives for the whole`,
    });
  }
  return { areaUm2, areaByModule };
}
