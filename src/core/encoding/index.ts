/** The kinds of encoding. */
import type { Plan } from '../../plan/index.ts';
import { bernoulliKind } from './bernoulli.ts';
import type { EncodingKind } from './contract.ts';
import { directKind } from './direct.ts';

/** By the plan's word for each. */
const encodingKinds: Readonly<Record<Plan['encoding']['kind'], EncodingKind>> = {
  bernoulli: bernoulliKind,
  direct: directKind,
};

export function encodingKindOf({ encoding }: Pick<Plan, 'encoding'>): EncodingKind {
  return encodingKinds[encoding.kind];
}
