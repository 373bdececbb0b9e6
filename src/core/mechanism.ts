/** Functional coverage: what a run must have made a core do. Each block declares beside itself what of it is to be reached. */
import type { Plan } from '../plan/index.ts';

/** What was seen of one run, at the core's ports and of its stimulus. */
export interface Observed {
  /** Asked for, image by image. */
  readonly timeSteps: readonly number[];
  readonly results: readonly {
    /** One for each class. */
    readonly scores: readonly number[];
    /** 0 where the core does not say. */
    readonly stepsUsed: number;
    readonly abstains: boolean;
  }[];
  /** Clock cycles, and images. */
  readonly events: {
    readonly inputPauses: number;
    readonly inputWaits: number;
    readonly outputWaits: number;
    readonly fills: number;
    readonly dropped: number;
    readonly droppedAmongOthers: number;
    /** How the first image went wrong. */
    readonly firstWrong?: 'short' | 'long' | 'marked' | undefined;
  };
  /** Images whose words were passed over. */
  readonly passedOver: number;
  /** Of the host on the register bus. */
  readonly accesses: number;
  readonly selfTests: number;
  /** In the middle of the work. */
  readonly resets: number;
}

/** Something that a block does, and whether a run has made it do it. */
export interface Mechanism {
  readonly name: string;
  /** Which cores have it, in words for the table; absent: all. */
  readonly of?: string;
  /** Absent: every core has it. */
  readonly isPart?: (plan: Plan) => boolean;
  readonly isReached: (seen: Observed, plan: Plan) => boolean;
}
