/** Refuses what does not go together, by the schema's one table. */
import { badInput } from '../errors/index.ts';
import { type AskedFor, clashOf } from './schema/index.ts';

/** Throws badInput, naming both and what to leave out, when two things are asked for that do not go together. */
export function checkFeatures(asked: AskedFor): void {
  const clash = clashOf(asked);
  if (clash === undefined) return;
  throw badInput(`${clash.things.join(' and ')} do not go together`, {
    found: 'both',
    expected: `one of them: ${clash.reason}`,
    help: clash.help,
  });
}
