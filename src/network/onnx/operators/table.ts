/** What becomes of each operator, for people: the table of docs/does-my-network-run.md. A test holds it to name every operator once. */

interface Row {
  readonly operators: readonly string[];
  readonly becomes: string;
}

/** What networks are made of. */
export const operatorTable: readonly Row[] = [
  {
    operators: ['Conv', 'Gemm', 'MatMul', 'Einsum', 'LinearClassifier', 'LinearRegressor'],
    becomes:
      'the weights of a layer: any strides, pads, dilation and groups, one or two dimensions. Several without a sigmoid between them are one layer. An einsum with a constant is a matrix',
  },
  {
    operators: ['BatchNormalization', 'Scaler', 'Add', 'Sub', 'Mul', 'Div', 'Neg', 'Mean', 'Sum'],
    becomes:
      'with constants: folded into the weights before or behind. Sums of two layers before their neurons are one layer. A product of two computed values is refused',
  },
  {
    operators: [
      'Sigmoid',
      'Tanh',
      'Exp',
      'Log',
      'Reciprocal',
      'QLinearSigmoid',
      'Bernoulli',
      'RandomUniform',
      'RandomUniformLike',
    ],
    becomes:
      'neurons, however the sigmoid is spelled: tanh(x), sigmoid(a x), 1 / (1 + exp(-x)), exp(x) / (1 + exp(x)), exp(log(sigmoid(x))), (tanh(x) + 1) / 2; factors go into the weights around them. Bernoulli of a sigmoid, or uniform noise compared with it, is what a neuron does',
  },
  {
    operators: ['AveragePool', 'GlobalAveragePool', 'ReduceMean', 'ReduceSum', 'Upsample', 'Resize'],
    becomes:
      'pooled spikes where the windows do not overlap; else, and in front of a sigmoid or of the input, weights. Resizing, of all of the image or a piece of it, copies values (nearest) or is weights (linear, cubic)',
  },
  {
    operators: ['Pad'],
    becomes: 'zeros, a constant, reflect, edge or wrap: padding of the layer, or weights written out',
  },
  {
    operators: [
      ...[
        'Reshape',
        'Flatten',
        'Squeeze',
        'Unsqueeze',
        'Transpose',
        'Slice',
        'Gather',
        'GatherND',
        'GatherElements',
        'Where',
        'ArrayFeatureExtractor',
        'Concat',
        'Split',
        'Expand',
        'Tile',
      ],
      ...['SpaceToDepth', 'DepthToSpace', 'Identity', 'Dropout', 'Cast', 'CastLike'],
    ],
    becomes: 'the order of weights, or nothing; what chooses (Gather, Where) must be constant',
  },
  {
    operators: [
      ...['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear', 'QLinearConv', 'QLinearMatMul', 'QLinearAdd'],
      ...['QLinearAveragePool', 'QLinearGlobalAveragePool', 'QLinearConcat', 'QGemm', 'ConvInteger', 'MatMulInteger'],
      ...['Quant', 'IntQuant', 'BipolarQuant'],
    ],
    becomes: 'the real numbers that they mean; rounding of values between layers is left out, and a note says so',
  },
  {
    operators: [
      'Softmax',
      'LogSoftmax',
      'QLinearSoftmax',
      'ArgMax',
      'Normalizer',
      'LpNormalization',
      'ReduceMax',
      'ReduceLogSumExp',
    ],
    becomes: 'left out behind the last layer: the class stays the same',
  },
  {
    operators: ['Relu', 'Clip', 'Min', 'Max', 'Pow'],
    becomes: 'nothing where they do not change the values (spikes are 0 to 1); else refused',
  },
  { operators: ['MaxPool'], becomes: 'refused, but for windows of one value' },
  {
    operators: [
      ...['Constant', 'ConstantOfShape', 'Shape', 'Size', 'Range', 'Abs', 'Ceil', 'Floor', 'Round', 'Sign', 'Sqrt'],
      ...['Sin', 'Cos', 'Not', 'Mod', 'Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual', 'And', 'Or', 'Xor'],
      ...['ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare'],
    ],
    becomes: 'computed at once where the operands are constants and shapes',
  },
];
