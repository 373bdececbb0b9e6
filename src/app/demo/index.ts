/** npm run demo: one network through the whole chain, and a page of figures at the end. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import { readSourceMap, type SynthesisResult, synthesise, systemEnvironment, type Target } from '../../flow/index.ts';
import { checkMnist } from '../../network/index.ts';
import type { Plan } from '../../plan/index.ts';
import { figureBook } from '../../report/index.ts';
import { lockstep, mismatchText, type VerifyResult } from '../../sim/index.ts';
import type { AppContext } from '../context.ts';
import { verilogFiles } from '../folder/parts.ts';
import { writeCore } from '../folder/write.ts';
import { loadImages } from '../images.ts';
import { studyAccuracy } from './accuracy-study.ts';
import { demoName, demoPlan } from './reference.ts';
import { demoTables } from './tables.ts';

/** The checkout, and how much the demo runs. */
export interface DemoOptions {
  /** The checkout. */
  readonly root: string;
  readonly seeds: number;
  readonly lockstepImages: number;
  readonly targets: readonly Target[];
}

/** What `npm run demo` runs. */
export const usualDemo: Omit<DemoOptions, 'root'> = {
  seeds: 5,
  lockstepImages: 20,
  targets: ['ice40', 'ecp5', 'asic45'],
};

/** Runs everything and returns the text to end with. Throws checkFailed when Verilog and golden model differ. */
export async function runDemo(options: DemoOptions, context: AppContext): Promise<string> {
  const { root } = options;
  const { progress } = context;
  checkMnist();
  const plan = await demoPlan(root);
  const directory = join(root, 'generated', demoName);
  const core = await progress.step(`build generated/${demoName}`, (report) => writeCore(plan, directory, report));
  // Synthesis keeps one core busy, the golden model the other; the lockstep needs both, and goes first.
  const verify = await runLockstep(plan, directory, options, context);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, context.io.signal]);
  try {
    const [accuracy, costs] = await Promise.all([
      studyAccuracy(root, directory, options.seeds, progress),
      synthesiseAll(plan, directory, options.targets, { ...context, io: { ...context.io, signal } }),
    ]);
    const folder = relative(context.io.cwd, directory) || '.';
    const figures = figureBook.parse(JSON.parse(readFileSync(join(root, 'generated', 'figures.json'), 'utf8')));
    return demoTables({ plan, folder, core, accuracy, verify, costs, figures });
  } finally {
    stop.abort();
  }
}

async function runLockstep(
  plan: Plan,
  directory: string,
  options: DemoOptions,
  { io, progress }: AppContext,
): Promise<VerifyResult> {
  const data = loadImages({ limit: options.lockstepImages }, plan, io);
  const result = await progress.step(`lockstep of ${data.count} images in Verilator`, (report) =>
    lockstep(
      {
        directory,
        plan,
        images: data.pixels,
        ...(data.labels === undefined ? {} : { labels: data.labels }),
        signal: io.signal,
        onProgress: ({ stage, imagesDone, images, cycles }) =>
          report(imagesDone / images, stage === 'run' ? `${imagesDone} images, ${cycles} cycles` : stage),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  if (result.mismatch === undefined) return result;
  throw checkFailed('the Verilog differs from the golden model', {
    where: relative(io.cwd, directory),
    found: mismatchText(result.mismatch, { top: plan.name }),
  });
}

/** One target after the other: yosys uses one core. */
async function synthesiseAll(
  plan: Plan,
  directory: string,
  targets: readonly Target[],
  { io, progress }: AppContext,
): Promise<SynthesisResult[]> {
  const results: SynthesisResult[] = [];
  for (const target of targets) {
    const result = await progress.step(`synthesis for ${target}`, (report) =>
      synthesise(
        {
          directory,
          top: plan.name,
          verilogFiles: verilogFiles(directory),
          target,
          outputDirectory: join(directory, 'build', 'synth'),
          sourceMap: readSourceMap(directory),
          signal: io.signal,
          onProgress: (message) => report(0, message),
        },
        systemEnvironment(io.env, io.cwd),
      ),
    );
    results.push(result);
  }
  return results;
}
