import { badInput } from '../../errors/index.ts';
import { identifierFrom, LayerChain } from '../layer-chain.ts';
import { elementCount, type FloatNetwork } from '../types.ts';
import { type Chain, readChain } from './graph.ts';
import { operatorHelps, operators } from './operators.ts';
import { decodeModel, type OnnxModel } from './schema.ts';

/** Versions of the standard in which the supported operators mean what we compute. */
const oldestOpset = 7;
const newestOpset = 25;

/**
 * A chain of Conv, Gemm or MatMul, Sigmoid and AveragePool out of an ONNX model (opset 7 to 25, float32 or float64). The
 * input is [batch, channels, height, width] or [batch, values]; weights are put in our element order.
 *
 * @param fileName shown in errors; its stem names the network
 * @throws SpinfireError (badInput): not ONNX, truncated, or anything in it that the hardware would not compute
 */
export function importOnnx(bytes: Uint8Array, fileName: string): FloatNetwork {
  const model = decodeModel(bytes, fileName);
  checkOpset(model, fileName);
  const chain = readChain(model.graph, fileName, new Set(operators.keys()), operatorHelps);
  const layers = startLayers(chain, fileName);
  for (const step of chain.steps) operators.get(step.operator)!(step, layers, chain.inputDims[0]);
  const network = layers.finish(identifierFrom(fileName), fileName);
  checkOutput(chain, elementCount(layers.shape), fileName);
  return network;
}

function checkOpset(model: OnnxModel, fileName: string): void {
  const standard = model.opset_import.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (standard !== undefined && standard.version >= oldestOpset && standard.version <= newestOpset) return;
  throw badInput('the version of the operator set is not supported', {
    where: fileName,
    found: standard === undefined ? 'no opset of the ONNX standard' : `opset ${standard.version}`,
    expected: `opset ${oldestOpset} to ${newestOpset}`,
    help: 'export again with torch.onnx.export(..., opset_version=13)',
  });
}

function startLayers({ inputDims }: Chain, fileName: string): LayerChain {
  const [, ...dims] = inputDims;
  const [first, second, third] = dims;
  if (dims.every((dim) => dim !== undefined && dim > 0)) {
    if (dims.length === 1) return new LayerChain({ height: 1, width: 1, channels: first! }, true);
    if (dims.length === 2) return new LayerChain({ height: first!, width: second!, channels: 1 }, false);
    if (dims.length === 3) return new LayerChain({ height: second!, width: third!, channels: first! }, false);
  }
  throw badInput('the shape of the input is not supported', {
    where: `${fileName}: input`,
    found: `[${inputDims.map((dim) => dim ?? '?').join(', ')}]`,
    expected: '[batch, channels, height, width] or [batch, values], all but the batch fixed',
    help: 'export with an example image, and with dynamic_axes for the batch only',
  });
}

/** The file's own word on its output; a writer that disagrees with us means another network. */
function checkOutput({ outputDims }: Chain, classes: number, fileName: string): void {
  if (outputDims === undefined || outputDims.length === 0) return;
  const [, ...dims] = outputDims;
  if (dims.some((dim) => dim === undefined)) return;
  const declared = dims.reduce<number>((product, dim) => product * dim!, 1);
  if (declared === classes) return;
  throw badInput('shapes do not fit', {
    where: `${fileName}: output`,
    found: `${declared} values declared`,
    expected: `${classes}, which the layers give`,
  });
}
