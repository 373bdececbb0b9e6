/**
 * How an OpenSTA counts the internal energy of each kind of cell. Its versions sum the groups of an output by laws of their own: 2.0.17 gives each input that may have
 * moved the output a weight of a half, whatever their number, so that a NAND of three inputs is charged 1.25 times and a full adder 1.5 times what its tables say. So it is asked for the power of
 * one of each cell of the library in use, with ones in all tables of internal energy: what comes out is the weight, and a toggle is to weigh one.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { readInstances } from './instances.ts';
import { type InternalFactors, withoutInputPower } from './internal-power.ts';
import { reportPower } from './power-run.ts';

/** What there is to know of a cell: each pin's part, and how many tables of energy a rise and a fall of it take. */
interface ProbedCell {
  readonly name: string;
  readonly pins: readonly {
    readonly name: string;
    readonly direction: string;
    readonly isClock: boolean;
    readonly energyTables: number;
  }[];
}

export interface CellFactorsProbe {
  readonly folder: string;
  /** The liberty file as OpenSTA will read it. */
  readonly text: string;
  readonly cells: ReadonlyMap<string, ProbedCell>;
  /** What an inverter's and a flip-flop's power is divided by. */
  readonly plain: InternalFactors;
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
}

/** An inverter whose toggle takes one unit of the library's energy. */
const unit = 'spinfire_unit';
const unitCell = `cell (${unit}) { area : 1;
  pin (A) { direction : input; capacitance : 0; }
  pin (Y) { direction : output; capacitance : 0; function : "!A";
    internal_power () { related_pin : "A"; rise_power (scalar) { values ("1"); } fall_power (scalar) { values ("1"); } } } }
`;

/** Ones in every table of internal energy, and the unit beside the library's cells. */
export function withUnitEnergies(liberty: string): string {
  const plain = liberty.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\\\r?\n/g, ' ');
  const ones = plain.replace(/\b(?:(?:rise|fall)_)?power\s*\([^)]*\)\s*\{[^{}]*\}/g, (table) =>
    table.replace(/\bvalues\s*\([^)]*\)/g, (values) => values.replace(/[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?/g, '1')),
  );
  const end = ones.lastIndexOf('}');
  return `${ones.slice(0, end)}${unitCell}${ones.slice(end)}`;
}

function netlistOf(cells: readonly ProbedCell[]): string {
  const outputs: string[] = [];
  const instances = cells.map(({ name, pins }, i) => {
    const wired = pins.map((pin) => {
      if (pin.isClock) return `.${pin.name}(clk)`;
      if (pin.direction === 'input') return `.${pin.name}(a)`;
      outputs.push(`y${i}_${pin.name}`);
      return `.${pin.name}(y${i}_${pin.name})`;
    });
    return `  ${name} u${i} (${wired.join(', ')});`;
  });
  const ports = ['clk', 'a', ...outputs];
  return `module probe (${ports.join(', ')});\n  input clk, a;\n  output ${outputs.join(', ')};\n${instances.join('\n')}\nendmodule\n`;
}

const script = (liberty: string, reports: readonly (readonly [file: string, activity: number])[]) =>
  [
    `read_liberty ${liberty}`,
    'read_verilog factors.v',
    'link_design probe',
    'create_clock -name clk -period 10 [get_ports clk]',
    'set_input_delay 0 -clock clk [get_ports a]',
    ...reports.flatMap(([file, activity]) => [
      `set_power_activity -global -activity ${activity} -duty 0.5`,
      `report_power -instances [get_cells *] -digits 9 > ${file}`,
    ]),
    '',
  ].join('\n');

/** @returns what the reported internal power of a kind of cell is to be divided by; `plain` for one that is not of the library */
export async function cellFactors(
  tool: FoundTool,
  probe: CellFactorsProbe,
  environment: ToolEnvironment,
): Promise<(kind: string) => InternalFactors> {
  const { folder, plain, logFile, signal } = probe;
  // Names that Verilog can't write and pins that are neither in nor out are no logic.
  const cells = [...probe.cells.values()].filter(
    ({ name, pins }) =>
      /^\w+$/.test(name) && pins.every((pin) => /^\w+$/.test(pin.name) && /^(?:in|out)put$/.test(pin.direction)),
  );
  const inverter = { isClock: false, energyTables: 0 };
  const unitPins = ['A', 'Y'].map((name, i) => ({ ...inverter, name, direction: i === 0 ? 'input' : 'output' }));
  await writeFile(join(folder, 'factors.v'), netlistOf([{ name: unit, pins: unitPins }, ...cells]));
  const run = async (name: string, text: string, reports: Parameters<typeof script>[1]) => {
    await writeFile(join(folder, `${name}.lib`), text);
    const files = reports.map(([file]) => file);
    const asked = {
      folder,
      name: `${name}.tcl`,
      script: script(`${name}.lib`, reports),
      reports: files,
      logFile,
      signal,
    };
    return (await reportPower(tool, asked, environment)).map(readInstances);
  };
  const ones = withUnitEnergies(probe.text);
  const [idle, busy] = await run('factors', ones, [
    ['factors-idle.txt', 0],
    ['factors-busy.txt', 1],
  ]);
  const bare = withoutInputPower(ones);
  const [outputs] = bare === undefined ? [busy] : await run('factors-outputs', bare, [['factors-outputs.txt', 1]]);
  const watts = (report: typeof idle, i: number) => report?.get(`u${i}`)?.internalW ?? 0;
  const oneW = watts(outputs, 0) / plain.outputs;
  if (!(oneW > 0))
    throw checkFailed('OpenSTA reports no power of an inverter that toggles', {
      where: logFile,
      found: `${watts(outputs, 0)} W`,
      expected: 'more than 0',
    });
  const ofKind = new Map(
    cells.map(({ name, pins }, at) => {
      const tables = (which: (pin: (typeof pins)[number]) => boolean) =>
        pins.filter(which).reduce((sum, pin) => sum + pin.energyTables, 0);
      // A clock rises and falls in each cycle; what toggles does one of both.
      const factor = (found: number, right: number, usual: number) =>
        found > 0 && right > 0 ? found / oneW / right : usual;
      const [still, out, all] = [watts(idle, at + 1), watts(outputs, at + 1), watts(busy, at + 1)];
      return [
        name,
        {
          clock: factor(
            still,
            tables(({ isClock }) => isClock),
            plain.clock,
          ),
          outputs: factor(out - still, tables(({ direction }) => direction === 'output') / 2, plain.outputs),
          inputs: factor(
            all - out,
            tables(({ direction, isClock }) => direction === 'input' && !isClock) / 2,
            plain.inputs,
          ),
        },
      ] as const;
    }),
  );
  return (kind) => ofKind.get(kind) ?? plain;
}
