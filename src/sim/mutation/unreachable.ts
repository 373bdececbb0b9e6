/**
 * Whether a mutant differs from the core in any state that the core can be in. Both are one graph of gates, with the mutant's number among its inputs:
 * from the same registers and inputs the two must give the same next registers and outputs, and from whatever state a reset must leave both alike.
 * A model checker (abc's property-directed reachability) looks whether the core ever comes where they don't.
 */
import { type AndGraph, GraphBuilder, type Literal } from './aiger.ts';

/**
 * The question for one mutant as a graph whose only output is 1 where the two differ.
 *
 * A reset takes two clocks, the least that a core asks for (docs/microarchitecture.md): here it is one step that does what both do. The first step is
 * one. `skip_image` comes only before the first pixel, while the seeders rest, and no pixel before they do again.
 *
 * @param graph of the flat core with all mutants; ports as the core's top has them
 */
export function differenceOf(graph: AndGraph, mutant: number): { file: Uint8Array; impossible: boolean } {
  const { inputs, latches, outputs } = graph;
  // Two further registers: the core was reset; a pixel was offered since. Inputs twice: for both clocks of a reset.
  const builder = new GraphBuilder(2 * inputs.length, latches.length + 2);
  const started = builder.latch(latches.length);
  const begun = builder.latch(latches.length + 1);
  const port = (name: string) => inputs.findIndex((names) => names.split(' ').includes(name));
  const [reset, skip, valid] = [port('rst'), port('skip_image'), port('s_axis_tvalid')] as const;
  // A register that begins as 1 is kept inverted: the format's registers begin as 0.
  const held = (index: number): Literal => builder.latch(index) ^ latches[index]!.reset;
  const rests = restsOf(graph, builder, held);
  const offered = builder.and(builder.input(valid), builder.or(begun, rests));
  const skipped = skip < 0 ? 0 : builder.and(builder.and(builder.input(skip), rests), builder.or(begun, offered) ^ 1);
  const given = new Map<number, Literal>([
    ...[[reset, 0] as const, [valid, offered] as const],
    ...(skip < 0 ? [] : [[skip, skipped] as const]),
  ]);
  const bits = inputs.map((names) => /(?:^| )mutant\[(\d+)\]/.exec(names)?.[1]);
  const clock = (chosen: number, own: (index: number) => Literal, state: (index: number) => Literal) =>
    builder.copy(graph, (node) => {
      const index = node - 1;
      if (index >= inputs.length) return state(index - inputs.length);
      const bit = bits[index];
      return bit === undefined ? own(index) : (chosen >>> Number(bit)) & 1;
    });
  const working = (chosen: number) => clock(chosen, (index) => given.get(index) ?? builder.input(index), held);
  const afterReset = (chosen: number) => {
    const first = clock(chosen, (index) => (index === reset ? 1 : builder.input(index)), held);
    const second = (index: number) => (index === reset ? 1 : builder.input(inputs.length + index));
    return clock(chosen, second, (index) => first(latches[index]!.next));
  };
  const [core, other] = [working(0), working(mutant)];
  const [coreReset, otherReset] = [afterReset(0), afterReset(mutant)];
  const resets = builder.or(started ^ 1, builder.input(reset));
  let differs: Literal = 0;
  latches.forEach(({ next, reset: first }, index) => {
    const value = builder.mux(resets, coreReset(next), core(next));
    builder.next(index, value ^ first);
    const apartAfterReset = builder.xor(coreReset(next), otherReset(next));
    // From any state at all only what a reset gives a value is compared.
    const compared = coreReset(next) < 2 ? apartAfterReset : builder.and(started, apartAfterReset);
    differs = builder.or(differs, builder.mux(resets, compared, builder.xor(core(next), other(next))));
  });
  for (const { value } of outputs)
    differs = builder.or(differs, builder.and(resets ^ 1, builder.xor(core(value), other(value))));
  builder.next(latches.length, 1);
  builder.next(latches.length + 1, builder.and(resets ^ 1, builder.or(begun, offered)));
  return { file: builder.binary(differs), impossible: differs === 0 };
}

/** No seeder, and no stream without one, is at work. */
function restsOf({ latches }: AndGraph, builder: GraphBuilder, held: (index: number) => Literal): Literal {
  let rests: Literal = 1;
  latches.forEach(({ name }, index) => {
    if (/\b(?:seeding|skipping|encoder\.state)\b/.test(name)) rests = builder.and(rests, held(index) ^ 1);
  });
  return rests;
}
