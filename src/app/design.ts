/** DESIGN|MODEL on the command line: an ONNX or NIR network, or a TypeScript file that describes a core. */
import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CoreDesign, type CoreOptions, coreDefaults, telegraph } from '../core/index.ts';
import { decodeText, readCurveFile, readDwellFile, type SwitchingCurve } from '../device/index.ts';
import { badInput } from '../errors/index.ts';
import { nameProblem } from '../hdl/index.ts';
import { type InputOptions, openModel } from '../network/index.ts';
import type { Surroundings } from './context.ts';
import { designProblem } from './design-shape.ts';
import { readDevice } from './device-file.ts';
import { readInput } from './files.ts';
import { type InputWords, inputOptionsOf } from './input.ts';
import { readMonitors } from './monitors.ts';
import { type Program, programEndings, runPersonModule } from './person-module.ts';
import { readRealism } from './realism.ts';

/** What may be laid over a design: absent is as the design has it. */
export interface DesignOptions extends InputWords {
  /** Time steps of an image, 1..255. */
  readonly timeSteps?: number | undefined;
  /** Most time steps that the host may ask for, 1..255. */
  readonly maxTimeSteps?: number | undefined;
  readonly readout?: 'potential' | 'count' | undefined;
  readonly encoding?: 'bernoulli' | 'direct' | undefined;
  /** 2..16: of all layers, or of each. */
  readonly weightBits?: number | readonly number[] | undefined;
  /** One power of two for a layer's weights, or one for each output channel's. */
  readonly weightScale?: 'layer' | 'channel' | undefined;
  /** 0..2^32-1 */
  readonly seed?: number | undefined;
  readonly earlyExit?: boolean | undefined;
  readonly activation?: 'stochastic' | 'integer' | undefined;
  /** A switching curve (.csv), or dwell times where `samplingNs` is given. */
  readonly device?: string | undefined;
  /** Build what costs more than is usual, from a design that takes longer than is usual. */
  readonly force?: boolean | undefined;
  /** Neurons are telegraphic junctions that are looked at so often; wants `device`. */
  readonly samplingNs?: number | undefined;
  /** `phases,trim`, `all`, or a JSON file in the form of defineCore's `device`. */
  readonly realism?: string | undefined;
  /** `abstain=200,rate`, `all`, or a JSON file in the form of defineCore's `monitors`. */
  readonly monitors?: string | undefined;
}

const isProgram = (file: string) => programEndings.some((ending) => ending === extname(file));

/**
 * Reads a design and lays the command line's options over it.
 *
 * @throws badInput for what is no design, and for a design whose names, sizes, numbers or options contradict each other
 */
export async function loadDesign(
  path: string,
  options: DesignOptions,
  io: Pick<Surroundings, 'cwd' | 'limit'>,
): Promise<CoreDesign> {
  const file = resolve(io.cwd, path);
  if (/^\.[cm]?[jt]sx?$/i.test(extname(file)) && !isProgram(file))
    throw badInput('a design is a TypeScript file', {
      where: path,
      found: `a name that ends in ${extname(file)}`,
      expected: programEndings.join(' or '),
      help: 'call it so: what is legal JavaScript is TypeScript, too',
    });
  const design = isProgram(file)
    ? await importDesign(file, { what: 'design', shown: path, force: options.force }, io)
    : await designOfModel(file, path, inputOptionsOf(options, io.cwd));
  const activation = options.activation ?? design.options.activation;
  const isInteger = activation === 'integer';
  const timeSteps = options.timeSteps ?? (isInteger ? 1 : design.options.timeSteps);
  const usual = isInteger ? 1 : (design.options.maxTimeSteps ?? coreDefaults.maxTimeSteps);
  const maxTimeSteps = options.maxTimeSteps ?? Math.max(usual, timeSteps ?? 1);
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
      ...(options.weightScale === undefined ? {} : { weightScale: options.weightScale }),
      ...(options.earlyExit === undefined ? {} : { earlyExit: options.earlyExit }),
      ...(isInteger ? { activation } : {}),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.force ? { force: true } : {}),
      ...(options.realism === undefined ? {} : { device: readRealism(options.realism, io.cwd) }),
      ...(options.monitors === undefined ? {} : { monitors: readMonitors(options.monitors, io.cwd) }),
    } satisfies CoreOptions,
  };
}

