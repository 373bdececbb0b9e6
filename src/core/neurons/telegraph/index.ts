/** Telegraphic neurons: junctions that flip by themselves and keep their state (docs/microarchitecture-telegraph.md). */
import { bool, component, counter, flip, input, mux, output, sint, type UInt, uint, when } from '../../../hdl/index.ts';
import { type NeuronOf, wordBits } from '../../../plan/index.ts';
import { clocked, passLink, potentialsLink, skipPort } from '../../links/index.ts';
import { passOn } from '../../links/pass-on.ts';
import { checkGranted } from '../../monitors/checked-read.ts';
import { folded } from '../../monitors/checksum.ts';
import { checkLink, lockupLink } from '../../monitors/links.ts';
import { packed, signedParts } from '../../parts/fit.ts';
import { rom } from '../../parts/rom.ts';
import { laneState, laneWords } from '../../random/index.ts';
import type { Stage } from '../../stage.ts';
import type { NeuronKind } from '../contract.ts';
import { handshakeOf } from '../handshake.ts';
import { below } from '../parts/mtj.ts';
import { passStreams } from '../parts/streams.ts';
import { checkedCode, type ReadAt, sideBySide, tableAddress, tableCheck } from '../parts/table.ts';

/** One time lane: both cases of its time step, before the state is known. `begins`: it may be an image's first, from the equilibrium. */
function junction({ core, layer, seeding, checksMemories }: Stage, neuron: NeuronOf<'telegraph'>, begins: boolean) {
  const name = `${core}_${layer.name}_${begins ? 'first_junction' : 'junction'}`;
  const ports = {
    ...clocked,
    ...laneWords(seeding),
    draw: input(bool(), "the potential is a neuron's"),
    potentialIn: input(sint(layer.accumulatorBits), 'addresses the tables'),
    ...tableCheck(checksMemories, neuron.table.length, begins ? 3 : 2),
    up: output(bool(), 'a silent junction flips; one clock after draw'),
    on: output(bool(), 'a spiking junction stays'),
    rise: when(begins, output(bool(), 'a junction in equilibrium is spiking')),
  };
  return component(name, ports, (m, io) => {
    m.doc(
      'One superparamagnetic junction in one time step: the potential sets how likely it flips out of either state, one random word decides.',
    );
    m.section('Thermal noise: LFSR, advanced by more bits than a word has');
    const state = laneState(m, neuron.stream, io, io.draw);
    const word = m.register('word', uint(wordBits), { reset: 0 });
    m.when(io.draw, () => m.next(word, state.truncate(wordBits)));

    m.section('Probabilities of the spiking state at this potential');
    const address = m.name('table_addr', tableAddress(m, io.potentialIn, neuron));
    const codes: UInt[] = [];
    const code = (from: string, words: readonly number[]) => {
      const memory = rom({ core, name: `${name}_${from}`, width: wordBits, words });
      const place = (at: ReadAt) => m.place(`${from}_table`, memory, at).data;
      const read = checkedCode(place, { address, draw: io.draw, check: io });
      codes.push(read);
      return read;
    };

    m.section('Comparators');
    m.assign(io.up, below(word, code('flip', neuron.flip)));
    m.assign(io.on, below(word, code('stay', neuron.stay)));
    if (io.rise) m.assign(io.rise, below(word, code('first', neuron.table)));
    if (io.codes) m.assign(io.codes, packed(codes));
  });
}

export function telegraphBank(stage: Stage, neuron: NeuronOf<'telegraph'>, start: 'stationary' | 'silent') {
  const { core, layer, passLanes } = stage;
  const later = junction(stage, neuron, false);
  const first = start === 'stationary' ? junction(stage, neuron, true) : later;
  const ports = {
    ...clocked,
    potentials: flip(potentialsLink(stage, handshakeOf(stage))),
    skipImage: skipPort(),
    lockup: when(stage.guardsStreams, flip(lockupLink())),
    check: when(stage.checksMemories, flip(checkLink(neuron.table.length))),
    spikes: passLink(stage, passLanes),
  };
  return component(`${core}_${layer.name}_neurons`, ports, (m, { potentials, skipImage, lockup, check, spikes }) => {
    m.doc(
      `The junctions of ${layer.name}: ${passLanes} time steps side by side, each from the state that the one before left.`,
    );
    const { draw, last, newImage, active } = potentials;
    const streams = passStreams(m, stage, neuron.stream, potentials, { skip: skipImage, lockup });
    m.assign(potentials.resting!, streams.resting);
    if (potentials.loading) m.assign(potentials.loading, streams.loading);

    m.section('What each junction would do out of either state');
    const valid = m.outputRegister(spikes.push, { reset: 0 });
    m.next(valid, draw);
    const checking = check && { checkGiven: checkGranted(m, check, draw.not()), checkAddress: check.address };
    const drives = signedParts(potentials.lanes, layer.accumulatorBits);
    const lanes = Array.from({ length: passLanes }, (_, t) => {
      const potentialIn = drives[layer.timeLanes === 1 ? 0 : t]!;
      const { load, ...words } = streams.lanes;
      const inputs = { load: load?.[t], ...words, draw, potentialIn, ...checking };
      return m.place(`lane_${t}`, t === 0 ? first : later, inputs);
    });
    if (check) m.assign(check.data, folded(packed(lanes.map(({ codes }) => codes!))));

    m.section('States: from pass to pass in a memory, within a pass from lane to lane');
    const order = counter(m, 'neuron', neuron.stream.wordsPerTimeStep);
    m.when(valid, () => order.step());
    const begins = m.register('first_pass', bool(), { reset: 1, doc: 'the pass is the first of its image' });
    m.when(valid.and(order.atLast), () => m.next(begins, last));
    if (newImage) m.when(newImage, () => m.next(begins, 1));
    const states = m.memory('states', { depth: order.count, type: uint(1), contents: [] });
    const next = order.count === 1 ? order.value : m.name('next_neuron', mux(valid, order.following(), order.value));
    let spiking = m.name('state_0', states.read('state_data', next).bit(0).and(begins.not()));
    const after = lanes.map(({ up, on, rise }, t) => {
      const goesOn = up.or(spiking.and(on));
      spiking = m.name(`state_${t + 1}`, rise ? mux(begins, rise, goesOn) : goesOn);
      return spiking.and(active.bit(t));
    });
    states.write(order.value, spiking.asUInt(), valid);
    m.assign(spikes.data, packed(after));
    passOn(m, potentials, spikes);
  });
}

export const telegraphKind: NeuronKind = {
  outputBits: 1,
  isRandom: true,
  tableWords: ({ layer, passLanes, neuron: all }) => {
    const { neuron } = layer;
    if (neuron.kind !== 'telegraph' || all.kind !== 'telegraph') return [];
    return neuron.table.map((first, address) => {
      const later = [neuron.flip[address]!, neuron.stay[address]!];
      const begins = all.start === 'stationary' ? [...later, first] : later;
      return sideBySide([...begins, ...new Array(passLanes - 1).fill(later).flat()]);
    });
  },
  place: (m, stage, potentials, { skipImage, lockup, check }) => {
    const { neuron, name } = stage.layer;
    if (neuron.kind !== 'telegraph' || stage.neuron.kind !== 'telegraph')
      throw new TypeError(`layer ${name} has ${neuron.kind} neurons`);
    const bank = telegraphBank(stage, neuron, stage.neuron.start);
    return m.place(`${name}_neurons`, bank, { potentials, skipImage, lockup, check }).spikes;
  },
};
