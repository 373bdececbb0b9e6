/** The host's side of a core's self-test and trim registers, as scripts for the bus. */
import { type BusRegister, registerMap } from '../core/index.ts';
import { badInput } from '../errors/index.ts';
import type { LayerPlan, Plan, SpikingNeuron } from '../plan/index.ts';
import type { BusOperation } from './bus.ts';

/** What the self-test of a core is to apply, and how often. */
export interface SelfTest {
  /** Name of a layer with neurons. */
  readonly layer: string;
  /** Real potentials: the first, and the distance of two; rounded to the layer's integers. */
  readonly fromZ: number;
  readonly stepZ: number;
  /** 1..64. */
  readonly points: number;
  /** Each pass draws every neuron of the layer once in every time lane; 1..65535. */
  readonly passes: number;
}

/** Potentials in the layer's integers, with what was counted there. */
export interface SelfTestCount {
  readonly potential: number;
  /** potential * 2^-fractionBits. */
  readonly z: number;
  readonly spikes: number;
  readonly samples: number;
}

/** Runs the test before any image goes in and reads its counts; they are the run's first `points` answers. @throws badInput for other than 1..64 potentials, 1..65535 passes, or a layer without neurons */
export function selfTestScript(plan: Plan, test: SelfTest): BusOperation[] {
  const write = (name: string, data: number): BusOperation => ({
    kind: 'write',
    address: find(plan, name).address,
    data: data >>> 0,
  });
  const { from, step } = units(plan, test);
  if (!(test.points >= 1 && test.points <= 64 && test.passes >= 1 && test.passes <= 65535))
    throw badInput('a self-test out of range', {
      found: `${test.points} potentials, ${test.passes} passes`,
      expected: '1..64 and 1..65535',
    });
  const drawing = plan.layers.filter(({ neuron }) => 'stream' in neuron);
  const counts = find(plan, 'TEST_COUNTS').address;
  return [
    { kind: 'send', images: 0 },
    // With one layer of neurons there is nothing to choose.
    ...(drawing.length > 1
      ? [
          write(
            'TEST_LAYER',
            drawing.findIndex(({ name }) => name === layerOf(plan, test.layer).name),
          ),
        ]
      : []),
    write('TEST_FROM', from),
    write('TEST_STEP', step),
    write('TEST_POINTS', test.points),
    write('TEST_PASSES', test.passes),
    write('TEST_LANES', 2 ** plan.timeSteps.lanes - 1),
    write('TEST', 1),
    { kind: 'until', address: find(plan, 'TEST').address, mask: 1, value: 0 },
    ...Array.from({ length: test.points }, (_, point): BusOperation => ({ kind: 'read', address: counts + point })),
  ];
}

/** What the answers to `selfTestScript` mean. */
export function selfTestCounts(plan: Plan, test: SelfTest, answers: readonly number[]): SelfTestCount[] {
  const { from, step, scale } = units(plan, test);
  const samples = test.passes * layerOf(plan, test.layer).neuron.stream.wordsPerTimeStep * plan.timeSteps.lanes;
  return Array.from({ length: test.points }, (_, point) => {
    const potential = from + point * step;
    return { potential, z: potential * scale, spikes: answers[point]!, samples };
  });
}

/** Sets a layer's trim; `offset` in units of the real potential, as `trimOfCounts` gives it. Throws badInput when a register can't hold it. */
export function trimScript(
  plan: Plan,
  layer: string,
  { gain, offset }: { readonly gain: number; readonly offset: number },
): BusOperation[] {
  const { fractionBits } = layerOf(plan, layer);
  const values = [
    ['TRIM_GAIN', Math.round(gain * 256)],
    ['TRIM_OFFSET', Math.round(offset * 2 ** fractionBits)],
  ] as const;
  return [
    { kind: 'send', images: 0 },
    ...values.map(([name, value]): BusOperation => {
      const register = find(plan, `${layer.toUpperCase()}_${name}`);
      const low = register.signed ? -(2 ** (register.width - 1)) : 0;
      if (value < low || value >= low + 2 ** register.width)
        throw badInput('a trim register cannot hold the value', {
          where: register.name,
          found: String(value),
          expected: `${low}..${low + 2 ** register.width - 1}`,
        });
      return { kind: 'write', address: register.address, data: value >>> 0 };
    }),
  ];
}

/** Steps of the layer's trim registers, for `trimOfCounts`. */
export function trimSteps(plan: Plan, layer: string): { readonly gainStep: number; readonly offsetStep: number } {
  return { gainStep: 1 / 256, offsetStep: 2 ** -layerOf(plan, layer).fractionBits };
}

function units(plan: Plan, { layer, fromZ, stepZ }: SelfTest) {
  const scale = 2 ** -layerOf(plan, layer).fractionBits;
  return { scale, from: Math.round(fromZ / scale), step: Math.max(1, Math.round(stepZ / scale)) };
}

function layerOf(plan: Plan, name: string): Omit<LayerPlan, 'neuron'> & { readonly neuron: SpikingNeuron } {
  const known: string[] = [];
  for (const layer of plan.layers) {
    if (!('stream' in layer.neuron)) continue;
    if (layer.name === name) return { ...layer, neuron: layer.neuron };
    known.push(layer.name);
  }
  throw badInput('no such layer with neurons', { found: name, expected: known.join(', ') });
}

function find(plan: Plan, name: string): BusRegister {
  const found = registerMap(plan).find((register) => register.name === name);
  if (found) return found;
  throw badInput('the core has no such register', {
    where: plan.name,
    found: name,
    help: 'build it with --realism self-test,trim',
  });
}
