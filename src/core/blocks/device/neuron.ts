/** One neuron of a bank that behaves like its device: table, random word, comparator. */
import { bool, defineModule, type ModuleDefinition, sint, uint } from '../../../hdl/index.ts';
import type { DeviceNeuron, LayerPlan, Seeding } from '../../../plan/index.ts';
import { unsignedBits, wordBits } from '../../../plan/index.ts';
import { certainCode, noisePorts, noiseState, tableAddress } from '../neurons.ts';

export interface DeviceNeuronOptions {
  readonly core: string;
  readonly layer: LayerPlan;
  readonly neurons: DeviceNeuron;
  readonly seeding: Seeding;
  readonly loadTable: boolean;
  /** Width of a potential, or `address` when the bank makes the table's address itself. */
  readonly input: number | 'address';
}

/** Potential or table address in; one clock later whether the device switches. */
export function deviceNeuron(options: DeviceNeuronOptions): ModuleDefinition {
  const { core, layer, neurons, seeding, loadTable, input } = options;
  const { table, stream } = neurons;
  const addressBits = unsignedBits(table.length - 1);
  return defineModule(`${core}_${layer.name}_mtj`, (m) => {
    m.doc(
      'One magnetic tunnel junction: its switching curve and a random word decide whether the write current switches it.',
    );
    m.clock('clk');
    m.reset('rst');
    const noise = noisePorts(m, seeding);
    const draw = m.input('draw', bool(), { doc: "the potential is a neuron's" });
    const given = input === 'address' ? m.input('address', uint(addressBits)) : m.input('potential_in', sint(input));
    const write = loadTable
      ? {
          enable: m.input('table_write', bool(), { doc: 'the host loads an entry' }),
          index: m.input('entry_index', uint(addressBits)),
          data: m.input('entry_code', uint(wordBits)),
        }
      : undefined;
    const switches = m.output('switches', bool(), { doc: 'one clock after draw, holds until the next' });

    m.section('Thermal noise: LFSR, advanced by more bits than a word has');
    const state = noiseState(m, stream, noise, draw);
    const word = m.register('word', uint(wordBits), { reset: 0 });
    m.when(draw, () => m.next(word, state.truncate(wordBits)));

    m.section('Switching probability at this potential');
    const memory = m.memory('switching_table', {
      depth: table.length,
      type: uint(wordBits),
      contents: [...table],
      contentsFile: `${core}_${layer.name}_table.mem`,
    });
    const address = given.kind === 'uint' ? given : m.name('table_addr', tableAddress(m, given, neurons));
    const code = memory.read('code', address, { enable: draw });
    if (write) memory.write(write.index, write.data, write.enable);

    m.section('Comparator');
    m.assign(switches, code.equals(certainCode).or(word.lessThan(code)));
  });
}
