/** Slack and the slowest path of a netlist of standard cells, by OpenSTA. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badInput, checkFailed } from '../../errors/index.ts';
import type { FoundTool, ToolEnvironment } from '../tools/environment.ts';
import { firstError, runTool } from '../tools/run.ts';
import { cellNames } from './names.ts';

export interface PathPoint {
  /** Since the clock's edge, nanoseconds. */
  readonly timeNs: number;
  readonly delayNs: number;
  /** `layer/lane_0/_123_/Y` */
  readonly pin: string;
  readonly cell: string;
  /** The signal that the cell drives, where it has a name. */
  readonly drives: string;
}

export interface Timing {
  readonly periodNs: number;
  /** Setup; negative: the clock is too fast. */
  readonly slackNs: number;
  readonly holdSlackNs: number | undefined;
  /** 1000 / (periodNs - slackNs) */
  readonly fmaxMHz: number;
  /** Of the path with the least slack; registers are called by their signals. */
  readonly startpoint: string;
  readonly endpoint: string;
  readonly path: readonly PathPoint[];
}

export interface TimingOptions {
  readonly folder: string;
  /** All relative to the folder. */
  readonly netlist: string;
  readonly liberties: readonly string[];
  readonly top: string;
  readonly clockPort: string;
  readonly periodNs: number;
  /** Drives the inputs; undefined: ideal sources. */
  readonly drivingCell: string | undefined;
  readonly logFile: string;
  readonly failedLogFile?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Inputs arrive with the clock's edge, outputs are due at the next: the design's share is the whole period. */
export function timingScript(options: Omit<TimingOptions, 'folder' | 'logFile' | 'signal'>): string {
  const { clockPort, periodNs, drivingCell } = options;
  const lines = [
    ...options.liberties.map((file) => `read_liberty ${file}`),
    `read_verilog ${options.netlist}`,
    `link_design ${tclWord(options.top)}`,
    `create_clock -name ${tclWord(clockPort)} -period ${periodNs} [get_ports ${tclWord(clockPort)}]`,
    'set inputs {}',
    // OpenSTA 2.0 has no remove_from_collection, and complains about a delay on the clock's own port.
    `foreach port [all_inputs] { if {[get_property $port full_name] ne ${tclWord(clockPort)}} { lappend inputs $port } }`,
    `if {[llength $inputs] > 0} { set_input_delay 0 -clock ${tclWord(clockPort)} $inputs }`,
    ...(drivingCell === undefined
      ? []
      : [`if {[llength $inputs] > 0} { set_driving_cell -lib_cell ${tclWord(drivingCell)} $inputs }`]),
    `set_output_delay 0 -clock ${tclWord(clockPort)} [all_outputs]`,
    'puts "== setup"',
    'report_checks -path_delay max -digits 6',
    'puts "== hold"',
    'report_checks -path_delay min -digits 6',
    'puts "== end"',
  ];
  return `${lines.join('\n')}\n`;
}

/** A name as one word of Tcl in which nothing is evaluated. @throws badInput for one that can't be written so */
export function tclWord(name: string): string {
  if (!/[{}\\\n]/.test(name)) return `{${name}}`;
  throw badInput('a name cannot be given to OpenSTA', {
    found: JSON.stringify(name),
    expected: 'no brace, backslash or line break',
  });
}

/** @throws checkFailed when OpenSTA reports an error, which it does with exit code 0, or finds no path */
export async function analyseTiming(
  tool: FoundTool,
  options: TimingOptions,
  environment: ToolEnvironment,
): Promise<Timing> {
  const script = 'timing.tcl';
  await writeFile(join(options.folder, script), timingScript(options));
  const { stdout, stderr } = await runTool(tool, ['-no_init', '-no_splash', '-exit', script], {
    cwd: options.folder,
    logFile: options.logFile,
    failedLogFile: options.failedLogFile,
    signal: options.signal,
    env: environment.env,
  });
  const text = `${stdout}\n${stderr}`;
  const failed = async (found: string) => {
    const where = options.failedLogFile ?? options.logFile;
    if (where !== options.logFile) await copyFile(options.logFile, where);
    return checkFailed('OpenSTA failed', { where, found, expected: 'a slowest path' });
  };
  if (/^Error/m.test(text)) throw await failed(firstError(text) ?? 'an error');
  const [, setup = '', hold = ''] = stdout.split(/^== \w+$/m);
  const slowest = readPath(setup);
  if (slowest === undefined) throw await failed('no path between registers or ports');
  const { slackNs } = slowest;
  const name = cellNames(await readFile(join(options.folder, options.netlist), 'utf8'), options.top);
  return {
    periodNs: options.periodNs,
    slackNs,
    holdSlackNs: readPath(hold)?.slackNs,
    fmaxMHz: 1000 / (options.periodNs - slackNs),
    startpoint: name(slowest.startpoint),
    endpoint: name(slowest.endpoint),
    path: slowest.path.map((point) => ({ ...point, drives: name(point.pin) })),
  };
}

interface ReportedPath {
  readonly slackNs: number;
  readonly startpoint: string;
  readonly endpoint: string;
  readonly path: readonly Omit<PathPoint, 'drives'>[];
}

/** Reads one path of report_checks. */
export function readPath(text: string): ReportedPath | undefined {
  const slack = /^\s*(-?[\d.]+)\s+slack \((?:MET|VIOLATED)\)/m.exec(text)?.[1];
  const startpoint = /^Startpoint: (\S+)/m.exec(text)?.[1];
  const endpoint = /^Endpoint: (\S+)/m.exec(text)?.[1];
  if (slack === undefined || startpoint === undefined || endpoint === undefined) return undefined;
  const path: Omit<PathPoint, 'drives'>[] = [];
  for (const [, delay, time, pin = '', cell = ''] of text.matchAll(
    /^\s*(-?[\d.]+)\s+(-?[\d.]+) [v^] (\S+) \((\S+)\)/gm,
  )) {
    // After the arrival the report goes on with the capturing clock.
    if (path.at(-1)?.pin === endpoint || (path.length > 1 && Number(time) < (path.at(-1)?.timeNs ?? 0))) break;
    path.push({ timeNs: Number(time), delayNs: Number(delay), pin, cell });
  }
  return { slackNs: Number(slack), startpoint, endpoint, path };
}
