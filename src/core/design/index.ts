/**
 * A core described in layers: input, convolutions, pools, dense layers, neurons, readout. The description is plain data in the
 * end (a network, a device, options); `planCore` turns it into a plan.
 */

import type { SwitchingCurve } from '../../device/index.ts';
import { badInput, ownValue } from '../../errors/index.ts';
import type { FloatNetwork } from '../../network/index.ts';
import { Description } from './description.ts';
import type { CoreBuilder, CoreDesign, CoreOptions, LayerWeights, MtjNeuron } from './types.ts';

export type {
  ConvolutionOptions,
  CoreBuilder,
  CoreDesign,
  CoreOptions,
  LayerWeights,
  MtjNeuron,
  Potentials,
  Spikes,
} from './types.ts';

/** A neuron of the given device. Throws badInput without a curve. */
export function mtj(options: { readonly curve: SwitchingCurve }): MtjNeuron {
  // Designs are run without a look at their types.
  const { curve } = (options ?? {}) as Partial<typeof options>;
  if (curve === undefined)
    throw badInput('a neuron has no device', {
      found: 'mtj() without a curve',
      expected: 'mtj({ curve }), with a curve from spinfire/device',
    });
  return { curve };
}

/** Describes a core layer by layer. Throws badInput with the layer's name when sizes don't fit. */
export function defineCore(name: string, describe: (core: CoreBuilder) => void, options: CoreOptions = {}): CoreDesign {
  const description = new Description(name);
  describe(description.builder());
  return description.design(options);
}

/** The weights of an imported network by layer name, for a description that uses them layer by layer. Throws badInput for a name that the network lacks. */
export function weightsOf(network: FloatNetwork): Readonly<Record<string, LayerWeights>> {
  const layers = network.layers.filter((layer) => layer.kind !== 'averagePool');
  const known = Object.fromEntries(layers.map((layer) => [layer.name, { weights: layer.weights, bias: layer.bias }]));
  return new Proxy(known, {
    get: (target, name: string) => {
      const found = ownValue(target, name);
      if (found) return found;
      throw badInput('the network has no such layer', { found: name, expected: Object.keys(known).join(', ') });
    },
  });
}
