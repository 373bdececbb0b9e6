/** What the demo found, for its page. */
import type { SynthesisResult } from '../../flow/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { FigureBook } from '../../report/index.ts';
import type { VerifyResult } from '../../sim/index.ts';
import type { WrittenCore } from '../folder/write.ts';
import type { AccuracyStudy } from './accuracy-study.ts';

export interface DemoResults {
  readonly plan: Plan;
  /** As people type it. */
  readonly folder: string;
  readonly core: WrittenCore;
  readonly accuracy: readonly AccuracyStudy[];
  readonly verify: VerifyResult;
  readonly costs: readonly SynthesisResult[];
  /** generated/figures.json */
  readonly figures: FigureBook;
}
