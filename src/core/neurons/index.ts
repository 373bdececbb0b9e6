/** The kinds of neuron. */
import type { Calibration } from '../../device/index.ts';
import type { LayerPlan, NeuronOptions } from '../../plan/index.ts';
import type { NeuronKind } from './contract.ts';
import { deviceKind } from './device/index.ts';
import { idealKind } from './ideal/index.ts';
import { integerKind } from './integer/index.ts';
import { telegraphKind } from './telegraph/index.ts';
import { type TelegraphLaw, telegraphOptions } from './telegraph/law.ts';

type Kind = Exclude<LayerPlan['neuron']['kind'], 'none'>;

/** By the plan's word for each. */
const neuronKinds: Readonly<Record<Kind, NeuronKind>> = {
  ideal: idealKind,
  device: deviceKind,
  telegraph: telegraphKind,
  integer: integerKind,
};

/** Undefined where the potentials go to the readout. */
export function neuronKindOf({ neuron }: Pick<LayerPlan, 'neuron'>): NeuronKind | undefined {
  return neuron.kind === 'none' ? undefined : neuronKinds[neuron.kind];
}

/** What a kind of neuron does that keeps a state between time steps, as plain data. */
export type NeuronLaw = TelegraphLaw;

const laws = { telegraph: telegraphOptions };

/** What the planner wants of such neurons: their tables over the range of the core's table. */
export function neuronOptions(law: NeuronLaw, ...over: TableRange): NeuronOptions {
  return laws[law.kind](law, ...over);
}

type TableRange = readonly [Calibration, { readonly zMin: number; readonly zStep: number }];
