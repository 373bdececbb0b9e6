/** The MTJ neurons of a layer (docs/microarchitecture.md, "Neurons"). */
import {
  type Bool,
  bool,
  concat,
  defineModule,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type SInt,
  type Signal,
  sint,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import type { IdealNeuron, LayerPlan, PotentialTable, Seeding, StreamPlan } from '../../plan/index.ts';
import { signedBits, streamDegree, unsignedBits, wordBits } from '../../plan/index.ts';
import { drawnStream } from './drawn-stream.ts';
import { leapForward } from './linear.ts';
import { seeder } from './seeder.ts';

/** A code that always spikes: probability 1 needs no 17th bit. */
export const certainCode = 2 ** wordBits - 1;

/** One magnetic tunnel junction: potential in, spike out one clock later. */
export function mtjNeuron(core: string, layer: LayerPlan, neurons: IdealNeuron, seeding: Seeding): ModuleDefinition {
  const { table, stream } = neurons;
  return defineModule(`${core}_${layer.name}_mtj`, (m) => {
    m.doc(
      'One magnetic tunnel junction: the potential addresses the calibrated switching curve, a random word decides. Switching is a spike.',
    );
    m.clock('clk');
    m.reset('rst');
    const noise = noisePorts(m, seeding);
    const draw = m.input('draw', bool(), { doc: "the potential is a neuron's" });
    const potential = m.input('potential_in', sint(layer.accumulatorBits));
    const spike = m.output('spike', bool(), { doc: 'one clock after draw' });

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
    const code = memory.read('code', m.name('table_addr', tableAddress(m, potential, neurons)), { enable: draw });

    m.section('Comparator');
    m.assign(spike, code.equals(certainCode).or(word.lessThan(code)));
  });
}

type NoisePorts = { readonly load: Bool; readonly seed: UInt } | { readonly advance: Bool };

/** What moves a lane's LFSR beside a neuron that draws: a start state, or words that are skipped. */
export function noisePorts(m: ModuleBuilder, seeding: Seeding): NoisePorts {
  if (seeding === 'draw') return { advance: m.input('advance', bool(), { doc: 'a word is used up or skipped' }) };
  return {
    load: m.input('load', bool(), { doc: 'takes the seed' }),
    seed: m.input('seed', uint(streamDegree)),
  };
}

export function noiseState(m: ModuleBuilder, stream: StreamPlan, noise: NoisePorts, draw: Bool): UInt {
  const state = m.register('state', uint(streamDegree), { reset: 'advance' in noise ? stream.seed : 1 });
  const drawn = () => m.next(state, leapForward(state, stream));
  if ('advance' in noise) m.when(noise.advance, drawn);
  else m.when(noise.load, () => m.next(state, noise.seed)).elseWhen(draw, drawn);
  return state;
}

/** clamp(floor(v / 2^shift) + offset) to the table. */
export function tableAddress(m: ModuleBuilder, potential: SInt, curve: PotentialTable): UInt {
  const { table, tableShift, tableOffset } = curve;
  const addressBits = unsignedBits(table.length - 1);
  const scaled =
    tableShift <= 0
      ? potential.shiftLeft(-tableShift)
      : tableShift >= potential.width
        ? mux(potential.isNegative(), lit(-1, sint(1)), lit(0, sint(1)))
        : potential.shiftRight(tableShift);
  const offset = lit(tableOffset, sint(signedBits(Math.min(0, tableOffset), Math.max(0, tableOffset))));
  const index = m.name('table_index', scaled.addGrow(offset));
  const wide = Math.max(index.width, addressBits + 2);
  const sized = index.extend(wide);
  const address = sized.slice(addressBits - 1, 0);
  const above = sized.greaterOrEqual(lit(table.length, sint(wide)));
  return mux(sized.isNegative(), lit(0, address.type), mux(above, lit(table.length - 1, address.type), address));
}

export interface NeuronBankOptions {
  readonly core: string;
  readonly layer: LayerPlan;
  readonly neurons: IdealNeuron;
  readonly passSteps: number;
  readonly maxTimeSteps: number;
  readonly seeding: Seeding;
  readonly earlyExit: boolean;
}

/** One neuron for each time lane, with the seeder of their streams. */
export function neuronBank(options: NeuronBankOptions): ModuleDefinition {
  const { core, layer, neurons, passSteps, seeding } = options;
  const neuron = mtjNeuron(core, layer, neurons, seeding);
  return defineModule(`${core}_${layer.name}_neurons`, (m) => {
    m.doc(`The MTJ neurons of ${layer.name}: ${passSteps} time steps side by side, each with random words of its own.`);
    m.clock('clk');
    m.reset('rst');
    const pass = passPorts(m, seeding, options.earlyExit);
    const draw = m.input('draw', bool());
    const potentials = Array.from({ length: layer.timeLanes }, (_, t) =>
      m.input(`potential_${t}`, sint(layer.accumulatorBits)),
    );
    const active = m.input('active', uint(passSteps));
    const valid = m.output('valid', bool());
    const spikes = m.output('spikes', uint(passSteps));

    const noise = pass.streams(options, draw);

    m.section('Neurons');
    const s1Valid = m.register('s1_valid', bool(), { reset: 0 });
    m.next(s1Valid, draw);
    const fired = Array.from({ length: passSteps }, (_, t) => {
      const lane = m.instance(`lane_${t}`, neuron, {
        ...noise(t),
        draw,
        potential_in: potentials[layer.timeLanes === 1 ? 0 : t]!,
      });
      return lane.bool('spike').and(active.bit(t));
    });
    m.assign(valid, s1Valid);
    m.assign(spikes, concat(...fired.reverse()));
  });
}

/** The ports through which the engine and the streams agree, and the streams behind them. */
export function passPorts(m: ModuleBuilder, seeding: Seeding, earlyExit: boolean) {
  const skip = m.input('skip_image', bool(), { doc: 'the random words go on to the next image' });
  const newImage = earlyExit ? m.input('new_image', bool(), { doc: 'the image before is over' }) : undefined;
  if (seeding === 'draw') {
    const last = m.input('last', bool(), { doc: "the pass is the image's last" });
    const resting = m.output('resting', bool());
    return {
      streams: ({ neurons, maxTimeSteps }: NeuronBankOptions, draw: Bool) => {
        const drawn = drawnStream(m, { stream: neurons.stream, maxTimeSteps, draw, last, newImage, skip });
        m.assign(resting, drawn.resting);
        return (): Record<string, Signal> => ({ advance: drawn.advance });
      },
    };
  }
  const start = m.input('start', bool(), { doc: 'a pass begins' });
  const startLast = m.input('start_last', bool(), { doc: "it is the image's last" });
  const restingOut = m.output('resting', bool());
  const loadingOut = m.output('loading', bool());
  return {
    streams: ({ neurons, passSteps, maxTimeSteps }: NeuronBankOptions) => {
      const { stream } = neurons;
      const lanes = { timeLanes: passSteps, maxTimeSteps };
      const streams = seeder(m, { stream, ...lanes, start, last: startLast, newImage, skip });
      m.assign(restingOut, streams.resting);
      m.assign(loadingOut, streams.loading);
      return (t: number): Record<string, Signal> => ({ load: streams.loadLane(t), seed: streams.seed });
    },
  };
}
