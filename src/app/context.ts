/** What the work of this room may touch of the outside world, passed in by whoever calls it. */

import type { SpinfireError } from '../errors/index.ts';

/** Where the work takes place. */
export interface Surroundings {
  /** Environment variables: where tools and caches are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  /** Aborting it ends the work and the tools that it started. */
  readonly signal: AbortSignal;
  /**
   * Told of a person's program that is to end within so many milliseconds. One that computes without a pause can only be ended from outside;
   * who can do that shows the error then. What comes back is to be called when the program has ended. Absent: nobody can.
   */
  readonly limit?: (ms: number, error: SpinfireError) => () => void;
}

/** Tells how far a step is: 0..1, and in words. */
export type Report = (fraction: number, words?: string) => void;

/** Who is told how far long work is. */
export interface Progress {
  /** Runs one step of the work and shows how far it is. Steps may run side by side. */
  step<Result>(title: string, work: (report: Report) => Promise<Result> | Result): Promise<Result>;
}

/** What a piece of work gets besides its arguments. */
export interface AppContext {
  readonly io: Surroundings;
  readonly progress: Progress;
}

/** Tells nobody. */
export const quiet: Progress = { step: async (_title, work) => work(() => {}) };
