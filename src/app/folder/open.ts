/** NAME on the command line: a core that `build` wrote, a folder under generated/ or anywhere. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { badInput } from '../../errors/index.ts';
import type { Plan } from '../../plan/index.ts';
import { planFileName, readPlan } from '../../plan/index.ts';
import { readPlainFile, textOf } from '../../store/index.ts';
import type { Surroundings } from '../context.ts';

/** A core that `build` wrote: its folder, and its plan. */
export interface OpenCore {
  /** Absolute. */
  readonly directory: string;
  /** Where simulators, syntheses and logs of it go, absolute. */
  readonly work: string;
  readonly plan: Plan;
}

/**
 * Finds a core by its folder, or by its name under generated/.
 *
 * @param work a folder for what is made of cores, each in a folder of its own; by default `build` in the core's, which may be somebody else's
 * @throws badInput when there is none, or its plan is not one of this version
 */
export function openCore(name: string, io: Pick<Surroundings, 'cwd'>, work?: string): OpenCore {
  const candidates = [resolve(io.cwd, name), resolve(io.cwd, 'generated', name)];
  const directory = candidates.find((folder) => existsSync(join(folder, planFileName)));
  if (directory === undefined) {
    throw badInput('there is no core of this name', {
      found: name,
      expected: `a folder with ${planFileName}, here or under generated/`,
      help: 'write one with spinfire build',
    });
  }
  const planText = textOf(readPlainFile(join(directory, planFileName), join(name, planFileName)));
  return {
    directory,
    work: work === undefined ? join(directory, 'build') : join(resolve(io.cwd, work), basename(directory)),
    plan: readPlan(planText, join(name, planFileName)),
  };
}

/** The time steps that were asked for, or the core's usual number; throws badInput when the core cannot do as many. */
export function timeStepsOf(plan: Plan, chosen: number | undefined): number {
  const timeSteps = chosen ?? plan.timeSteps.default;
  if (timeSteps > plan.timeSteps.max) {
    throw badInput('--timesteps is more than the core can do', {
      found: String(timeSteps),
      expected: `at most ${plan.timeSteps.max}`,
    });
  }
  return timeSteps;
}