/** The design's neurons, or those of the device that is named. */
function neuronOf(
  { curve, law }: CoreDesign,
  { device, samplingNs }: DesignOptions,
  io: Pick<Surroundings, 'cwd'>,
): Pick<CoreDesign, 'curve' | 'law'> {
  if (samplingNs !== undefined) {
    if (device === undefined)
      throw badInput('a sampling interval wants a device that flips by itself', {
        found: `--sampling-ns ${samplingNs}`,
        help: 'name its dwell times: --device dwells.csv',
      });
    const { unit, points: dwells } = readDwellFile(decodeText(readInput(resolve(io.cwd, device))), device);
    return telegraph({ dwells, intervalS: samplingNs * 1e-9, unit, name: device });
  }
  return device === undefined ? { curve, law } : { curve: measuredCurve(device, io), law: undefined };
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

async function designOfModel(file: string, shown: string, input: InputOptions): Promise<CoreDesign> {
  const { network, notes } = await openModel(file, shown, input);
  return {
    name: identifier(basename(file, extname(file))),
    ...{ network, notes },
    encoding: 'bernoulli',
    readout: 'potential',
    curve: usualCurve(),
    options: {},
  };
}

async function importDesign(file: string, program: Program, io: Pick<Surroundings, 'limit'>): Promise<CoreDesign> {
  const { shown } = program;
  if (!existsSync(file)) throw badInput('a file cannot be read', { where: shown, found: 'no such file' });
  const value = (await runPersonModule(file, program, io)).default;
  const problem = designProblem(value);
  if (problem === undefined) {
    const design = value as CoreDesign;
    checkName(design.name, `the core's name in ${shown}`);
    return design;
  }
  throw badInput('the file describes no core', {
    where: shown,
    found: problem,
    expected: 'export default defineCore(...)',
  });
}

/** Modules around a core, and every port that a core can have: Verilator takes no top module with the name of a port of its own. */
const taken: ReadonlySet<string> = new Set([
  ...['board', 'serial_core', 'serial_receiver', 'serial_transmitter', 'tb'],
  ...['clk', 'rst', 'time_steps', 'exit_margin', 'frame_error', 'image_dropped', 'skip_image', 'alarm'],
  ...['s_axis_tdata', 's_axis_tvalid', 's_axis_tready', 's_axis_tlast', 's_axis_tuser'],
  ...['m_axis_tdata', 'm_axis_tvalid', 'm_axis_tready', 'm_axis_tlast'],
  ...['wb_cyc', 'wb_stb', 'wb_we', 'wb_adr', 'wb_dat_w', 'wb_dat_r', 'wb_ack'],
]);

const problemOf = (name: string) =>
  nameProblem(name) ??
  (name.endsWith('_') ? 'ends in an underscore' : undefined) ??
  (name.length > longestName ? `has ${name.length} letters` : undefined) ??
  (taken.has(name) ? 'is taken by what is around a core' : undefined);

/** Names of modules and files are longer: the core's, a layer's and a block's together; Verilator warns of more than 127. */
const longestName = 60;

/**
 * A name for Verilog and folders: `digits-cnn` becomes `digits_cnn`, `model (1)` `model_1`, `7` `core_7`, `module` `core_module`; one without a
 * Latin letter or digit `core`.
 */
export function identifier(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  const legal = plain
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, longestName)
    .replace(/_+$/, '');
  if (legal === '') return 'core';
  return problemOf(legal) === undefined ? legal : `core_${legal}`.slice(0, longestName).replace(/_+$/, '');
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
    expected: `letters, digits and single underscores between them, a letter first, at most ${longestName}; no word of Verilog`,
  });
}
