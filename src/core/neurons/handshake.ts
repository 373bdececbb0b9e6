/** How engines and neurons agree, by the kind of neuron. */
import type { Handshake } from '../links/index.ts';
import type { Stage } from '../stage.ts';

/** Neurons that draw random words rest between passes, and where these are seeded, load. */
export function handshakeOf({ layer, seeding, neuron }: Pick<Stage, 'layer' | 'seeding' | 'neuron'>): Handshake {
  const rests = 'stream' in layer.neuron;
  const waits = rests && neuron.kind === 'device' && (neuron.phases !== null || neuron.selfTest);
  return { rests, loads: rests && seeding === 'seeder', waits };
}
