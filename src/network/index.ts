/** Trained networks: import, quantisation, reference evaluation, and the images they are shown. */
export {
  type AveragePoolLayer,
  type ConvolutionLayer,
  type DenseLayer,
  type Encoding,
  elementCount,
  type FloatLayer,
  type FloatNetwork,
  type QuantisedLayer,
  type QuantisedNetwork,
  type Shape,
  showShape,
  type Window,
} from './types.ts';
