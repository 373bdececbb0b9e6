/** All mechanisms of a core, block by block. */
import type { Plan } from '../plan/index.ts';
import { passMechanisms } from './encoding/mechanisms.ts';
import { guardMechanisms } from './image-guard.ts';
import { streamMechanisms } from './links/mechanisms.ts';
import type { Mechanism } from './mechanism.ts';
import { randomMechanisms } from './random/mechanisms.ts';
import { readoutMechanisms } from './readout/mechanisms.ts';
import { registerMechanisms } from './registers/mechanisms.ts';

const blocks: readonly (readonly [string, readonly Mechanism[]])[] = [
  ['streams and reset', streamMechanisms],
  ['image guard', guardMechanisms],
  ['passes', passMechanisms],
  ['random streams', randomMechanisms],
  ['readout', readoutMechanisms],
  ['registers', registerMechanisms],
];

/** What the blocks of this core are to be made to do, in the order of the table: those whose `isPart` the plan fits. */
export function coreMechanisms(plan: Plan): Mechanism[] {
  return blocks.flatMap(([, all]) => all).filter(({ isPart }) => isPart === undefined || isPart(plan));
}

/** The table for people: block, mechanism, which cores have it. */
export function mechanismTable(): { readonly block: string; readonly name: string; readonly of: string }[] {
  return blocks.flatMap(([block, all]) => all.map(({ name, of = 'all' }) => ({ block, name, of })));
}
