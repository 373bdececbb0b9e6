/** DESIGN|MODEL on the command line: an ONNX network, or a TypeScript file that describes a core. */
import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CoreDesign, type CoreOptions, telegraph } from '../core/index.ts';
import { decodeText, readCurveFile, readDwellFile, type SwitchingCurve } from '../device/index.ts';
import { badInput, SpinfireError } from '../errors/index.ts';
import { nameProblem } from '../hdl/index.ts';
import { type InputOptions, readModel } from '../network/index.ts';
import type { Surroundings } from './context.ts';
import { readDevice } from './device-file.ts';
import { readInput } from './files.ts';
import { type InputWords, inputOptionsOf } from './input.ts';
import { importModule } from './load-module.ts';
import { readRealism } from './realism.ts';

/** What may be laid over a design: absent is as the design has it. */
export interface DesignOptions extends InputWords {
  /** Time steps of an image, 1..255. */
  readonly timesteps?: number | undefined;
  /** Most time steps that the host may ask for, 1..255. */
  readonly maxTimesteps?: number | undefined;
  readonly readout?: 'potential' | 'count' | undefined;
  readonly encoding?: 'bernoulli' | 'direct' | undefined;
  /** 2..16 */
  readonly weightBits?: number | undefined;
  /** 0..2^32-1 */
  readonly seed?: number | undefined;
  readonly earlyExit?: boolean | undefined;
  readonly activation?: 'stochastic' | 'integer' | undefined;
  /** A switching curve (.csv), or dwell times where `samplingNs` is given. */
  readonly device?: string | undefined;
  /** Neurons are telegraphic junctions that are looked at so often; wants `device`. */
  readonly samplingNs?: number | undefined;
  /** `phases,trim`, `all`, or a JSON file in the form of defineCore's `device`. */
  readonly realism?: string | undefined;
}

/** Every image owns the random words of this many time steps, unless more are asked for. */
export const usualMaxTimeSteps = 64;

/** Reads a design and lays the command line's options over it. */
export async function loadDesign(
  path: string,
  options: DesignOptions,
  io: Pick<Surroundings, 'cwd'>,
): Promise<CoreDesign> {
  const file = resolve(io.cwd, path);
  const design =
    extname(file) === '.ts'
      ? await importDesign(file, path)
      : designOfModel(file, path, inputOptionsOf(options, io.cwd));
  const activation = options.activation ?? design.options.activation;
  const isInteger = activation === 'integer';
  const timeSteps = options.timesteps ?? (isInteger ? 1 : design.options.timeSteps);
  const usual = isInteger ? 1 : (design.options.maxTimeSteps ?? usualMaxTimeSteps);
  const maxTimeSteps = options.maxTimesteps ?? Math.max(usual, timeSteps ?? 1);
  return {
    ...design,
    encoding: options.encoding ?? (isInteger ? 'direct' : design.encoding),
    readout: options.readout ?? design.readout,
    ...neuronOf(design, options, io),
    options: {
      ...design.options,
      maxTimeSteps,
      ...(timeSteps === undefined ? {} : { timeSteps }),
      ...(options.weightBits === undefined ? {} : { weightBits: options.weightBits }),
      ...(options.earlyExit === undefined ? {} : { earlyExit: options.earlyExit }),
      ...(isInteger ? { activation } : {}),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.realism === undefined ? {} : { device: readRealism(options.realism, io.cwd) }),
    } satisfies CoreOptions,
  };
}

/** The design's neurons, or those of the device that is named. */
function neuronOf(
  { curve, telegraph: own }: CoreDesign,
  { device, samplingNs }: DesignOptions,
  io: Pick<Surroundings, 'cwd'>,
): Pick<CoreDesign, 'curve' | 'telegraph'> {
  if (samplingNs !== undefined) {
    if (device === undefined)
      throw badInput('a sampling interval wants a device that flips by itself', {
        found: `--sampling-ns ${samplingNs}`,
        help: 'name its dwell times: --device dwells.csv',
      });
    const { unit, points: dwells } = readDwellFile(decodeText(readInput(resolve(io.cwd, device))), device);
    return telegraph({ dwells, intervalS: samplingNs * 1e-9, unit, name: device });
  }
  return device === undefined ? { curve, telegraph: own } : { curve: measuredCurve(device, io), telegraph: undefined };
}

