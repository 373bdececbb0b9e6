/**
 * The reference core's random parts without its arithmetic: the encoder and the neurons of both hidden layers, driven by potentials and pixels
 * from outside. Beside them the first layer's neurons once more with an LFSR that moves one bit a word, which must fail.
 */
import { encoder } from '../../src/core/encoding/bernoulli.ts';
import type { PassIn } from '../../src/core/links/index.ts';
import { idealBank } from '../../src/core/neurons/ideal/index.ts';
import { coreShape, stageOf } from '../../src/core/stage.ts';
import {
  bool,
  concat,
  type Design,
  defineModule,
  elaborate,
  type ModuleBuilder,
  sint,
  uint,
} from '../../src/hdl/index.ts';
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
  const top = defineModule('bench', (m) => {
    m.doc('The random parts of a core, driven from outside.');
    m.clock('clk');
    m.reset('rst');
    const start = m.input('start', bool(), { doc: 'all neurons begin a pass' });
    const startLast = m.input('start_last', bool(), { doc: "it is an image's last" });
    const resting = m.output('resting', bool());
    const loading = m.output('loading', bool());
    const banks = Object.entries(layers).map(([name, layer]: [string, BenchLayer]) => {
      const stage = { ...stageOf(plan, layer), core: 'bench' };
      const { potentials, spikes } = m.place(`${name}_bank`, idealBank(stage, layer.neuron), { skipImage: 0 });
      const potential = m.input(`${name}_potential`, sint(layer.accumulatorBits));
      m.assign(potentials.start!, start);
      m.assign(potentials.startLast!, startLast);
      m.assign(potentials.draw, m.input(`${name}_draw`, bool()));
      m.assign(potentials.active, 2 ** lanes - 1);
      m.assign(potentials.last, startLast);
      const all = Array.from({ length: layer.timeLanes }, () => potential.asUInt());
      m.assign(potentials.lanes, concat(...all));
      takeAll(m, spikes);
      for (const wire of [potentials.free, potentials.committed, spikes.active, spikes.last])
        m.unused(wire, 'no engine and no buffer here');
      m.assign(m.output(`${name}_valid`, bool()), spikes.push);
      m.assign(m.output(`${name}_spikes`, uint(lanes)), spikes.data);
      return { resting: potentials.resting!, loading: potentials.loading! };
    });
    m.assign(
      resting,
      banks.map((bank) => bank.resting).reduce((all, one) => all.and(one)),
    );
    m.assign(
      loading,
      banks.map((bank) => bank.loading).reduce((any, one) => any.or(one)),
    );

    const { height, width, channels } = plan.input;
    const pixels = height * width * channels;
    const options = { ...coreShape(plan), core: 'bench', pixels, pixelLanes: 1, stream: inputStreamOf(plan) };
    const { image, pass } = m.place('encoder_block', encoder('seeder', options), { skipImage: 0 });
    m.assign(image.ready, m.input('image_ready', bool()));
    m.assign(image.written!, 1);
    m.assign(image.steps, plan.timeSteps.max);
    m.assign(image.words, m.input('pixel', uint(8)));
    takeAll(m, pass);
    m.assign(m.output('encoder_valid', bool()), pass.push);
    m.assign(m.output('encoder_spikes', uint(lanes)), pass.data);
    m.assign(
      m.output('encoder_place', uint(image.address.width + lanes + 2)),
      concat(image.address, pass.active, pass.last, image.release),
    );
  });
  return elaborate(top);
}

/** Everything finds room, and every element ends a frame. */
function takeAll(m: ModuleBuilder, pass: PassIn): void {
  m.assign(pass.free, 1);
  m.assign(pass.committed, 1);
}
