/**
 * Power of every cell instance by OpenSTA. Its oldest supported version (2.0.17) reads no activity of single pins, but power is linear in
 * it: so it is asked for the power of each instance at no activity and at one toggle a clock cycle everywhere, and whoever knows the real
 * toggles of an instance's output scales between the two. A cell's internal power then assumes that its inputs toggle as often as its
 * output, and a duty cycle of one half.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { firstError, runTool } from '../tools/run.ts';

/** Watts. */
export interface CellPower {
  readonly internalW: number;
  readonly switchingW: number;
  readonly leakageW: number;
}

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
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
}

export interface CellPowerReport {
  /** By instance path, `conv1/lane_0_0/_567_`. */
  readonly instances: ReadonlyMap<string, InstancePower>;
  /** Of the whole design at the default activity everywhere. */
  readonly atDefault: CellPower;
}

export function cellPowerScript(options: Omit<CellPowerOptions, 'folder' | 'logFile' | 'signal'>): string {
  const at = (activity: number) => `set_power_activity -global -activity ${activity} -duty 0.5`;
  const lines = [
    ...options.liberties.map((file) => `read_liberty ${file}`),
    `read_verilog ${options.netlist}`,
    `link_design ${options.top}`,
    `create_clock -name ${options.clockPort} -period ${options.periodNs} [get_ports ${options.clockPort}]`,
    'set cells [get_cells -hierarchical *]',
    ...(['idle', 'busy'] as const).flatMap((state) => [
      at(state === 'idle' ? 0 : 1),
      `report_power -instances $cells -digits 9 > ${state}.txt`,
    ]),
    at(options.defaultActivity),
    'report_power -digits 9 > default.txt',
  ];
  return `${lines.join('\n')}\n`;
}

/** @throws checkFailed when OpenSTA reports an error, which it does with exit code 0 */
export async function analyseCellPower(
  tool: FoundTool,
  options: CellPowerOptions,
  environment: ToolEnvironment,
): Promise<CellPowerReport> {
  const { folder, logFile } = options;
  await writeFile(join(folder, 'power.tcl'), cellPowerScript(options));
  const { stdout, stderr } = await runTool(tool, ['-no_init', '-no_splash', '-exit', 'power.tcl'], {
    cwd: folder,
    logFile,
    signal: options.signal,
    env: environment.env,
  });
  const text = `${stdout}\n${stderr}`;
  if (/^Error/m.test(text))
    throw checkFailed('OpenSTA failed', { where: logFile, found: firstError(text) ?? 'an error', expected: 'power' });
  const [idle, busy, total] = await Promise.all(
    ['idle', 'busy', 'default'].map((name) => readFile(join(folder, `${name}.txt`), 'utf8')),
  );
  const idleOf = readInstances(idle ?? '');
  const busyOf = readInstances(busy ?? '');
  const atDefault = readTotal(total ?? '');
  if (idleOf.size === 0 || idleOf.size !== busyOf.size || atDefault === undefined)
    throw checkFailed('OpenSTA reports no power', { where: logFile, found: `${idleOf.size} instances` });
  return {
    instances: new Map([...idleOf].map(([name, power]) => [name, { idle: power, busy: busyOf.get(name)! }])),
    atDefault,
  };
}

/** Lines of `report_power -instances`: internal, switching, leakage, total, name. */
function readInstances(text: string): Map<string, CellPower> {
  const instances = new Map<string, CellPower>();
  for (const [, internal, switching, leakage, name = ''] of text.matchAll(
    /^\s*(\d\S*)\s+(\d\S*)\s+(\d\S*)\s+\d\S*\s+(\S+)$/gm,
  ))
    instances.set(name, {
      internalW: Number(internal),
      switchingW: Number(switching),
      leakageW: Number(leakage),
    });
  return instances;
}

function readTotal(text: string): CellPower | undefined {
  const [, internal, switching, leakage] = /^Total\s+(\S+)\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  return internal === undefined
    ? undefined
    : { internalW: Number(internal), switchingW: Number(switching), leakageW: Number(leakage) };
}