/** The paper's device, as far as it is known. */
export function usualCurve(): SwitchingCurve {
  const file = fileURLToPath(new URL('../../models/devices/spin-hall-300K-0p5ns.csv', import.meta.url));
  return readCurveFile(decodeText(readInput(file)), basename(file));
}

/** The curve of a file, perhaps with conditions behind it; see `readDevice`. */
function measuredCurve(spec: string, io: Pick<Surroundings, 'cwd'>): SwitchingCurve {
  const device = readDevice(spec, {}, io);
  if (device.kind === 'measured') return device.curve;
  throw badInput('a core is built from a curve', {
    where: spec,
    found: 'parameters of a device',
    help: `compute the curve first: spinfire calibrate --device ${spec} --csv curve.csv`,
  });
}

function designOfModel(file: string, shown: string, input: InputOptions): CoreDesign {
  return {
    name: identifier(basename(file, extname(file))),
    network: readModel(file, shown, input).network,
    encoding: 'bernoulli',
    readout: 'potential',
    curve: usualCurve(),
    options: {},
  };
}

async function importDesign(file: string, shown: string): Promise<CoreDesign> {
  if (!existsSync(file)) throw badInput('a file cannot be read', { where: shown, found: 'no such file' });
  let value: unknown;
  try {
    value = (await importModule(file)).default;
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    const found = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
    throw badInput(
      'the design cannot be run',
      { where: shown, found, help: 'run with --debug to see the place' },
      cause,
    );
  }
  if (isDesign(value)) {
    checkName(value.name, `the core's name in ${shown}`);
    return value;
  }
  throw badInput('the file describes no core', {
    where: shown,
    found: value === undefined ? 'no default export' : `a default export of another kind (${typeof value})`,
    expected: 'export default defineCore(...)',
  });
}

function isDesign(value: unknown): value is CoreDesign {
  return typeof value === 'object' && value !== null && 'network' in value && 'curve' in value && 'readout' in value;
}

/** Modules around a core, and every port that a core can have: Verilator takes no top module with the name of a port of its own. */
const taken: ReadonlySet<string> = new Set([
  ...['board', 'serial_core', 'serial_receiver', 'serial_transmitter', 'tb'],
  ...['clk', 'rst', 'time_steps', 'exit_margin', 'frame_error', 'image_dropped', 'skip_image'],
  ...['s_axis_tdata', 's_axis_tvalid', 's_axis_tready', 's_axis_tlast', 's_axis_tuser'],
  ...['m_axis_tdata', 'm_axis_tvalid', 'm_axis_tready', 'm_axis_tlast'],
  ...['wb_cyc', 'wb_stb', 'wb_we', 'wb_adr', 'wb_dat_w', 'wb_dat_r', 'wb_ack'],
]);

const problemOf = (name: string) =>
  nameProblem(name) ?? (taken.has(name) ? 'is taken by what is around a core' : undefined);

/** A name for Verilog and folders: `digits-cnn` becomes `digits_cnn`, `7` becomes `core_7`, `module` becomes `core_module`. */
export function identifier(text: string): string {
  const legal = text.replace(/[^A-Za-z0-9]+/g, '_');
  return problemOf(legal) === undefined ? legal : `core_${legal.replace(/^_/, '')}`;
}

/**
 * A name that somebody chose for a core.
 *
 * @param where the option or file that it comes from
 * @throws badInput when tools that read Verilog would stumble over it
 */
export function checkName(name: string, where: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  throw badInput(`${where} has a wrong value`, {
    found: `${name}, which ${problem}`,
    expected: 'letters, digits and single underscores, with a letter first; no word of Verilog',
  });
}
