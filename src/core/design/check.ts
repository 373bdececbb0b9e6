/** Whether a network that somebody wrote down by hand is one: said before anything is made of it, in the words of its layers. */
import { badInput } from '../../errors/index.ts';
import { nameProblem } from '../../hdl/index.ts';
import { type FloatLayer, type FloatNetwork, type Shape, showShape } from '../../network/index.ts';

type Weighted = Exclude<FloatLayer, { readonly kind: 'averagePool' }>;

/**
 * @throws badInput with the layer whose name, sizes or numbers no core can have: a name that is none in Verilog or that two layers share,
 * an input that is not what the layer before gives, another number of weights than its sizes ask for, a number that is not finite
 */
export function checkNetwork({ input, layers }: FloatNetwork): void {
  const names = new Set<string>();
  let before = input;
  for (const layer of layers) {
    checkLayerName(layer.name, names);
    names.add(layer.name);
    // The values of a dense layer may be a frame for the next one.
    if (values(layer.input) !== values(before)) expectShape(layer.name, 'its input', layer.input, before);
    if (layer.kind === 'averagePool') {
      const { windowHeight, windowWidth } = layer;
      const { input: frame } = layer;
      const height = Math.floor(frame.height / windowHeight);
      expectShape(layer.name, 'its output', layer.output, {
        ...{ height, width: Math.floor(frame.width / windowWidth), channels: frame.channels },
      });
      before = layer.output;
    } else before = checkWeighted(layer);
  }
}

/** @throws badInput when a layer cannot be called so beside those whose names are `taken` */
function checkLayerName(name: string, taken: ReadonlySet<string>): void {
  const problem = nameProblem(name) ?? (taken.has(name) ? 'is the name of another layer, too' : undefined);
  if (problem === undefined) return;
  throw badInput("a layer's name cannot be used", {
    where: `layer ${name}`,
    found: `${name}, which ${problem}`,
    expected: 'letters, digits and single underscores, a letter first; no word of Verilog; another one for each layer',
  });
}

/** @returns what the layer gives, with what it hands on of its input */
function checkWeighted(layer: Weighted): Shape {
  const { name, input, weights, bias } = layer;
  const output = layer.kind === 'dense' ? { height: 1, width: 1, channels: layer.outputs } : layer.output;
  const taps =
    layer.kind === 'dense'
      ? input.height * input.width * input.channels
      : layer.kernelHeight * layer.kernelWidth * input.channels;
  if (layer.kind === 'convolution') {
    const along = (side: number, padding: number, kernel: number, stride: number) =>
      Math.floor((side + padding - kernel) / stride) + 1;
    expectShape(name, 'its output', output, {
      height: along(input.height, layer.padTop + layer.padBottom, layer.kernelHeight, layer.strideY),
      width: along(input.width, layer.padLeft + layer.padRight, layer.kernelWidth, layer.strideX),
      channels: output.channels,
    });
  }
  if (weights.length !== output.channels * taps || bias.length !== output.channels)
    throw badInput('the weights do not fit the layer', {
      where: `layer ${name}`,
      found: `${weights.length} weights and ${bias.length} biases`,
      expected: `${output.channels} x ${taps} = ${output.channels * taps} weights and ${output.channels} biases`,
    });
  expectFinite(name, 'weight', weights);
  expectFinite(name, 'bias', bias);
  return { ...output, channels: output.channels + (layer.carry?.count ?? 0) };
}

const values = ({ height, width, channels }: Shape) => height * width * channels;

function expectShape(layer: string, what: string, found: Shape, expected: Shape): void {
  if (showShape(found) === showShape(expected)) return;
  throw badInput('the sizes of a layer contradict each other', {
    where: `layer ${layer}, ${what}`,
    found: showShape(found),
    expected: showShape(expected),
  });
}

function expectFinite(layer: string, what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i += 1) {
    if (Number.isFinite(values[i])) continue;
    throw badInput(`a ${what} is not a finite number`, {
      where: `layer ${layer}, ${what} ${i}`,
      found: `${values[i]}`,
      expected: 'finite numbers',
    });
  }
}

/** @throws badInput when a size of a described layer is no whole number of at least `least` */
export function expectSizes(where: string, sizes: Readonly<Record<string, number>>, least: number): void {
  for (const [what, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size >= least) continue;
    throw badInput(`the ${what} is out of range`, {
      where,
      found: `${size}`,
      expected: `a whole number of at least ${least}`,
    });
  }
}
