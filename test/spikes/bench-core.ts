/**
 * The reference core's random parts without its arithmetic: the encoder and the neurons of both hidden layers, driven by potentials and pixels
 * from outside. Beside them the first layer's neurons once more with an LFSR that moves one bit a word, which must fail.
 */
import { bernoulliEncoder } from '../../src/core/blocks/encoder.ts';
import { neuronBank } from '../../src/core/blocks/neurons.ts';
import { bool, concat, type Design, defineModule, elaborate, lit, sint, uint } from '../../src/hdl/index.ts';
import type { IdealNeuron, LayerPlan, Plan } from '../../src/plan/index.ts';
import { inputStreamOf } from '../plan-parts.ts';

/** Series of spikes of the bench, one for each lane of each of these. */
export const sources = ['first layer', 'second layer', 'encoder', 'one bit a word'] as const;
export type Source = (typeof sources)[number];

type BenchLayer = LayerPlan & { readonly neuron: IdealNeuron };

export interface BenchLayers {
  readonly first: BenchLayer;
  readonly second: BenchLayer;
  /** As `first`, but with leap 1. */
  readonly poor: BenchLayer;
}

export function benchLayers(plan: Plan): BenchLayers {
  const [first, second] = plan.layers;
  if (first?.neuron.kind !== 'ideal' || second?.neuron.kind !== 'ideal')
    throw new Error('the bench wants a core with two layers of neurons');
  const own = [first.neuron, second.neuron] as const;
  const poor = { ...own[0], stream: { ...own[0].stream, leap: 1 } };
  return {
    first: { ...first, neuron: own[0] },
    second: { ...second, neuron: own[1] },
    poor: { ...first, name: 'poor', neuron: poor },
  };
}

export function benchCore(plan: Plan): Design {
  const layers = benchLayers(plan);
  const lanes = plan.timeSteps.lanes;
  const maxTimeSteps = plan.timeSteps.max;
  const top = defineModule('bench', (m) => {
    m.doc('The random parts of a core, driven from outside.');
    m.clock('clk');
    m.reset('rst');
    const start = m.input('start', bool(), { doc: 'all neurons begin a pass' });
    const startLast = m.input('start_last', bool(), { doc: "it is an image's last" });
    const resting = m.output('resting', bool());
    const loading = m.output('loading', bool());
    const banks = Object.entries(layers).map(([name, layer]: [string, BenchLayer]) => {
      const shared = { passSteps: lanes, maxTimeSteps, seeding: 'seeder', earlyExit: false } as const;
      const options = { core: 'bench', layer, neurons: layer.neuron, ...shared };
      const draw = m.input(`${name}_draw`, bool());
      const potential = m.input(`${name}_potential`, sint(layer.accumulatorBits));
      const potentials = Array.from({ length: layer.timeLanes }, (_, t) => [`potential_${t}`, potential] as const);
      const bank = m.instance(`${name}_bank`, neuronBank(options), {
        start,
        start_last: startLast,
        draw,
        ...Object.fromEntries(potentials),
        active: lit(2 ** lanes - 1, uint(lanes)),
      });
      m.assign(m.output(`${name}_valid`, bool()), bank.bool('valid'));
      m.assign(m.output(`${name}_spikes`, uint(lanes)), bank.uint('spikes'));
      return bank;
    });
    m.assign(
      resting,
      banks.map((bank) => bank.bool('resting')).reduce((all, one) => all.and(one)),
    );
    m.assign(
      loading,
      banks.map((bank) => bank.bool('loading')).reduce((any, one) => any.or(one)),
    );

    const { height, width, channels } = plan.input;
    const pixels = height * width * channels;
    const imageReady = m.input('image_ready', bool());
    const pixel = m.input('pixel', uint(8));
    const encoder = m.instance(
      'encoder_block',
      bernoulliEncoder({
        core: 'bench',
        pixels,
        pixelLanes: 1,
        stream: inputStreamOf(plan),
        timeLanes: lanes,
        maxTimeSteps,
      }),
      {
        image_ready: imageReady,
        pixel_written: lit(1, bool()),
        steps: maxTimeSteps,
        pixel,
        out_free: 1,
        out_committed: 1,
      },
    );
    m.assign(m.output('encoder_valid', bool()), encoder.bool('push'));
    m.assign(m.output('encoder_spikes', uint(lanes)), encoder.uint('spikes'));
    m.assign(
      m.output('encoder_place', uint(encoder.uint('pixel_addr').width + lanes + 2)),
      concat(
        encoder.uint('pixel_addr'),
        encoder.uint('active'),
        encoder.bool('last').asUInt(),
        encoder.bool('image_release').asUInt(),
      ),
    );
  });
  return elaborate(top);
}
