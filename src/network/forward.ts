import { assertUnreachable, badInput } from '../errors/index.ts';
import type { AveragePoolLayer, ConvolutionLayer, DenseLayer, FloatLayer, FloatNetwork } from './types.ts';
import { elementCount, showShape } from './types.ts';

/**
 * The network as it was trained: no spikes, no integers. The reference that import and quantisation are compared with;
 * sums in doubles.
 *
 * @param image values in (y, x, channel) order, 1.0 for a full pixel
 * @returns one value for each class: the potential, or its sigmoid when the last layer has one
 * @throws SpinfireError (badInput) when the image has another number of values than the network's input
 */
export function forwardFloat(network: FloatNetwork, image: ArrayLike<number>): Float64Array {
  return forwardLayers(network, image).at(-1) ?? Float64Array.from(image);
}

/** The same with the values behind every layer, pools included, in (y, x, channel) order. Throws badInput as it does. */
export function forwardLayers(network: FloatNetwork, image: ArrayLike<number>): Float64Array[] {
  if (image.length !== elementCount(network.input)) {
    throw badInput('the image does not fit the network', {
      where: `network ${network.name}`,
      found: `${image.length} values`,
      expected: `${elementCount(network.input)} values, ${showShape(network.input)}`,
    });
  }
  let values: Float64Array = Float64Array.from(image);
  return network.layers.map((layer) => {
    values = forwardLayer(layer, values);
    return values;
  });
}

/** Of the values behind a layer those of its own outputs, without what it carries. */
export function ownValues(layer: FloatLayer, values: Float64Array): Float64Array {
  const carried = layer.kind === 'averagePool' ? 0 : (layer.carry?.count ?? 0);
  if (carried === 0) return values;
  const own = layer.kind === 'dense' ? layer.outputs : layer.kind === 'convolution' ? layer.output.channels : 0;
  return values.filter((_, i) => i % (carried + own) >= carried);
}

function forwardLayer(layer: FloatLayer, values: Float64Array): Float64Array {
  switch (layer.kind) {
    case 'convolution':
      return withCarried(layer, values, convolve(layer, values));
    case 'dense':
      return withCarried({ ...layer, ...wholeWindow(layer) }, values, multiply(layer, values));
    case 'averagePool':
      return average(layer, values);
    default:
      return assertUnreachable(layer);
  }
}

/** A dense layer as the only position of a window over its whole input. */
function wholeWindow({ input, outputs }: DenseLayer) {
  return {
    output: { height: 1, width: 1, channels: outputs },
    ...{ kernelWidth: input.width, strideY: 1, strideX: 1, padTop: 0, padLeft: 0 },
  };
}

type Carrying = Pick<
  ConvolutionLayer,
  'input' | 'output' | 'kernelWidth' | 'strideY' | 'strideX' | 'padTop' | 'padLeft' | 'carry'
>;

/** What a layer carries in front of its own channels, position by position. */
function withCarried(layer: Carrying, values: Float64Array, own: Float64Array): Float64Array {
  const { input, output, kernelWidth, carry } = layer;
  if (carry === undefined) return own;
  const channels = carry.count + output.channels;
  const result = new Float64Array(output.height * output.width * channels);
  for (let position = 0; position < output.height * output.width; position += 1) {
    const top = Math.floor(position / output.width) * layer.strideY - layer.padTop;
    const left = (position % output.width) * layer.strideX - layer.padLeft;
    for (let c = 0; c < carry.count; c += 1) {
      const tap = carry.tap + c;
      const place = Math.floor(tap / input.channels);
      const [y, x] = [top + Math.floor(place / kernelWidth), left + (place % kernelWidth)];
      const isInside = y >= 0 && y < input.height && x >= 0 && x < input.width;
      if (!isInside) continue;
      result[position * channels + c] = values[(y * input.width + x) * input.channels + (tap % input.channels)]!;
    }
    const from = position * output.channels;
    result.set(own.subarray(from, from + output.channels), position * channels + carry.count);
  }
  return result;
}

function convolve(layer: ConvolutionLayer, values: Float64Array): Float64Array {
  const { input, output, kernelHeight, kernelWidth } = layer;
  const result = new Float64Array(elementCount(output));
  const rowLength = kernelWidth * input.channels;
  let target = 0;
  for (let y = 0; y < output.height; y += 1) {
    for (let x = 0; x < output.width; x += 1) {
      const top = y * layer.strideY - layer.padTop;
      const left = x * layer.strideX - layer.padLeft;
      const firstColumn = Math.max(0, -left);
      const lastColumn = Math.min(kernelWidth, input.width - left);
      for (let channel = 0; channel < output.channels; channel += 1) {
        let sum = layer.bias[channel]!;
        for (let ky = Math.max(0, -top); ky < kernelHeight && top + ky < input.height; ky += 1) {
          const source = ((top + ky) * input.width + left) * input.channels;
          const weight = (channel * kernelHeight + ky) * rowLength;
          for (let tap = firstColumn * input.channels; tap < lastColumn * input.channels; tap += 1) {
            sum += layer.weights[weight + tap]! * values[source + tap]!;
          }
        }
        result[target] = layer.sigmoid ? sigmoid(sum) : sum;
        target += 1;
      }
    }
  }
  return result;
}

function multiply(layer: DenseLayer, values: Float64Array): Float64Array {
  return Float64Array.from({ length: layer.outputs }, (_, output) => {
    let sum = layer.bias[output]!;
    const start = output * values.length;
    for (let tap = 0; tap < values.length; tap += 1) sum += layer.weights[start + tap]! * values[tap]!;
    return layer.sigmoid ? sigmoid(sum) : sum;
  });
}

function average(layer: AveragePoolLayer, values: Float64Array): Float64Array {
  const { input, output, windowHeight, windowWidth } = layer;
  const result = new Float64Array(elementCount(output));
  for (let y = 0; y < output.height * windowHeight; y += 1) {
    for (let x = 0; x < output.width * windowWidth; x += 1) {
      const source = (y * input.width + x) * input.channels;
      const target = (Math.floor(y / windowHeight) * output.width + Math.floor(x / windowWidth)) * output.channels;
      for (let channel = 0; channel < input.channels; channel += 1) {
        result[target + channel]! += values[source + channel]! / (windowHeight * windowWidth);
      }
    }
  }
  return result;
}

function sigmoid(potential: number): number {
  return 1 / (1 + Math.exp(-potential));
}
