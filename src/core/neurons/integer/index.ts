/** What an integer core has in place of neurons (docs/microarchitecture.md, "Integer core"). */
import { component, flip, when } from '../../../hdl/index.ts';
import type { IntegerNeuron } from '../../../plan/index.ts';
import { clocked, passLink, potentialsLink } from '../../links/index.ts';
import { passOn } from '../../links/pass-on.ts';
import { checkGranted, loadOf } from '../../monitors/checked-read.ts';
import { folded } from '../../monitors/checksum.ts';
import { checkLink } from '../../monitors/links.ts';
import { rom } from '../../parts/rom.ts';
import type { Stage } from '../../stage.ts';
import type { NeuronKind } from '../contract.ts';
import { handshakeOf } from '../handshake.ts';
import { checkedCode, type ReadAt, tableAddress } from '../parts/table.ts';

/** Bits of a value between two layers: as many as a pixel has. */
export const integerBits = 8;

function integerNeurons(stage: Stage, neuron: IntegerNeuron) {
  const { core, layer, loadsMemories: loads } = stage;
  const ports = {
    ...clocked,
    potentials: flip(potentialsLink(stage, handshakeOf(stage))),
    check: when(stage.checksMemories, flip(checkLink(neuron.table.length, loads ? integerBits : undefined))),
    values: passLink(stage, integerBits),
  };
  return component(`${core}_${layer.name}_neurons`, ports, (m, { potentials, check, values }) => {
    m.doc(
      `The sigmoid of ${layer.name} as a table of ${integerBits}-bit values: the potential addresses it, and nothing is left to chance.`,
    );
    const { draw } = potentials;
    const memory = rom({ core, name: `${core}_${layer.name}_table`, width: integerBits, words: neuron.table, loads });
    const address = m.name('table_addr', tableAddress(m, potentials.lanes.asSInt(), neuron));
    const checking = { checkGiven: check && checkGranted(m, check, draw.not()), checkAddress: check?.address };
    const read = (at: ReadAt) => m.place('sigmoid_table', memory, { ...at, load: loadOf(check) }).data;
    const code = checkedCode(read, { address, draw, check: checking });
    if (check) m.assign(check.data, folded(code));
    if (check?.load) m.assign(check.load.word, code);
    m.assign(values.data, code);
    m.next(m.outputRegister(values.push, { reset: 0 }), draw);
    passOn(m, potentials, values);
  });
}

export const integerKind: NeuronKind = {
  outputBits: integerBits,
  isRandom: false,
  loadBits: integerBits,
  tableWords: ({ layer: { neuron } }) => (neuron.kind === 'integer' ? neuron.table.map(BigInt) : []),
  place: (m, stage, potentials, { check }) => {
    const { neuron, name } = stage.layer;
    if (neuron.kind !== 'integer') throw new TypeError(`layer ${name} has ${neuron.kind} neurons`);
    return m.place(`${name}_neurons`, integerNeurons(stage, neuron), { potentials, check }).values;
  },
};
