/** Answers by Verilog: that of a core's folder, or of a plan that nobody has built yet. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { skipClocks } from '../../core/index.ts';
import { systemEnvironment } from '../../flow/index.ts';
import type { Plan } from '../../plan/index.ts';
import { runVerilator } from '../../sim/index.ts';
import { withTemporaryFolder } from '../../store/index.ts';
import type { Answers } from '../accuracy.ts';
import type { Surroundings } from '../context.ts';
import type { LoadedImages } from '../images.ts';
import { writeVerilog } from './write.ts';

/** Surroundings and progress of a simulation, and the margin of early exit. */
export interface SimulateHooks {
  readonly io: Surroundings;
  readonly onProgress: (done: number, total: number) => void;
  /** Early exit. */
  readonly margin?: number | undefined;
  /** Number of the first image, its place in the random streams. */
  readonly firstImage?: number | undefined;
  /** The folder of a core that was built, whose Verilog answers; absent: the plan's, as the program writes it today. */
  readonly directory?: string | undefined;
}

/**
 * Runs the plan's Verilog in Verilator with `timeSteps`. What is kept is the simulator, by the hash of all that it was made from. The answers hold that
 * one number of time steps.
 */
export async function verilogAnswers(
  plan: Plan,
  data: LoadedImages,
  timeSteps: number,
  hooks: SimulateHooks,
): Promise<Answers> {
  if (hooks.directory !== undefined) return answersOf(hooks.directory, plan, data, timeSteps, hooks);
  return withTemporaryFolder((directory) => {
    writeVerilog(plan, directory);
    return answersOf(directory, plan, data, timeSteps, hooks);
  });
}

async function answersOf(
  directory: string,
  plan: Plan,
  data: LoadedImages,
  timeSteps: number,
  { io, onProgress, margin, firstImage = 0 }: SimulateHooks,
): Promise<Answers> {
  const exit = margin === undefined ? {} : { exitMargin: margin };
  const buildDirectory = join(cacheFolder(io.env), 'simulators');
  const skip = firstImage === 0 ? {} : { skip: { images: firstImage, clocks: skipClocks(plan) } };
  const run = { directory, buildDirectory, plan, images: data.pixels, timeSteps, ...exit, ...skip };
  const { classes, stepsUsed } = await runVerilator(
    { ...run, signal: io.signal, onProgress },
    systemEnvironment(io.env, io.cwd),
  );
  return { images: data.count, steps: [timeSteps], classes, ...(margin === undefined ? {} : { stepsUsed }) };
}

/** SPINFIRE_CACHE, or the usual place for what can be made again. */
export function cacheFolder(env: Surroundings['env']): string {
  // A variable that is empty is one that is not set; one of the XDG standard must be absolute.
  const { SPINFIRE_CACHE: own = '', XDG_CACHE_HOME: usual = '' } = env;
  return own === '' ? join(isAbsolute(usual) ? usual : join(homedir(), '.cache'), 'spinfire') : resolve(own);
}
