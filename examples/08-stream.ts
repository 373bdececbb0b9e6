/**
 * A stream with back-pressure: a buffer of the library between a producer that never pauses and a consumer that is ready in every third clock.
 * Run it: `npx tsx examples/08-stream.ts` draws the handshakes on both sides.
 */
import { elaborate, interpret, recordWaves, streamFifo, uint } from 'spinfire/hdl';

const simulation = interpret(elaborate(streamFifo('buffer', { type: uint(8), depth: 4 })));
simulation.reset();
const waves = recordWaves(simulation, ['s_valid', 's_ready', 's_data', 'm_valid', 'm_ready', 'm_data']);
const received: number[] = [];
for (let clock = 0, sent = 0; clock < 24; clock += 1) {
  simulation.poke('s_valid', true);
  simulation.poke('s_data', sent);
  simulation.poke('m_ready', clock % 3 === 2);
  if (simulation.peek('m_valid') === 1n && clock % 3 === 2) received.push(Number(simulation.peek('m_data')));
  if (simulation.peek('s_ready') === 1n) sent += 1;
  simulation.step();
}
waves.stop();
console.log(waves.text());
console.log(`received: ${received.join(' ')}`);
