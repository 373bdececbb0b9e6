/** spinfire verify: the Verilog against the golden model, every register and port on every clock. */

import { resolve } from 'node:path';
import type { z } from 'zod';
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
import {
  type HostileResult,
  hostileLockstep,
  hostileStimulus,
  lockstep,
  mismatchText,
  type VerifyResult,
  withTies,
} from '../../sim/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import {
  coreName,
  imageFileOptions,
  imagesOption,
  labelsOption,
  limitOption,
  marginType,
  timeStepsOption,
  workOption,
} from '../core-options.ts';
import { layoutOption } from '../design-options.ts';
import { wholeNumber, written } from '../options.ts';
import { verifyJson } from '../results/verify.ts';
import { coverageOf } from '../show/coverage.ts';
import { mutantsOf } from '../show/mutants.ts';
import { profileText } from '../show/profile.ts';

/** MNIST's test images that are run when nobody says which and how many. */
const usualImages = 20;
/** Fewer images do not make a steady state. */
const steadyImages = 4;
const fillingWords = ' while the pipeline fills: more images tell how many in steady state';

const options = {
  timesteps: timeStepsOption,
  margin: {
    argument: 'M',
    type: marginType,
    help: 'lead of the best score that answers an image; for a core built with --early-exit',
  },
  stall: {
    argument: 'seed',
    type: wholeNumber(1, 2 ** 32 - 1),
    help: 'random gaps on the input and output streams',
  },
  plain: { type: 'flag', help: 'the images as they are, without the hostile run after them' },
  work: workOption,
  junit: { argument: 'file', type: written('.xml'), help: 'write the result as JUnit XML' },
  trace: { type: 'switch', help: 'no waveform file of a mismatch' },
  mutants: {
    argument: 'N',
    type: wholeNumber(1, 60_000),
    help: 'how many of N mutants of the Verilog, made by yosys, this comparison finds',
  },
  coverage: {
    type: 'flag',
    help: 'lines that the hostile runs reach and bits that they toggle, by Verilator, and the holes',
  },
  profile: { type: 'flag', help: 'where the clock cycles of each layer go' },
  schedule: { argument: 'file.svg', type: written('.svg'), help: 'chart of which block works when' },
  images: imagesOption,
  ...imageFileOptions,
  layout: layoutOption,
  labels: labelsOption,
  limit: { ...limitOption, usual: `all of --images, ${usualImages} of MNIST's` },
} as const;

type Options = GivenOf<typeof options>;
type Result = ResultOf<z.output<typeof verifyJson>>;

export const verifyCommand = command({
  name: 'verify',
  summary: 'run the Verilog in lockstep with the golden model',
  arguments: { name: coreName },
  options,
  result: verifyJson,
  run: verify,
});

async function verify(
  { name, ...chosen }: Options & { readonly name: string },
  context: CommandContext,
): Promise<Result> {
  const { io, progress } = context;
  const core = openCore(name, io, chosen.work);
  const { plan } = core;
  const timeSteps = timeStepsOf(plan, chosen.timesteps);
  if (chosen.margin !== undefined) checkMargin(plan, chosen.margin);
  const limit = chosen.limit ?? (chosen.images === undefined ? usualImages : undefined);
  const data = loadImages({ ...chosen, limit, random: true }, plan, io);
  const stimulus = {
    ...(chosen.stall === undefined ? {} : { stall: chosen.stall }),
    ...(chosen.margin === undefined ? {} : { exitMargin: chosen.margin }),
  };
  const started = performance.now();
  const result = await progress.step(`lockstep of ${plan.name}, ${data.count} images`, (report) =>
    lockstep(
      {
        directory: core.directory,
        buildDirectory: core.work,
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
  const isHostile = !chosen.plain && chosen.stall === undefined && chosen.timesteps === undefined;
  if (isHostile && result.mismatches === 0) {
    const hostile = await progress.step(`hostile run of ${plan.name} (--plain leaves it out)`, (report) =>
      hostileLockstep(
        {
          directory: core.directory,
          buildDirectory: core.work,
          plan,
          images: data.pixels,
          trace: chosen.trace,
          signal: io.signal,
          onProgress: ({ stage, imagesDone, images, cycles }) =>
            report(imagesDone / images, stage === 'run' ? `${imagesDone} images, ${cycles} cycles` : stage),
        },
        systemEnvironment(io.env, io.cwd),
      ),
    );
    described = withHostile(core, described, hostile);
  }
  if (chosen.mutants !== undefined && result.mismatches === 0) {
    const ordinary = { images: data.pixels, timeSteps, ...stimulus };
    const fed = isHostile ? await withTies(plan, hostileStimulus(plan, data.pixels)) : ordinary;
    const run = { directory: core.directory, buildDirectory: core.work, plan, ...fed, signal: io.signal };
    const { json, text } = await mutantsOf({ ...run, mutants: chosen.mutants, seed: 1 }, context);
    described = { ...described, json: { ...described.json, mutation: json }, text: `${described.text}\n\n${text}` };
  }
  if (chosen.coverage && result.mismatches === 0) {
    const run = { directory: core.directory, buildDirectory: core.work, plan, images: data.pixels, signal: io.signal };
    const { json, text } = await coverageOf(run, context);
    described = { ...described, json: { ...described.json, coverage: json }, text: `${described.text}\n\n${text}` };
  }
  if (!chosen.profile && chosen.schedule === undefined) return described;
  const { profile, text } = await profileText(core, data.pixels, timeSteps, chosen.schedule, io);
  return { ...described, json: { ...described.json, profile: profile.layers }, text: `${described.text}\n\n${text}` };
}

function describe(core: OpenCore, result: VerifyResult, { stall, margin }: Options): Result {
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
  if (timing !== undefined)
    lines.push(`${Math.round(timing.cyclesPerImage)} cycles an image${images < steadyImages ? fillingWords : ''}`);
  if (steps !== undefined) lines.push(`${steps.toFixed(2)} time steps an image`);
  if (correct !== undefined) lines.push(`${correct} right: ${percent(correct / images)}`);
  if (mismatch !== undefined) lines.push(mismatchText(mismatch, { top: core.plan.name }));
  return { json, text: lines.join('\n'), exitCode: mismatches === 0 ? 0 : 1 };
}

function withHostile({ plan }: OpenCore, described: Result, hostile: HostileResult): Result {
  const { images, cycles, mismatches, mismatch, randomStarts } = hostile;
  const named = (seen: boolean) => hostile.mechanisms.filter((one) => one.seen === seen).map(({ name }) => name);
  const [seen, notSeen] = [named(true), named(false)];
  const lines = [
    `hostile: ${images} images, ${cycles} cycles, ${mismatches} mismatches, ${randomStarts} random starts; ${seen.length} of ${hostile.mechanisms.length} mechanisms reached`,
    ...notSeen.map((name) => `  not reached: ${name}`),
    ...(mismatch === undefined ? [] : [mismatchText(mismatch, { top: plan.name })]),
  ];
  return {
    ...described,
    json: {
      ...described.json,
      mismatches,
      ...(mismatch === undefined ? {} : { mismatch }),
      hostile: { images, cycles, mismatches, randomStarts, seen, notSeen },
    },
    text: [described.text, ...lines].join('\n'),
    exitCode: mismatches === 0 ? (described.exitCode ?? 0) : 1,
  };
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
