/** Scripts for yosys, as text. Paths are relative to the folder in which it runs. */

import { gatingLines } from './clock-gating.ts';
import type { DesignMemory } from './memories.ts';
import type { Sources } from './sources.ts';
import { plainName } from './statistics.ts';
import type { FpgaDescription } from './targets.ts';

/** Files that stay; in the run's folder they are written to `out/`, away from the design's own. */
export const results = {
  json: 'netlist.json',
  verilog: 'netlist.v',
  memoryModels: 'memories.v',
  memoryLiberty: 'memories.lib',
} as const;

/** Files in the run's folder that do not stay. */
export const intermediates = {
  statistics: 'out/.statistics.json',
  areas: 'out/.areas.txt',
  memories: 'out/.memories.txt',
  coarse: 'out/.coarse.il',
  liberty: 'out/.cells.lib',
  constraints: 'out/.abc.constr',
} as const;

export function fpgaScript(sources: Sources, target: FpgaDescription, options: readonly string[]): string {
  const command = [target.command, `-top ${sources.top}`, ...options].join(' ');
  return script([
    ...readLines(sources),
    ...synthesisLines(target, command, options),
    forgetScopes,
    `tee -q -o ${intermediates.statistics} stat -json -top ${sources.top}`,
    `write_json out/${results.json}`,
    `write_verilog -noattr out/${results.verilog}`,
  ]);
}

/** The script of a project that stands by itself: in its folder, the netlist as JSON into a file. */
export function projectScript(
  sources: Pick<Sources, 'top' | 'defines'> & { readonly verilog: readonly { readonly path: string }[] },
  target: FpgaDescription,
  netlist: string,
  options: readonly string[],
): string {
  const command = [target.command, `-top ${sources.top}`, ...options].join(' ');
  return script([
    ...readLines(sources),
    ...synthesisLines(target, command, options),
    forgetScopes,
    `write_json ${netlist}`,
  ]);
}

/** Newer versions keep the modules that were flattened as cells without a function, which no placer knows. */
const forgetScopes = 'delete t:$scopeinfo';

/** The family's command, with its detours. */
function synthesisLines({ detours = [] }: FpgaDescription, command: string, options: readonly string[]): string[] {
  if (detours.length === 0) return [command];
  const starts = ['begin', ...detours.map(({ to }) => to)];
  const ends = [...detours.map(({ from }) => from), ''];
  return starts.flatMap((start, i) => [`${command} -run ${start}:${ends[i]}`, ...(detours[i]?.lines(options) ?? [])]);
}

/** The first half for standard cells: to words and memories, each module by itself. */
export function coarseScript(sources: Sources): string {
  return script([
    ...readLines(sources),
    `synth -top ${sources.top} -run begin:fine`,
    `dump -m -o ${intermediates.memories} t:$mem_v2`,
    `write_rtlil ${intermediates.coarse}`,
  ]);
}

export interface MappingOptions {
  readonly top: string;
  /** Memories that become modules of their own, left empty. */
  readonly macros: readonly DesignMemory[];
  /** What abc aims at, picoseconds. */
  readonly periodPs: number;
  /** Registers with an enable on gated clocks. */
  readonly clockGating?: boolean | undefined;
}

/** The second half: memories out, the rest to cells. */
export function mappingScript({ top, macros, periodPs, clockGating }: MappingOptions): string {
  const names = macros.map(macroModule);
  return script([
    `read_rtlil ${intermediates.coarse}`,
    ...macros.map((memory) => `setattr -set submod "${macroSuffix(memory)}" ${memory.module}/${memory.name}`),
    ...(macros.length === 0
      ? []
      : [
          'submod',
          `select ${names.join(' ')}`,
          `write_verilog -noattr -selected out/${results.memoryModels}`,
          'select -clear',
          `blackbox ${names.join(' ')}`,
        ]),
    'opt -fast -full',
    'memory_map',
    'opt -undriven -fine',
    ...(clockGating === true ? gatingLines : []),
    'techmap',
    'opt -fast',
    // Silicon wakes up in any state: the reset sets the registers, not `initial`.
    'setattr -unset init w:*',
    `dfflibmap -liberty ${intermediates.liberty}`,
    'opt -fast',
    `abc -liberty ${intermediates.liberty} -constr ${intermediates.constraints} -D ${Math.round(periodPs)}`,
    'setundef -zero',
    'opt_clean -purge',
    forgetScopes,
    // The names of the netlist in Verilog, in JSON too.
    ...(clockGating === true ? ['rename -enumerate'] : []),
    `tee -q -o ${intermediates.areas} stat -liberty ${intermediates.liberty} -top ${top}`,
    `tee -q -o ${intermediates.statistics} stat -json -top ${top}`,
    `write_json out/${results.json}`,
    // OpenSTA reads no assignment to a concatenation.
    `write_verilog -noattr -simple-lhs out/${results.verilog}`,
  ]);
}

/** yosys names a submodule after its module and its suffix. */
export function macroModule(memory: DesignMemory): string {
  return `${plainName(memory.module)}_${macroSuffix(memory)}`;
}

function macroSuffix({ name }: DesignMemory): string {
  return `${name}_macro`;
}

function readLines({
  verilog,
  defines,
}: Pick<Sources, 'defines'> & { readonly verilog: readonly { readonly path: string }[] }): string[] {
  const macros = Object.entries(defines).map(([name, value]) => `verilog_defines -D${name}=${value}`);
  return [...macros, ...verilog.map(({ path }) => `read_verilog ${path.endsWith('.sv') ? '-sv ' : ''}"${path}"`)];
}

function script(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
