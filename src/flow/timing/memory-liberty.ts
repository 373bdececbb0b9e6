/** A liberty file for the memories that are no cells, so that paths through them have a time. */
import { z } from 'zod';
import { memoryAccessNs, memoryAreaUm2, memoryClockFf, memoryInputFf, memorySetupNs } from '../memory-model.ts';
import type { MemoryMacro } from '../synthesis/result.ts';

export interface MacroPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly width: number;
}

const netlist = z.object({
  modules: z.record(
    z.string(),
    z.object({
      ports: z
        .record(z.string(), z.object({ direction: z.enum(['input', 'output', 'inout']), bits: z.array(z.unknown()) }))
        .default({}),
    }),
  ),
});

/** Ports of modules of a netlist that yosys wrote as JSON. */
export function readPorts(text: string, modules: readonly string[]): Map<string, MacroPort[]> {
  const parsed = netlist.parse(JSON.parse(text));
  return new Map(
    modules.map((module) => {
      const ports = Object.entries(parsed.modules[module]?.ports ?? {});
      return [
        module,
        ports.map(([name, { direction, bits }]) => ({
          name,
          direction: direction === 'output' ? 'output' : 'input',
          width: bits.length,
        })),
      ];
    }),
  );
}

export function memoryLiberty(
  macros: readonly MemoryMacro[],
  ports: ReadonlyMap<string, readonly MacroPort[]>,
): string {
  const cells = macros.map((macro) => cell(macro, ports.get(macro.macro) ?? []));
  const widths = new Set([...ports.values()].flatMap((list) => list.map(({ width }) => width)).filter((w) => w > 1));
  const lines = [
    'library (spinfire_memories) {',
    '  delay_model : table_lookup;',
    '  time_unit : "1ns";',
    '  voltage_unit : "1V";',
    '  current_unit : "1uA";',
    '  pulling_resistance_unit : "1kohm";',
    '  leakage_power_unit : "1nW";',
    '  capacitive_load_unit (1,ff);',
    ...['input', 'output'].flatMap((kind) => ['rise', 'fall'].map((edge) => `  ${kind}_threshold_pct_${edge} : 50;`)),
    ...['rise', 'fall'].flatMap((edge) => [
      `  slew_lower_threshold_pct_${edge} : 20;`,
      `  slew_upper_threshold_pct_${edge} : 80;`,
    ]),
    ...[...widths].sort((a, b) => a - b).map(busType),
    ...cells,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const busTypeName = (width: number) => `bits_${width}`;

function busType(width: number): string {
  return `  type (${busTypeName(width)}) { base_type : array; data_type : bit; bit_width : ${width}; bit_from : ${width - 1}; bit_to : 0; downto : true; }`;
}

function cell(macro: MemoryMacro, ports: readonly MacroPort[]): string {
  const { clocks } = macro;
  const isClock = (name: string) => clocks.includes(name);
  const inputs = ports.filter(({ name, direction }) => direction === 'input' && !isClock(name));
  const access = memoryAccessNs(macro).toFixed(4);
  const delays = (edges: readonly string[]) =>
    edges.map((edge) => `${edge} (scalar) { values ("${edge.startsWith('cell') ? access : '0.0300'}"); }`).join(' ');
  const arc = (related: string, type: string) =>
    `timing () { related_pin : "${related}"; timing_type : ${type}; ${delays(['cell_rise', 'cell_fall', 'rise_transition', 'fall_transition'])} }`;
  const check = (type: string, limitNs: number) =>
    `timing () { related_pin : "${clocks[0]}"; timing_type : ${type}; rise_constraint (scalar) { values ("${limitNs.toFixed(4)}"); } fall_constraint (scalar) { values ("${limitNs.toFixed(4)}"); } }`;
  const output = macro.registeredRead
    ? clocks.map((clock) => arc(clock, 'rising_edge'))
    : inputs.map(({ name }) => arc(name, 'combinational'));
  const checks = clocks.length === 0 ? [] : [check('setup_rising', memorySetupNs), check('hold_rising', 0)];
  const port = ({ name, direction, width }: MacroPort) => {
    const kind = width > 1 ? `bus (${name}) { bus_type : ${busTypeName(width)};` : `pin (${name}) {`;
    if (direction === 'output') return `    ${kind} direction : output; max_capacitance : 500; ${output.join(' ')} }`;
    if (isClock(name)) return `    ${kind} direction : input; clock : true; capacitance : ${memoryClockFf}; }`;
    return `    ${kind} direction : input; capacitance : ${memoryInputFf}; ${checks.join(' ')} }`;
  };
  return [
    `  cell (${macro.macro}) {`,
    `    area : ${memoryAreaUm2(macro).toFixed(1)};`,
    ...ports.map(port),
    '  }',
  ].join('\n');
}
