/** A digital core measured for the energy table: its netlist, with the activity of real images. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type DigitalCore, digitalCore, measureCellPower } from '../../estimate/index.ts';
import { findIfThere, readSourceMap, systemEnvironment, type ToolEnvironment } from '../../flow/index.ts';
import { trailingImages, warmImages } from '../../sim/index.ts';
import { readPlainFile, textOf } from '../../store/index.ts';
import type { AppContext } from '../context.ts';
import { readInput, writeFileWhole } from '../files.ts';
import type { OpenCore } from '../folder/open.ts';
import { verilogFiles } from '../folder/parts.ts';
import { countCyclesPerImage } from '../folder/timing.ts';

/** How a digital core is measured: synthesised to a cell library, simulated as a netlist, its toggles counted. */
export interface CmosOptions {
  /** Of each image, 1 to the plan's most. */
  readonly timeSteps: number;
  /** Images that go through the netlist and are measured. */
  readonly count: number;
  readonly clockMHz: number;
  /** Registers with an enable on gated clocks, as any good engineer would have them. */
  readonly clockGating: boolean;
  /** A cell library (.lib) in place of FreePDK45. */
  readonly liberty?: string | undefined;
}

/** @param pixels image after image; repeated when they are too few to keep the layers busy around those measured */
export async function measureCmos(
  title: string,
  { directory, work, plan }: OpenCore,
  pixels: Uint8Array,
  options: CmosOptions,
  { io, progress }: AppContext,
): Promise<DigitalCore> {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const images = repeatTo(pixels, (options.count + warmImages + trailingImages) * imageSize);
  const environment = systemEnvironment(io.env, io.cwd);
  const kept = join(work, 'energy', `${await keyOf(directory, images, options, environment)}.json`);
  const known = readKept(kept);
  if (known !== undefined) return { ...known, title };
  const power = await progress.step(`power of ${plan.name} in 45 nm`, (report) =>
    measureCellPower(
      {
        directory,
        plan,
        verilogFiles: verilogFiles(directory),
        images,
        timeSteps: options.timeSteps,
        count: options.count,
        clockMHz: options.clockMHz,
        liberty: options.liberty,
        clockGating: options.clockGating,
        sourceMap: readSourceMap(directory),
        outputDirectory: join(work, 'synth'),
        signal: io.signal,
        onProgress: (message) => report(0, message),
      },
      environment,
    ),
  );
  const core = digitalCore(title, power, countCyclesPerImage(plan, images.subarray(0, imageSize)));
  const text = `${JSON.stringify(core, undefined, 1)}\n`;
  writeFileWhole(kept, text);
  // As a later run reads it, to the order of its fields.
  return keptFile.parse(JSON.parse(text));
}

const keptFile: z.ZodType<DigitalCore> = z.object({
  title: z.string(),
  clockHz: z.number(),
  cyclesPerImage: z.number(),
  latencyS: z.number(),
  areaUm2: z.number(),
  memoryAreaUm2: z.number(),
  timeSteps: z.number(),
  images: z.number(),
  blocks: z.array(
    z.object({
      name: z.string(),
      dynamicJ: z.number(),
      leakageJ: z.number(),
      memoryJ: z.number(),
      memoryBits: z.number(),
    }),
  ),
  gateableJ: z.object({ clock: z.number(), reads: z.number() }),
  tools: z.record(z.string(), z.string()),
  notes: z.array(z.string()),
});

function readKept(file: string): DigitalCore | undefined {
  try {
    return keptFile.parse(JSON.parse(textOf(readPlainFile(file))));
  } catch {
    return undefined;
  }
}

/** The same Verilog on the same images by the same tools and sources gives the same energy: the netlist is run once, which takes minutes. */
async function keyOf(
  directory: string,
  images: Uint8Array,
  options: CmosOptions,
  environment: ToolEnvironment,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options)).update(images);
  for (const name of ['yosys', 'sta', 'verilator'] as const)
    hash.update(`${name} ${(await findIfThere(name, environment))?.version} `);
  if (options.liberty !== undefined) hash.update(readInput(options.liberty));
  const files = readdirSync(directory).filter((name) => /\.(v|mem)$/.test(name));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(directory, name)));
  const source = fileURLToPath(new URL('../../', import.meta.url));
  for (const room of ['flow', 'sim', 'estimate']) {
    const names = readdirSync(join(source, room), { recursive: true, encoding: 'utf8' }).sort();
    // What of this room has to do with the chip of MTJs changes nothing here.
    const ours = room === 'estimate' ? /^(cell-power|gated-clocks|memory-accesses|digital)\.[jt]s$/ : /\.[jt]s$/;
    for (const name of names.filter((each) => ours.test(each))) hash.update(readFileSync(join(source, room, name)));
  }
  hash.update(readFileSync(join(source, '../sim/activity.cpp')));
  return hash.digest('hex').slice(0, 16);
}

function repeatTo(pixels: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  for (let at = 0; at < length; at += pixels.length) {
    result.set(pixels.subarray(0, Math.min(pixels.length, length - at)), at);
  }
  return result;
}
