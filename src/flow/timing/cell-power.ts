/**
 * Power of every cell instance by OpenSTA. Its oldest supported version (2.0.17) reads no activity of single pins, but power is linear in
 * it: so it is asked for the power of each instance at no activity and at one toggle a clock cycle everywhere, and whoever knows the real
 * toggles of an instance's output scales between the two. A toggle of an output then costs the mean over the inputs that may have caused it, at
 * a duty cycle of one half.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { type CellPower, readInstances } from './instances.ts';
import type { InternalFactors } from './internal-power.ts';
import { reportPower } from './power-run.ts';

/** Power of one instance at the two ends of activity; in between it is a straight line. */
export interface InstancePower {
  /** At no activity: leakage, and what the clock's edges cost in a flip-flop. */
  readonly idle: CellPower;
  /** At one toggle a clock cycle at every input and output. */
  readonly busy: CellPower;
}

export interface CellPowerOptions {
  readonly folder: string;
  /** Relative to the folder. */
  readonly netlist: string;
  readonly liberties: readonly string[];
  readonly top: string;
  readonly clockPort: string;
  readonly periodNs: number;
  /** Toggles a cycle at every net, for the report that people get who measure nothing. */
  readonly defaultActivity: number;
  /** By kind of cell, `NAND3X1`. */
  readonly factorsOf: (kind: string) => InternalFactors;
  /** The liberties with those without the power of data inputs in their places; undefined: data inputs draw nothing. */
  readonly withoutInputs: readonly string[] | undefined;
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
}

/** Power of a netlist, by instance below the top. */
export interface CellPowerReport {
  /** By instance path, `conv1/lane_0_0/_567_`. */
  readonly instances: ReadonlyMap<string, InstancePower>;
  /** Of the whole design at the default activity everywhere. */
  readonly atDefault: CellPower;
}

const kindsFile = 'kinds.txt';

type ScriptOptions = Pick<CellPowerOptions, 'netlist' | 'liberties' | 'top' | 'clockPort' | 'periodNs'>;

/** @param reports file of instances or of the total, and the activity that it is at */
function cellPowerScript(
  options: ScriptOptions,
  reports: readonly (readonly [file: string, activity: number, of: 'instances' | 'total'])[],
): string {
  const lines = [
    ...options.liberties.map((file) => `read_liberty ${file}`),
    `read_verilog ${options.netlist}`,
    `link_design ${options.top}`,
    `create_clock -name ${options.clockPort} -period ${options.periodNs} [get_ports ${options.clockPort}]`,
    // Without a clock a cell's toggles are toggles a second: inputs need one, or what hangs on them alone draws nothing.
    'set inputs {}',
    `foreach port [all_inputs] { if {[get_property $port full_name] ne "${options.clockPort}"} { lappend inputs $port } }`,
    `if {[llength $inputs] > 0} { set_input_delay 0 -clock ${options.clockPort} $inputs }`,
    'set cells [get_cells -hierarchical *]',
    `set kinds [open ${kindsFile} w]`,
    'foreach cell $cells { puts $kinds "[get_property $cell full_name] [get_property $cell ref_name]" }',
    'close $kinds',
    ...reports.flatMap(([file, activity, of]) => [
      `set_power_activity -global -activity ${activity} -duty 0.5`,
      `report_power ${of === 'instances' ? '-instances $cells ' : ''}-digits 9 > ${file}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** @throws checkFailed when OpenSTA reports an error, which it does with exit code 0 */
export async function analyseCellPower(
  tool: FoundTool,
  options: CellPowerOptions,
  environment: ToolEnvironment,
): Promise<CellPowerReport> {
  const { folder, logFile, factorsOf, withoutInputs, defaultActivity } = options;
  const run = async (liberties: readonly string[], reports: Parameters<typeof cellPowerScript>[1]) => {
    const script = cellPowerScript({ ...options, liberties }, reports);
    const files = reports.map(([file]) => file);
    return reportPower(
      tool,
      { folder, name: 'power.tcl', script, reports: files, logFile, signal: options.signal },
      environment,
    );
  };
  const [idleText = '', busyText = '', totalText = ''] = await run(options.liberties, [
    ['idle.txt', 0, 'instances'],
    ['busy.txt', 1, 'instances'],
    ['default.txt', defaultActivity, 'total'],
  ]);
  const kinds = readKinds(await readFile(join(folder, kindsFile), 'utf8'));
  const idle = readInstances(idleText);
  const busy = readInstances(busyText);
  const atDefault = readTotal(totalText);
  const [outputsText] = withoutInputs === undefined ? [] : await run(withoutInputs, [['outputs.txt', 1, 'instances']]);
  const outputs = outputsText === undefined ? busy : readInstances(outputsText);
  if (idle.size === 0 || idle.size !== busy.size || outputs.size !== idle.size || atDefault === undefined)
    throw checkFailed('OpenSTA reports no power', { where: logFile, found: `${idle.size} instances` });
  // OpenSTA lists instances of modules too, without power of their own.
  const modules = new Set([...idle.keys()].flatMap(modulesAround));
  const instances = new Map<string, InstancePower>();
  for (const [name, still] of idle) {
    if (modules.has(name)) continue;
    const moving = busy.get(name)!;
    const output = outputs.get(name)!.internalW;
    const factors = factorsOf(kinds.get(name) ?? '');
    const clockW = still.internalW / factors.clock;
    const dataW = (output - still.internalW) / factors.outputs + (moving.internalW - output) / factors.inputs;
    instances.set(name, {
      idle: { ...still, internalW: clockW },
      busy: { ...moving, internalW: clockW + dataW },
    });
  }
  return { instances, atDefault: { ...atDefault, internalW: internalAt(instances, defaultActivity) } };
}

function internalAt(instances: ReadonlyMap<string, InstancePower>, activity: number): number {
  return [...instances.values()].reduce(
    (sum, { idle, busy }) => sum + idle.internalW + (busy.internalW - idle.internalW) * activity,
    0,
  );
}

/** Lines of an instance and the cell that it is one of. */
function readKinds(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^(\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name.replaceAll('\\', ''), kind]),
  );
}

function readTotal(text: string): CellPower | undefined {
  const [, internal, switching, leakage] = /^Total\s+(\S+)\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  return internal === undefined
    ? undefined
    : { internalW: Number(internal), switchingW: Number(switching), leakageW: Number(leakage) };
}

/** `a/b/c` -> `a`, `a/b` */
function modulesAround(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
