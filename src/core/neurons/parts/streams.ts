/** The random words of a bank of neurons, moved by its engine's passes. */
import { bool, lit, type ModuleBuilder } from '../../../hdl/index.ts';
import type { StreamPlan } from '../../../plan/index.ts';
import type { PotentialsIn } from '../../links/index.ts';
import { type PassWords, type StreamShape, type WordStreams, wordStreams } from '../../random/index.ts';
import type { Stage } from '../../stage.ts';

export function passStreams(
  m: ModuleBuilder,
  { core, layer, seeding, passLanes, maxTimeSteps }: Stage,
  stream: StreamPlan,
  { start = lit(0, bool()), startLast = lit(0, bool()), newImage, draw, last }: PotentialsIn,
  {
    lockup,
    asksFresh,
    ...changes
  }: Pick<PassWords, 'skip'> & Partial<PassWords> & Pick<StreamShape, 'lockup' | 'asksFresh'>,
): WordStreams {
  const pass = { start, startLast, newImage, draw, last, ...changes };
  const shape = { core, owner: layer.name, stream, lanes: passLanes, maxTimeSteps, lockup, asksFresh };
  return wordStreams(m, seeding, shape, pass);
}
