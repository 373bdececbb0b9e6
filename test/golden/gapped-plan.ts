/** Random plans whose windows leave taps out. */
import type { LayerPlan, Plan } from '../../src/plan/index.ts';
import { randomFrom } from './random-plan.ts';

/** The plan with some taps' weights 0 and not walked over, in every layer of a window engine that has room for a gap. */
export function withGaps(plan: Plan, seed: number): Plan {
  const random = randomFrom(seed ^ 0x6a75);
  return { ...plan, layers: plan.layers.map((layer) => gapped(random, layer)) };
}

function gapped(random: (below: number) => number, layer: LayerPlan): LayerPlan {
  const { carry, weights } = layer;
  const share = 2 + random(5);
  const isWalked = weights[0]!.map(
    (_, tap) => (carry && tap >= carry.tap && tap < carry.tap + carry.count) || random(share) > 0,
  );
  const count = isWalked.filter(Boolean).length;
  if (layer.engine.kind !== 'window' || count === 0 || count === isWalked.length) return layer;
  const runs: { tap: number; count: number }[] = [];
  for (const [tap, walked] of isWalked.entries()) {
    if (!walked) continue;
    const last = runs.at(-1);
    if (last && last.tap + last.count === tap) last.count += 1;
    else runs.push({ tap, count: 1 });
  }
  return { ...layer, runs, weights: weights.map((row) => row.map((weight, tap) => (isWalked[tap] ? weight : 0))) };
}
