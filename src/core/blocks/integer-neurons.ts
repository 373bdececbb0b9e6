/** What an integer core has in place of neurons (docs/microarchitecture.md, "Integer core"). */
import { bool, defineModule, type ModuleDefinition, sint, uint } from '../../hdl/index.ts';
import type { IntegerNeuron, LayerPlan } from '../../plan/index.ts';
import { pixelBits } from './encoder.ts';
import { tableAddress } from './neurons.ts';

/** Bits of a value between two layers: as many as a pixel has. */
export const integerBits = pixelBits;

export function integerNeurons(core: string, layer: LayerPlan, activation: IntegerNeuron): ModuleDefinition {
  const { table } = activation;
  return defineModule(`${core}_${layer.name}_neurons`, (m) => {
    m.doc(
      `The sigmoid of ${layer.name} as a table of ${integerBits}-bit values: the potential addresses it, and nothing is left to chance.`,
    );
    m.clock('clk');
    m.reset('rst');
    const draw = m.input('draw', bool(), { doc: "the potential is a neuron's" });
    const potential = m.input('potential_0', sint(layer.accumulatorBits));
    const valid = m.output('valid', bool(), { doc: 'one clock after draw' });
    const value = m.output('value', uint(integerBits));

    const s1Valid = m.register('s1_valid', bool(), { reset: 0 });
    m.next(s1Valid, draw);
    const memory = m.memory('sigmoid_table', {
      depth: table.length,
      type: uint(integerBits),
      contents: [...table],
      contentsFile: `${core}_${layer.name}_table.mem`,
    });
    m.assign(
      value,
      memory.read('code', m.name('table_addr', tableAddress(m, potential, activation)), { enable: draw }),
    );
    m.assign(valid, s1Valid);
  });
}
