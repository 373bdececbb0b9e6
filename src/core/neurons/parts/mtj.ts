/** One magnetic tunnel junction (docs/microarchitecture.md, "Neurons"): table, random word, comparator. */
import { type Bool, bool, component, input, output, sint, type UInt, uint, when } from '../../../hdl/index.ts';
import { type SpikingNeuron, unsignedBits, wordBits } from '../../../plan/index.ts';
import { clocked } from '../../links/index.ts';
import { loadPort, rom } from '../../parts/rom.ts';
import { laneState, laneWords } from '../../random/index.ts';
import type { Stage } from '../../stage.ts';
import { checkedCode, type ReadAt, tableAddress, tableCheck } from './table.ts';

/** A code that always spikes: probability 1 needs no 17th bit. */
const certainCode = 2 ** wordBits - 1;

/** Whether a word is below a code: with the code's probability. */
export function below(word: UInt, code: UInt): Bool {
  return code.equals(certainCode).or(word.lessThan(code));
}

export interface MtjOptions extends Pick<Stage, 'core' | 'layer' | 'seeding'> {
  readonly neuron: SpikingNeuron;
  /** Width of a potential, or `address` when the bank makes the table's address itself. */
  readonly drive: number | 'address';
  /** The host can write the table. */
  readonly loadTable: boolean;
  /** The table is read for its checksum too. */
  readonly checked?: boolean;
}

/** Potential or table address in; one clock later whether the device switches, until the next draw. */
export function mtj(options: MtjOptions) {
  const { core, layer, seeding, neuron, drive, loadTable, checked = false } = options;
  const { table, stream } = neuron;
  const ports = {
    ...clocked,
    ...laneWords(seeding),
    draw: input(bool(), "the potential is a neuron's"),
    potentialIn: when(drive !== 'address', input(sint(drive === 'address' ? 1 : drive), 'addresses the table')),
    address: when(drive === 'address', input(uint(unsignedBits(table.length - 1)), 'of the table')),
    entry: when(loadTable, loadPort(table.length, wordBits)),
    ...tableCheck(checked, table.length),
    switches: output(bool(), 'one clock after draw'),
  };
  return component(
    `${core}_${layer.name}_mtj`,
    ports,
    (m, io) => {
      m.doc('One magnetic tunnel junction: the potential addresses its switching curve, a random word decides.');
      m.constant('POTENTIAL_BITS', drive === 'address' ? 1 : drive);
      m.section('Thermal noise: LFSR, advanced by more bits than a word has');
      const state = laneState(m, stream, io, io.draw);
      const word = m.register('word', uint(wordBits), { reset: 0 });
      m.when(io.draw, () => m.next(word, state.truncate(wordBits)));

      m.section('Switching probability at this potential');
      const address = io.potentialIn ? m.name('table_addr', tableAddress(m, io.potentialIn, neuron)) : io.address!;
      const memory = { core, name: `${core}_${layer.name}_table`, width: wordBits, words: table, loads: loadTable };
      const read = (at: ReadAt) => m.place('switching_table', rom(memory), { ...at, load: io.entry }).data;
      const code = checkedCode(read, { address, draw: io.draw, check: io });

      m.section('Comparator');
      m.assign(io.switches, below(word, code));
      if (io.codes) m.assign(io.codes, code);
    },
    { loopBody: true },
  );
}
