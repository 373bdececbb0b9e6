/** A core of one's own against the golden model, from one line of a test. */
import { writeCore } from '../app/index.ts';
import { buildHardware, type CoreDesign, planCore } from '../core/index.ts';
import { checkFailed } from '../errors/index.ts';
import { findTool, systemEnvironment } from '../flow/index.ts';
import { interpret } from '../hdl/index.ts';
import {
  compareDuts,
  goldenReference,
  interpreterDut,
  lockstep,
  mismatchText,
  modelDut,
  testImages,
} from '../sim/index.ts';
import { withTemporaryFolder } from '../store/index.ts';

/** With what a core is compared. */
export interface BenchOptions {
  /** Image after image, row by row, a byte a pixel; two images of strokes when absent. */
  readonly images?: Uint8Array;
  /** `false`: the Verilog is not simulated, also where Verilator is installed. */
  readonly verilog?: boolean;
  /** Environment variables, where tools are looked for; those of the process when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** On how much of the core, for how long, and in which simulator. */
export interface CoreAgreement {
  /** Clock cycles that were compared. */
  readonly cycles: number;
  /** Registers and ports that were compared on each. */
  readonly signals: number;
  /** With whom: the Verilog in Verilator, or, without it, the hardware description in its interpreter. */
  readonly against: 'verilator' | 'interpreter';
}

/** Clock cycles that the interpreter, which is slow, is watched for. */
const interpretedCycles = 2000;

/**
 * Plans a core, then compares every register and port with the golden model on every clock cycle: its Verilog in Verilator where that is
 * installed, else the hardware description for 2,000 cycles.
 *
 * @throws SpinfireError (checkFailed) with the first difference: cycle, signal, layer, neuron, TypeScript line
 */
export async function coreAgrees(design: CoreDesign, options: BenchOptions = {}): Promise<CoreAgreement> {
  const plan = planCore(design);
  const images = options.images ?? testImages(plan.input, 2, 1);
  const environment = systemEnvironment(options.env ?? process.env, process.cwd());
  const verilator = options.verilog !== false && (await findTool('verilator', environment).catch(() => undefined));
  if (verilator) {
    return withTemporaryFolder(
      async (folder) => {
        const directory = `${folder}/${plan.name}`;
        await writeCore(plan, directory);
        const { cycles, signals, mismatch } = await lockstep({ directory, plan, images, trace: false }, environment);
        if (mismatch) throw differs(mismatchText(mismatch, { top: plan.name }));
        return { cycles, signals, against: 'verilator' } as const;
      },
      { plain: true },
    );
  }
  const golden = goldenReference(plan);
  const duts = [modelDut(golden), interpreterDut(interpret(buildHardware(plan)), golden.signals)];
  const { height, width, channels } = plan.input;
  const stimulus = {
    pixels: images,
    imageSize: height * width * channels,
    timeSteps: [plan.timeSteps.default],
    stall: 0,
  };
  const { cycles, difference } = await compareDuts(duts, stimulus, plan.timeSteps.max, interpretedCycles);
  if (difference)
    throw differs(
      `${difference.signal} in cycle ${difference.cycle}: ${Object.entries(difference.values)
        .map(([name, value]) => `${value} (${name})`)
        .join(', ')}`,
    );
  return { cycles, signals: golden.signals.length, against: 'interpreter' };
}

const differs = (found: string) => checkFailed('the core differs from the golden model', { found });
