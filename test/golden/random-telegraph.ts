/** Random telegraphic neurons for random plans. */
import type { Plan } from '../../src/plan/index.ts';
import { randomFrom } from './random-plan.ts';

/** The plan with junctions that keep their state in every layer of neurons; a plan without neurons stays as it is. */
export function withRandomTelegraph(plan: Plan, seed: number): Plan {
  if (!plan.layers.some(({ neuron }) => 'stream' in neuron)) return plan;
  const random = randomFrom(seed ^ 0x7e1e);
  const layers = plan.layers.map((layer) => {
    if (layer.neuron.kind !== 'ideal') return layer;
    const pairs = layer.neuron.table.map(() => {
      const two = [random(65536), random(3) === 0 ? 65535 : random(65536)];
      return random(6) === 0 ? [0, 0] : two.sort((a, b) => a - b);
    });
    const [flip, stay] = [0, 1].map((which) => pairs.map((pair) => pair[which]!));
    return { ...layer, neuron: { ...layer.neuron, kind: 'telegraph' as const, flip: flip!, stay: stay! } };
  });
  return { ...plan, neuron: { kind: 'telegraph', start: random(2) === 0 ? 'silent' : 'stationary' }, layers };
}
