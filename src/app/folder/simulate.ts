/** Answers by Verilog: that of a core's folder, or of a plan that nobody has built yet. */
import { userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { skipClocks } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
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

/**
 * SPINFIRE_CACHE, or the usual place for what can be made again.
 *
 * @param ofAccount the home that the system has for the account that runs this; throws where it has none
 * @throws badInput where there is neither that nor a home
 */
export function cacheFolder(env: Surroundings['env'], ofAccount = () => userInfo().homedir): string {
  // A variable that is empty is one that is not set; one of the XDG standard must be absolute.
  const { SPINFIRE_CACHE: own = '', XDG_CACHE_HOME: usual = '' } = env;
  if (own !== '') return resolve(own);
  return join(isAbsolute(usual) ? usual : join(home(env, ofAccount), '.cache'), 'spinfire');
}

/** HOME, or where the system has the account's. */
function home({ HOME: named = '' }: Surroundings['env'], ofAccount: () => string): string {
  if (isAbsolute(named)) return named;
  try {
    return ofAccount();
  } catch (cause) {
    // An account without a name, as containers have them.
    throw badInput(
      'there is no place for what is kept between runs',
      {
        found: 'neither HOME nor a home of this account',
        help: 'set SPINFIRE_CACHE, or HOME, to a folder of your own',
      },
      cause,
    );
  }
}
