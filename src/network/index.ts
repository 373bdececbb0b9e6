/** Trained networks: import, quantisation, reference evaluation, and the images they are shown. */
export { fileResult, networkInput } from './file-result.ts';
export { forwardFloat, forwardLayers, ownValues } from './forward.ts';
export { type GraphNode, networkOfGraph } from './graph.ts';
export {
  type FitOptions,
  type FittedImages,
  fitImages,
  type IdxData,
  type IdxImages,
  type ImageInput,
  type LabelOptions,
  type RawImages,
  type RawLabels,
  readIdxFiles,
  readIdxImages,
  readIdxLabels,
  readRawImages,
  readRawLabels,
} from './images/index.ts';
export { checkMnist, type IdxPaths, type MnistPaths, mnistPaths } from './mnist.ts';
export { openModel, readModel } from './model-file.ts';
export { writeNir } from './nir/index.ts';
export { type ImportedModel, type InputOptions, importModel, importOnnx } from './onnx/index.ts';
export {
  dequantise,
  maximaBehind,
  type QuantisationLoss,
  type QuantiseOptions,
  quantisationLoss,
  quantise,
} from './quantise.ts';
export type { WeightScale } from './scale.ts';
export {
  type AveragePoolLayer,
  type Carry,
  type ConvolutionLayer,
  channelsBehind,
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
export { weightNotes } from './weight-notes.ts';
export { readWeights, type WeightOrder, type WeightsFile } from './weights-file.ts';
