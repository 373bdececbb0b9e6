/** Ideal neurons: each time lane has a junction with random words of its own (docs/microarchitecture.md, "Neurons"). */
import { component, flip, when } from '../../../hdl/index.ts';
import { type IdealNeuron, wordBits } from '../../../plan/index.ts';
import { clocked, passLink, potentialsLink, skipPort } from '../../links/index.ts';
import { passOn } from '../../links/pass-on.ts';
import { checkGranted, loadOf } from '../../monitors/checked-read.ts';
import { folded } from '../../monitors/checksum.ts';
import { checkLink, lockupLink } from '../../monitors/links.ts';
import { packed, signedParts } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import type { NeuronKind } from '../contract.ts';
import { handshakeOf } from '../handshake.ts';
import { mtj } from '../parts/mtj.ts';
import { passStreams } from '../parts/streams.ts';
import { sideBySide } from '../parts/table.ts';

export function idealBank(stage: Stage, neuron: IdealNeuron) {
  const { core, layer, passLanes } = stage;
  const lane = mtj({
    ...stage,
    neuron,
    drive: layer.accumulatorBits,
    loadTable: stage.loadsMemories,
    checked: stage.checksMemories,
  });
  const ports = {
    ...clocked,
    potentials: flip(potentialsLink(stage, handshakeOf(stage))),
    skipImage: skipPort(),
    lockup: when(stage.guardsStreams, flip(lockupLink())),
    check: when(stage.checksMemories, flip(checkLink(neuron.table.length, stage.loadsMemories ? wordBits : undefined))),
    spikes: passLink(stage, passLanes),
  };
  return component(
    `${core}_${layer.name}_neurons`,
    ports,
    (m, { potentials, skipImage, lockup, check, spikes }) => {
      m.doc(`MTJ neurons: ${passLanes} time steps side by side, each with random words of its own.`);
      m.constant('POTENTIAL_BITS', layer.accumulatorBits);
      const { draw } = potentials;
      const streams = passStreams(m, stage, neuron.stream, potentials, { skip: skipImage, lockup });
      m.assign(potentials.resting!, streams.resting);
      if (potentials.loading) m.assign(potentials.loading, streams.loading);

      m.section('Neurons');
      const drives = signedParts(potentials.lanes, layer.accumulatorBits);
      const potentialIn = layer.timeLanes === 1 ? drives[0]! : drives;
      const checking = check && { checkGiven: checkGranted(m, check, draw.not()), checkAddress: check.address };
      const words = { ...streams.lanes, draw, potentialIn, ...checking, entry: loadOf(check) };
      const { switches, codes } = m.placeArray('lane', passLanes, lane, words);
      if (check && codes) m.assign(check.data, folded(packed(codes)));
      if (check?.load && codes) m.assign(check.load.word, codes[0]!);
      m.next(m.outputRegister(spikes.push, { reset: 0 }), draw);
      m.assign(spikes.data, packed(switches).and(potentials.active));
      passOn(m, potentials, spikes);
    },
    { family: `${core}_neurons` },
  );
}

export const idealKind: NeuronKind = {
  outputBits: 1,
  isRandom: true,
  loadBits: wordBits,
  tableWords: ({ layer: { neuron }, passLanes }) =>
    neuron.kind === 'ideal' ? neuron.table.map((code) => sideBySide(new Array(passLanes).fill(code))) : [],
  place: (m, stage, potentials, { skipImage, lockup, check }) => {
    const { neuron, name } = stage.layer;
    if (neuron.kind !== 'ideal') throw new TypeError(`layer ${name} has ${neuron.kind} neurons`);
    return m.place(`${name}_neurons`, idealBank(stage, neuron), { potentials, skipImage, lockup, check }).spikes;
  },
};
