/** The neurons of a layer, by the kind that the core has. */
import type { SwitchingTable } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import type { LayerNeuron, NeuronPlan, StreamPlan } from '../schema/index.ts';
import { deviceNeuron, planDevice } from './device.ts';
import { sigmoidTable } from './integer.ts';
import type { PlanOptions } from './options.ts';

/** Neurons that are more than one draw of the core's table, by kind. Telegraphic junctions keep their state from one time step to the next. */
export interface NeuronOptions {
  readonly kind: 'telegraph';
  /** State before an image. */
  readonly start: 'stationary' | 'silent';
  /** Codes of a silent and of a spiking junction, over the addresses of the core's table for potentials `potentialStep` apart. */
  readonly tables: (potentialStep: number) => { readonly flip: readonly number[]; readonly stay: readonly number[] };
}

/** What all neurons of a core have in common. */
export function coreNeuron(network: QuantisedNetwork, { device, neuron }: PlanOptions): NeuronPlan {
  if (network.activation === 'integer') return { kind: 'integer' };
  return neuron ? { kind: neuron.kind, start: neuron.start } : planDevice(device);
}

/** Which kinds are asked for: more than one do not go together. */
export function kindsAsked(network: QuantisedNetwork, { device, neuron }: PlanOptions) {
  return {
    integer: network.activation === 'integer',
    device: planDevice(device).kind === 'device',
    telegraph: neuron?.kind === 'telegraph',
  };
}

interface NeuronContext {
  readonly neuron: NeuronPlan;
  readonly options: PlanOptions;
  readonly index: number;
  /** Of a layer that draws words. */
  readonly streams: { readonly stream: StreamPlan; readonly faultStream: StreamPlan | null } | undefined;
}

/** What takes the potentials of a layer. */
export function layerNeuron(layer: QuantisedLayer, { neuron, options, index, streams }: NeuronContext): LayerNeuron {
  const potentialStep = 2 ** -layer.fractionBits;
  const table = options.table(potentialStep);
  if (neuron.kind === 'integer') {
    if (!layer.sigmoid) return { kind: 'none' };
    return { kind: 'integer', table: [...sigmoidTable(table, potentialStep)], ...tablePlace(layer, table) };
  }
  if (streams === undefined) return { kind: 'none' };
  const { stream, faultStream } = streams;
  const ideal = { kind: 'ideal' as const, stream, table: table.entries, ...tablePlace(layer, table) };
  if (neuron.kind === 'telegraph' && options.neuron)
    return { ...ideal, kind: 'telegraph', ...options.neuron.tables(potentialStep) };
  if (neuron.kind === 'ideal') return ideal;
  const { seed, deviceScale: scale } = options;
  return deviceNeuron(ideal, options.device, { index, fractionBits: layer.fractionBits, seed, scale, faultStream });
}

/** How a potential becomes an address of the table. */
function tablePlace(layer: QuantisedLayer, table: SwitchingTable) {
  const stepBits = Math.log2(table.zStep);
  const tableOffset = -table.zMin / table.zStep;
  if (
    !Number.isInteger(stepBits) ||
    !Number.isInteger(tableOffset) ||
    !Number.isInteger(Math.log2(table.entries.length))
  )
    throw badInput('the switching table does not suit an address by shifts', {
      found: `${table.entries.length} entries from ${table.zMin} in steps of ${table.zStep}`,
      expected: 'a power of two of entries, a step that is a power of two, and a start that is a multiple of the step',
    });
  return { tableShift: layer.fractionBits + stepBits, tableOffset };
}
