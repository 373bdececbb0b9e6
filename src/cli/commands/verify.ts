/** spinfire verify: the Verilog against the golden model, every register and port on every clock. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  checkMargin,
  loadImages,
  meanOf,
  type OpenCore,
  openCore,
  percent,
  timeStepsOf,
  writeFileWhole,
} from '../../app/index.ts';
import { systemEnvironment } from '../../flow/index.ts';
import { junitXml } from '../../report/index.ts';
import { lockstep, mismatchText, type VerifyResult } from '../../sim/index.ts';
import type { CommandResult } from '../io.ts';
import { parseOptions, wholeNumber } from '../options.ts';
import type { CommandContext, Runner } from '../run.ts';
import { mutantsOf } from '../show/mutants.ts';
import { profileText } from '../show/profile.ts';

const options = z.object({
  images: z.string().optional(),
  labels: z.string().optional(),
  limit: wholeNumber(1, 1_000_000).optional(),
  timesteps: wholeNumber(1, 255).optional(),
  margin: wholeNumber(0, 2 ** 31 - 1).optional(),
  stall: wholeNumber(1, 2 ** 32 - 1).optional(),
  junit: z.string().optional(),
  trace: z.boolean().default(true),
  mutants: wholeNumber(1, 60_000).optional(),
  profile: z.boolean().optional(),
  schedule: z.string().optional(),
});

/** MNIST's test images that are run when nobody says which and how many. */
const usualImages = 20;

type Options = z.output<typeof options>;

export function addVerify(program: Command, run: Runner): void {
  program
    .command('verify')
    .description('run the Verilog in lockstep with the golden model')
    .argument('<name>', 'a core that build wrote: a folder, or its name under generated/')
    .option('--images <file>', "IDX file, gzipped or not (MNIST's test images)")
    .option('--labels <file>', 'IDX file')
    .option('--limit <N>', "only the first N images (all of --images, 20 of MNIST's)")
    .option('--timesteps <T>', "time steps of an image (the core's)")
    .option('--margin <M>', 'lead of the best score that answers an image; for a core built with --early-exit')
    .option('--stall <seed>', 'random gaps on the input and output streams')
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--no-trace', 'no waveform file of a mismatch')
    .option('--mutants <N>', 'how many of N mutants of the Verilog, made by yosys, this comparison finds')
    .option('--profile', 'where the clock cycles of each layer go')
    .option('--schedule <file.svg>', 'chart of which block works when')
    .action((name: string, given) => run((context) => verify(name, parseOptions(options, given), context)));
}

async function verify(name: string, chosen: Options, context: CommandContext): Promise<CommandResult> {
  const { io, progress } = context;
  const core = openCore(name, io);
  const { plan } = core;
  const timeSteps = timeStepsOf(plan, chosen.timesteps);
  if (chosen.margin !== undefined) checkMargin(plan, chosen.margin);
  const limit = chosen.limit ?? (chosen.images === undefined ? usualImages : undefined);
  const data = loadImages({ ...chosen, limit }, plan.input, plan.readout.classes, io);
  const stimulus = {
    ...(chosen.stall === undefined ? {} : { stall: chosen.stall }),
    ...(chosen.margin === undefined ? {} : { exitMargin: chosen.margin }),
  };
  const started = performance.now();
  const result = await progress.step(`lockstep of ${plan.name}, ${data.count} images`, (report) =>
    lockstep(
      {
        directory: core.directory,
        plan,
        images: data.pixels,
        ...(data.labels === undefined ? {} : { labels: data.labels }),
        timeSteps,
        ...stimulus,
        trace: chosen.trace,
        signal: io.signal,
        onProgress: ({ stage, imagesDone, images, cycles }) =>
          report(imagesDone / images, stage === 'run' ? `${imagesDone} images, ${cycles} cycles` : stage),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  if (chosen.junit !== undefined) {
    const seconds = (performance.now() - started) / 1000;
    writeFileWhole(resolve(io.cwd, chosen.junit), junitText(core, result, seconds));
  }
  let described = describe(core, result, chosen);
  if (chosen.mutants !== undefined && result.mismatches === 0) {
    const run = { directory: core.directory, plan, images: data.pixels, timeSteps, ...stimulus, signal: io.signal };
    const { json, text } = await mutantsOf({ ...run, mutants: chosen.mutants, seed: 1 }, context);
    described = { ...described, json: { ...described.json, mutation: json }, text: `${described.text}\n\n${text}` };
  }
  if (!chosen.profile && chosen.schedule === undefined) return described;
  const { profile, text } = await profileText(core, data.pixels, timeSteps, chosen.schedule, io);
  return { ...described, json: { ...described.json, profile: profile.layers }, text: `${described.text}\n\n${text}` };
}

function describe(core: OpenCore, result: VerifyResult, { stall, margin }: Options): CommandResult {
  const { cycles, signals, images, mismatches, cyclesPerSecond, mismatch, timing, correct, predictions } = result;
  const steps = margin === undefined ? undefined : meanOf(result.results.map((one) => one.stepsUsed));
  const json = {
    cycles,
    signals,
    images,
    mismatches,
    cyclesPerSecond,
    predictions,
    ...(correct === undefined ? {} : { correct }),
    ...(timing === undefined ? {} : { cyclesPerImage: timing.cyclesPerImage, latency: timing }),
    ...(mismatch === undefined ? {} : { mismatch }),
    ...(stall === undefined ? {} : { stall }),
    ...(steps === undefined ? {} : { margin, meanTimeSteps: steps }),
  };
  const lines = [
    `${core.plan.name}: ${images} images, ${cycles} cycles x ${signals} signals compared, ${mismatches} mismatches`,
    `${Math.round(cyclesPerSecond)} cycles a second`,
  ];
  if (timing !== undefined) lines.push(`${Math.round(timing.cyclesPerImage)} cycles an image`);
  if (steps !== undefined) lines.push(`${steps.toFixed(2)} time steps an image`);
  if (correct !== undefined) lines.push(`${correct} right: ${percent(correct / images)}`);
  if (mismatch !== undefined) lines.push(mismatchText(mismatch, { top: core.plan.name }));
  return { json, text: lines.join('\n'), exitCode: mismatches === 0 ? 0 : 1 };
}

function junitText({ plan }: OpenCore, { images, predictions, mismatch }: VerifyResult, seconds: number): string {
  const cases = Array.from({ length: images }, (_, image) => {
    const name = `image ${image} in lockstep`;
    if (image < predictions.length) return { name };
    const why = mismatch === undefined ? 'no result' : mismatchText(mismatch, { top: plan.name });
    return { name, failure: why };
  });
  return junitXml({ name: `spinfire verify ${plan.name}`, seconds, cases });
}
