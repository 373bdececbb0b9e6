/** Answers by the Verilog of a plan, for a core that nobody has built yet. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemEnvironment } from '../../flow/index.ts';
import type { IdxData } from '../../network/index.ts';
import type { Plan } from '../../plan/index.ts';
import { runVerilator } from '../../sim/index.ts';
import type { Answers } from '../accuracy.ts';
import type { Surroundings } from '../context.ts';
import { planFileName, writePlan } from './plan-file.ts';
import { writeCore } from './write.ts';

export interface SimulateHooks {
  readonly io: Surroundings;
  readonly onProgress: (done: number, total: number) => void;
  /** Early exit. */
  readonly margin?: number | undefined;
}

/** Builds the core once into a cache, then runs it in Verilator with `timeSteps`. The answers hold that one number of time steps. */
export async function verilogAnswers(
  plan: Plan,
  data: IdxData,
  timeSteps: number,
  { io, onProgress, margin }: SimulateHooks,
): Promise<Answers> {
  const key = createHash('sha256').update(writePlan(plan)).digest('hex').slice(0, 16);
  const directory = join(cacheFolder(io.env), 'cores', `${plan.name}-${key}`);
  if (!existsSync(join(directory, planFileName))) await writeCore(plan, directory);
  const exit = margin === undefined ? {} : { exitMargin: margin };
  const { classes, stepsUsed } = await runVerilator(
    { directory, plan, images: data.pixels, timeSteps, ...exit, signal: io.signal, onProgress },
    systemEnvironment(io.env, io.cwd),
  );
  return { images: data.count, steps: [timeSteps], classes, ...(margin === undefined ? {} : { stepsUsed }) };
}

/** SPINFIRE_CACHE, or the usual place for what can be made again. */
export function cacheFolder(env: Surroundings['env']): string {
  return env.SPINFIRE_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'spinfire');
}
