/** What `build` writes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  addersOf,
  buildHardware,
  coreBindings,
  registerMap,
  registersC,
  registersIpxact,
  registersRdl,
  type WrapperKind,
} from '../../core/index.ts';
import { emitVerilog, type VerilogOutput } from '../../hdl/index.ts';
import { mnistPaths, readIdxFiles } from '../../network/index.ts';
import type { Plan } from '../../plan/index.ts';
import { planFileName, planJsonSchema, planSchemaFileName, writePlan } from '../../plan/index.ts';
import { testbenchFiles, testImages } from '../../sim/index.ts';
import type { Report } from '../context.ts';
import { writeFolderWhole } from '../files.ts';
import { fusesocCore } from './fusesoc.ts';
import { countCyclesPerImage, roughCycles } from './timing.ts';
import { wrapperFiles } from './wrapper.ts';

/** What `writeCore` wrote. */
export interface WrittenCore {
  /** Relative to the folder. */
  readonly verilog: readonly string[];
  readonly top: string;
  /** Additions a clock cycle when every lane is busy. */
  readonly lanes: number;
  /** Counted in the golden model on the test bench's images, with the usual number of time steps; absent where that takes long. */
  readonly cyclesPerImage?: number;
}

/** Most images of the test bench and of the count of cycles. */
const sampleImages = 4;
/** Of the test bench: enough for one that is cut short, one that runs on and one that is marked, with good ones around. */
const benchImages = 8;
/** Clocks of a core of so many layers that are simulated for the test bench, and to count those of an image: some seconds. A clock costs more with more. */
const benchClocks = 1_200_000;
const countedClocks = 400_000;
const usualLayers = 16;

/**
 * Writes the core of a plan to `directory`, whole or not at all.
 *
 * @param images of the test bench, image after image; the first ones are taken. Absent: digits where they fit, strokes elsewhere
 */
export async function writeCore(
  plan: Plan,
  directory: string,
  report: Report = () => {},
  wrappers: readonly WrapperKind[] = [],
  images: Uint8Array = exampleImages(plan, benchImages),
): Promise<WrittenCore> {
  let core: WrittenCore | undefined;
  // Everything happens inside, so that a place that cannot be written to is refused before the work.
  await writeFolderWhole(directory, { mark: planFileName, keep: ['build'] }, async (folder) => {
    const made = await makeCore(plan, images, report);
    const around = wrapperFiles(plan, wrappers, made.core.verilog);
    report(0.9, 'files');
    for (const { path, text } of [...made.files, ...around]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    core = made.core;
  });
  return core!;
}

interface MadeCore {
  readonly core: WrittenCore;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

function emitCore(plan: Plan) {
  const design = buildHardware(plan);
  return { design, output: emitVerilog(design, { generator: 'spinfire', configuration: configurationOf(plan) }) };
}

/** Writes the core's Verilog and memories alone: what a simulator of it needs. */
export function writeVerilog(plan: Plan, directory: string): void {
  for (const { path, text } of emitCore(plan).output.files) writeFileSync(join(directory, path), text);
}

async function makeCore(plan: Plan, given: Uint8Array, report: Report): Promise<MadeCore> {
  report(0, 'hardware');
  const { design, output } = emitCore(plan);
  const names = output.files.map(({ path }) => path);
  const verilog = names.filter((path) => path.endsWith('.v'));
  report(0.3, 'bindings');
  const bindings = await coreBindings(design, { generator: 'spinfire', busRegisters: registerMap(plan) });
  report(0.4, 'test bench');
  const { height, width, channels } = plan.input;
  const rough = roughCycles(plan) * Math.max(1, plan.layers.length / usualLayers);
  // The first image takes one pass; the others all.
  const count = Math.max(1, Math.min(benchImages, 1 + Math.floor(benchClocks / rough)));
  const first = (images: number) => given.subarray(0, images * height * width * channels);
  const bench = await testbenchFiles({ plan, verilogFiles: verilog, images: first(count) });
  report(0.7, 'cycles of an image');
  const isQuick = count >= sampleImages && sampleImages * rough <= countedClocks;
  const lanes = plan.layers.reduce((sum, layer) => sum + addersOf(layer, layer.timeLanes), 0);
  return {
    core: {
      ...{ verilog, top: output.top, lanes },
      ...(isQuick ? { cyclesPerImage: countCyclesPerImage(plan, first(sampleImages)) } : {}),
    },
    files: [
      ...output.files,
      ...bench,
      { path: planFileName, text: writePlan(plan) },
      { path: planSchemaFileName, text: planJsonSchema() },
      ...(registerMap(plan).length > 0
        ? [
            { path: 'registers.json', text: registersText(plan) },
            { path: 'registers.h', text: registersC(plan) },
            { path: 'registers.rdl', text: registersRdl(plan) },
            { path: 'registers.xml', text: registersIpxact(plan) },
          ]
        : []),
      { path: 'bindings.ts', text: bindings },
      { path: 'map.json', text: mapText(output) },
      {
        path: `${plan.name}.core`,
        text: fusesocCore(plan.name, output.top, { rtl: names, testbench: bench.map(({ path }) => path) }),
      },
    ],
  };
}

/** Real digits where they fit, strokes elsewhere. */
function exampleImages(plan: Plan, count: number): Uint8Array {
  const { height, width, channels } = plan.input;
  if (height !== 28 || width !== 28 || channels !== 1) return testImages(plan.input, count, 1);
  return readIdxFiles(mnistPaths().test.images).pixels.slice(0, count * height * width);
}

/** Verilog line -> TypeScript line, an entry a line: small changes stay small in a diff. */
function mapText({ map }: VerilogOutput): string {
  return `[\n${map.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`;
}

/** The register map of the bus, a register a line. */
function registersText(plan: Plan): string {
  return `[\n${registerMap(plan)
    .map((register) => JSON.stringify(register))
    .join(',\n')}\n]\n`;
}

/** What the header of each Verilog file says about the core. */
function configurationOf(plan: Plan): string {
  const { encoding, readout, timeSteps, seed, layers } = plan;
  const folds = layers.map(
    ({ name, engine, outputLanes, positionLanes }) => `${name} ${engine.kind} ${outputLanes}x${positionLanes}`,
  );
  return `${plan.name}: ${encoding.kind} encoding, ${readout.kind} readout, ${timeSteps.default} of ${timeSteps.max} time steps, ${timeSteps.lanes} side by side, seed ${seed}; ${folds.join(', ')}`;
}
