/** What a person can do about networks that these neurons can not run. */

const convert = 'or convert the network by fine-tuning: spinfire-train convert (docs/does-my-network-run.md)';
export const onlySigmoid = `a stochastic MTJ neuron computes a sigmoid: train with torch.sigmoid, ${convert}`;
export const onlyAverages = `a maximum of stochastic spikes is nearly always 1: use nn.AvgPool2d and train again, ${convert}`;
const noMemory = 'these neurons forget everything between two time steps: no recurrent layers';
export const noAttention =
  'attention multiplies values of the network with each other, which spikes and weights can not';
const noNorm = 'take BatchNorm: it becomes a part of the weights, while this one computes statistics of every image';

export const onlySpikes =
  'a neuron gives 0 or 1 already, 1 with the probability of its sigmoid: leave the comparison out';
export const blackAndWhite = 'make the images black and white before they come, and export the network without it';
const noTrees = 'take a network: MLPClassifier(activation="logistic"), LogisticRegression, LinearSVC';

const sameFor = (help: string, names: string): [string, string][] => names.split(' ').map((name) => [name, help]);

/** What to do about operators that people often meet and that are always refused. */
export const operatorHelps: Readonly<Record<string, string>> = Object.fromEntries([
  ...sameFor(
    onlySigmoid,
    'LeakyRelu HardSigmoid Elu Selu Celu Gelu Erf Atan Softplus Softsign PRelu ThresholdedRelu HardSwish Mish Swish',
  ),
  ...sameFor(noMemory, 'LSTM GRU RNN Scan Loop'),
  ...sameFor(noAttention, 'Attention MultiHeadAttention RotaryEmbedding'),
  ...sameFor(
    noNorm,
    'LayerNormalization InstanceNormalization GroupNormalization RMSNormalization LRN MeanVarianceNormalization',
  ),
  ...sameFor(noTrees, 'TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor SVMClassifier SVMRegressor'),
  ['Binarizer', blackAndWhite],
  ['TopK', 'export the network without it: the classes come in order of their scores anyway (argmax(1) is taken)'],
  ['GlobalMaxPool', onlyAverages],
  ['ConvTranspose', 'these cores only make images smaller: classifiers, not decoders'],
]);
