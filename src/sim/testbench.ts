/**
 * The stand-alone test bench that `build` writes beside the Verilog: `make` in its folder needs Verilator or Icarus, and nothing of
 * spinfire. Its vectors come from the golden model.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { badInput, ownValue } from '../errors/index.ts';
import type { Plan } from '../plan/index.ts';
import { goldenBusBits, goldenReference } from './golden.ts';
import type { CycleReference } from './model.ts';
import { imageCount, type Stimulus, StimulusDriver } from './stimulus.ts';

/** Plan, Verilog files and images of a stand-alone test bench. */
export interface TestbenchOptions {
  readonly plan: Plan;
  /** The core's Verilog files, as they are called in its folder. */
  readonly verilogFiles: readonly string[];
  /** Image after image; `testImages` makes some. */
  readonly images: Uint8Array;
  /** Of each image; by default one pass for the first image, which Icarus runs, then what is harder: see `hostileSteps`. */
  readonly timeSteps?: readonly number[];
  /** Images that Icarus runs, 1 unless told otherwise. */
  readonly icarusImages?: number;
}

export interface TextFile {
  /** Relative to the core's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

const templates = ['Makefile', 'cocotb.mk', 'tb.cpp', 'tb.v', 'test_core.py'];
const templateFolder = new URL('../../sim/testbench/', import.meta.url);

/** The test bench's files, all below `testbench/`. */
export async function testbenchFiles(options: TestbenchOptions): Promise<TextFile[]> {
  const { plan } = options;
  const { height, width, channels } = plan.input;
  return modelTestbench({
    ...options,
    top: plan.name,
    busAddressBits: goldenBusBits(plan),
    hasAlarm: plan.monitors !== undefined,
    model: goldenReference(plan),
    maxTimeSteps: plan.timeSteps.max,
    classes: plan.readout.classes,
    imageSize: height * width * channels,
    pixelLanes: plan.pixelLanes,
    rowSize: width * channels,
    marginBits: plan.earlyExit === 'margin' ? plan.readout.scoreBits : undefined,
    timeSteps: options.timeSteps ?? hostileSteps(plan.timeSteps),
    hasMishaps: true,
  });
}

/** A whole pass, a second one that is partly filled, what is usual, one time step, none, and more than there are. */
function hostileSteps({ lanes, max, default: usual }: Plan['timeSteps']): number[] {
  const portMost = 2 ** max.toString(2).length - 1;
  // So many passes that one image takes long are for `spinfire verify`.
  const most = max <= 8 * lanes ? portMost : 1;
  // The third to the sixth have no answer.
  return [lanes, Math.min(max, lanes + 1), usual, 1, usual, usual, 0, most, usual];
}

/** Writes the test bench into the core's folder, whose Verilog it looks up there. Returns the files' paths. */
export async function writeTestbench(
  directory: string,
  options: Omit<TestbenchOptions, 'verilogFiles'>,
): Promise<string[]> {
  const verilogFiles = (await readdir(directory)).filter((name) => name.endsWith('.v')).sort();
  const files = await testbenchFiles({ ...options, verilogFiles });
  for (const { path, text } of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return files.map(({ path }) => path);
}

export interface ModelTestbench extends Omit<TestbenchOptions, 'plan'> {
  readonly top: string;
  readonly model: CycleReference;
  readonly maxTimeSteps: number;
  readonly classes: number;
  readonly imageSize: number;
  /** Pixels a beat; 1 unless told otherwise. */
  readonly pixelLanes?: number;
  /** Pixels a line of the vector file. */
  readonly rowSize: number;
  readonly timeSteps: readonly number[];
  /** Width of the port `exit_margin`, on a core with early exit. */
  readonly marginBits?: number | undefined;
  /** From the third image on one is cut short, one runs on into the next, one is marked as bad: as far as there are images. */
  readonly hasMishaps?: boolean;
  /** The core has a register bus; the test bench leaves it alone. */
  readonly busAddressBits?: number | undefined;
  /** It watches over itself; nobody listens. */
  readonly hasAlarm?: boolean;
}

/** Inputs of the register bus, which the test bench leaves at rest. */
const busInputs = ['cyc', 'stb', 'we', 'adr', 'dat_w'] as const;

function busPins(addressBits: number): string {
  const widths = { cyc: 1, stb: 1, we: 1, adr: addressBits, dat_w: 32 } as const;
  const tied = busInputs.map((pin) => `.wb_${pin}(${widths[pin]}'${widths[pin] === 1 ? 'b' : 'd'}0)`);
  return [...tied, '.wb_dat_r()', '.wb_ack()'].map((pin) => `\n      ${pin},`).join('');
}

/** The same in tb.cpp. */
const busAtRest = busInputs.map((pin) => `        core->wb_${pin} = 0;\n`).join('');

/** The same for any model with the ports of an emitted core. Throws badInput for more than 255 time steps. */
export async function modelTestbench(options: ModelTestbench): Promise<TextFile[]> {
  const { images: pixels, imageSize, pixelLanes = 1 } = options;
  const images = imageCount({ pixels, imageSize, timeSteps: 1 });
  if (options.maxTimeSteps > 255)
    throw badInput('too many time steps for the test bench', {
      found: String(options.maxTimeSteps),
      expected: 'at most 255',
    });
  const timeSteps = Array.from({ length: images }, (_, image) =>
    Math.min(255, options.timeSteps[Math.min(image, options.timeSteps.length - 1)]!),
  );
  const perImage = imageSize / pixelLanes;
  const mishaps = options.hasMishaps === true ? mishapsOf(images, perImage) : { wrongLast: [], bad: [] };
  const stimulus = { pixels, imageSize, pixelLanes, timeSteps, ...mishaps };
  const beats = expectedBeats(options.model, stimulus, options.maxTimeSteps);
  const marks = Array.from({ length: images * perImage }, (_, beat) => {
    const isLast = (beat % perImage === perImage - 1) !== mishaps.wrongLast.includes(beat);
    return (isLast ? 1 : 0) + (mishaps.bad.includes(beat) ? 2 : 0);
  });
  const answers = answersOf(marks, perImage);
  const { marginBits } = options;
  const values: Record<string, string | number> = {
    TOP: options.top,
    BUS:
      (options.busAddressBits === undefined ? '' : busPins(options.busAddressBits)) +
      (options.hasAlarm ? '\n      .alarm(),' : ''),
    SOURCES: options.verilogFiles.join(' '),
    PIXELS: imageSize,
    LANES: pixelLanes,
    BEATS: options.classes + 1,
    IMAGES: images,
    ANSWERS: answers.at(-1)!,
    ICARUS_IMAGES: Math.min(images, options.icarusImages ?? 1),
    STEP_BITS: options.maxTimeSteps.toString(2).length,
    IDLE_INPUTS: options.busAddressBits === undefined ? '' : busAtRest,
    // A core with early exit runs to the last time step: all ones.
    MARGIN_PORT: marginBits === undefined ? '' : `\n      .exit_margin({${marginBits}{1'b1}}),`,
    MARGIN_INPUT: marginBits === undefined ? '' : `            core->exit_margin = UINT32_MAX >> ${32 - marginBits};\n`,
  };
  const bench = await Promise.all(
    templates.map(async (name) => ({
      path: `testbench/${name}`,
      text: fill(await readFile(new URL(name, templateFolder), 'utf8'), values, name),
    })),
  );
  return [
    ...bench,
    vectors('pixels', Array.from(pixels), 2, options.rowSize),
    vectors('steps', timeSteps, 2, 1),
    vectors('marks', marks, 1, 64),
    vectors('answers', answers, 2, 1),
    vectors(
      'expected',
      beats.map(({ data, last }) => data + (last ? 2 ** 32 : 0)),
      9,
      1,
    ),
    vectors(
      'cycles',
      beats.map(({ cycle }) => cycle),
      8,
      1,
    ),
  ];
}

/** Beats whose tlast is wrong, and those that are marked; the first two images and the last are good. */
function mishapsOf(images: number, perImage: number): { wrongLast: number[]; bad: number[] } {
  const lastOf = (image: number) => (image + 1) * perImage - 1;
  const wrongLast: number[] = [];
  if (images > 3 && perImage > 1) wrongLast.push(2 * perImage + Math.floor(perImage / 2));
  if (images > 6) wrongLast.push(lastOf(4));
  return { wrongLast, bad: images > 4 ? [lastOf(3)] : [] };
}

/** For each image how many answers there are once it has been sent: frames of the right length that are not marked. */
function answersOf(marks: readonly number[], perImage: number): number[] {
  const answers: number[] = [];
  let [answered, length] = [0, 0];
  marks.forEach((mark, beat) => {
    length += 1;
    if (mark & 1) {
      if (length === perImage && !(mark & 2)) answered += 1;
      length = 0;
    }
    if (beat % perImage === perImage - 1) answers.push(answered);
  });
  return answers;
}

export interface Beat {
  readonly cycle: number;
  /** Unsigned 32 bits. */
  readonly data: number;
  readonly last: boolean;
}

/** Every result beat of the model, with its clock cycle (0 is the first after the reset). */
export function expectedBeats(model: CycleReference, stimulus: Stimulus, maxTimeSteps: number): Beat[] {
  const driver = new StimulusDriver(stimulus, maxTimeSteps);
  const beats: Beat[] = [];
  model.reset();
  for (; !driver.done; model.clock()) {
    const outputs = model.outputs(driver.drive());
    if (outputs.mAxisTvalid)
      beats.push({ cycle: driver.cycle, data: outputs.mAxisTdata >>> 0, last: outputs.mAxisTlast });
    driver.observe(outputs);
  }
  return beats;
}

function fill(text: string, values: Readonly<Record<string, string | number>>, name: string): string {
  return text.replace(/@([A-Z_]+)@/g, (_, key: string) => {
    const value = ownValue(values, key);
    if (value === undefined) throw new Error(`${name} asks for ${key}`);
    return String(value);
  });
}

function vectors(name: string, values: readonly number[], digits: number, perLine: number): TextFile {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += perLine)
    lines.push(
      values
        .slice(i, i + perLine)
        .map((value) => value.toString(16).padStart(digits, '0'))
        .join(' '),
    );
  return { path: `testbench/vectors/${name}.hex`, text: `${lines.join('\n')}\n` };
}

/**
 * Images for a test bench when there are no real ones: a few soft strokes on black, about as many bright pixels as a handwritten
 * digit has. The same for the same seed.
 */
export function testImages(shape: Plan['input'], count: number, seed: number): Uint8Array {
  const { height, width, channels } = shape;
  const pixels = new Uint8Array(count * height * width * channels);
  let state = seed >>> 0 || 1;
  const random = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  for (let image = 0; image < count; image++) {
    for (let stroke = 0; stroke < 3; stroke++) {
      const [y0, x0, y1, x1] = [random(height), random(width), random(height), random(width)] as const;
      const length = Math.max(Math.abs(y1 - y0), Math.abs(x1 - x0), 1);
      for (let i = 0; i <= length; i++) {
        const y = y0 + Math.round(((y1 - y0) * i) / length);
        const x = x0 + Math.round(((x1 - x0) * i) / length);
        for (let c = 0; c < channels; c++)
          pixels[((image * height + y) * width + x) * channels + c] = 128 + random(128);
      }
    }
  }
  return pixels;
}
