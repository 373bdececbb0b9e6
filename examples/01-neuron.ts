/**
 * A stochastic neuron in twenty lines: a random word decides whether the potential's probability makes a spike.
 * Run it: `npx tsx examples/01-neuron.ts` prints its Verilog, its waveform, and compares it with the same rule in plain integers.
 */
import { bool, concat, defineModule, elaborate, emitVerilog, interpret, recordWaves, sint, uint } from 'spinfire/hdl';

/** P(spike) in units of 1/256 at the potentials -4, -3.5, ... 3.5: a sigmoid, eight bits wide. */
const curve = Array.from({ length: 16 }, (_, a) => Math.round(256 / (1 + Math.exp(4 - a / 2))));

const neuron = defineModule('neuron', (m) => {
  m.doc('Spikes with a probability that is a sigmoid of the potential.');
  m.clock('clk');
  m.reset('rst');
  const draw = m.input('draw', bool(), { doc: 'one time step' });
  const potential = m.input('membrane', sint(4), { doc: 'in units of 1/2' });
  const spike = m.output('spike', bool(), { doc: 'one clock after draw' });

  const state = m.register('state', uint(16), { reset: 0xace1, doc: 'LFSR, x^16 + x^5 + x^3 + x^2 + 1' });
  const word = m.register('word', uint(8), { reset: 0 });
  const fresh = state.slice(10, 0).xor(state.slice(12, 2)).xor(state.slice(13, 3)).xor(state.slice(15, 5));
  m.when(draw, () => {
    m.next(state, concat(fresh, state.slice(15, 11)));
    m.next(word, state.slice(7, 0));
  });
  const table = m.memory('switching_table', { depth: 16, type: uint(8), contents: curve });
  const address = concat(potential.isNegative().not(), potential.slice(2, 0));
  const code = table.read('code', address, { enable: draw });
  m.assign(spike, word.lessThan(code));
});

const design = elaborate(neuron);
const verilog = emitVerilog(design, { generator: 'spinfire', configuration: 'example neuron' });
console.log(verilog.files.find((file) => file.path === 'neuron.v')?.text);

// Its waveform, from the interpreter: no tool is needed.
const simulation = interpret(design);
simulation.reset();
simulation.poke('draw', true);
simulation.poke('membrane', 1);
const waves = recordWaves(simulation, ['draw', 'membrane', 'word', 'code', 'spike']);
simulation.step(16);
waves.stop();
console.log(waves.text());

// In step with a second opinion: the same rule, one bit of the LFSR at a time, in plain integers.
simulation.reset();
simulation.poke('draw', true);
simulation.poke('membrane', 1);
let bits = 0xace1;
let spikes = 0;
const steps = 4096;
for (let step = 0; step < steps; step++) {
  const expected = (bits & 255) < curve[8 + 1]!;
  for (let shift = 0; shift < 11; shift++) {
    const next = (bits ^ (bits >> 2) ^ (bits >> 3) ^ (bits >> 5)) & 1;
    bits = (bits >> 1) | (next << 15);
  }
  simulation.step();
  const actual = simulation.peek('spike') === 1n;
  if (actual !== expected) throw new Error(`step ${step}: the hardware says ${actual}, the rule ${expected}`);
  if (actual) spikes++;
}
console.log(`${steps} time steps in agreement; ${spikes} spikes, ${(curve[9]! / 256) * steps} expected`);
