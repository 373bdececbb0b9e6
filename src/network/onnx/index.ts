import { badInput } from '../../errors/index.ts';
import { finishNetwork, type LayerOrigin } from '../lower/index.ts';
import { identifierFrom } from '../names.ts';
import type { FloatNetwork } from '../types.ts';
import { type InputOptions, readInput } from './input.ts';
import { describeNode, interpret } from './interpret.ts';
import { withoutDeadCode } from './normalise/dead-code.ts';
import { inlineFunctions } from './normalise/functions.ts';
import { inOrder } from './normalise/order.ts';
import { type Ending, readOutput, withResults } from './output.ts';
import { decodeModel, type OnnxModel, type OnnxNode } from './schema.ts';
import type { ExternalData } from './tensors.ts';

export { externalDataIn } from './external-data.ts';
export type { InputOptions } from './input.ts';
export type { OnnxAttribute, OnnxNode, OnnxTensor, OnnxValueInfo } from './schema.ts';

/** Versions of the standard in which the supported operators mean what we compute. */
const oldestOpset = 7;
const newestOpset = 25;

export interface OnnxOptions extends InputOptions {
  /** Reads weights that stand in other files; absent: such a model is refused. */
  readonly external?: ExternalData | undefined;
}

/** A network with what became of its file. */
export interface ImportedModel {
  readonly network: FloatNetwork;
  readonly origins: readonly LayerOrigin[];
  /** What a person should know: what was chosen, what is not exact. */
  readonly notes: readonly string[];
  readonly input: {
    readonly name: string;
    /** As the file has them, without the batch. */
    readonly dims: readonly number[];
    /** [element of the network's input]: element of the file's input, or -1: a 1 that the network needs beside it. */
    readonly order: Int32Array;
  };
  readonly output: {
    readonly name: string;
    /** What the file computes from the network's results: result * scale + shift, then the ending. */
    readonly scale: number;
    readonly shift: number;
    readonly ending: Ending;
    /** The file gives one value: the network's second class, the first being a constant 0. */
    readonly isYesNo: boolean;
  };
}

/**
 * A network out of an ONNX model (opset 7 to 25): everything between two sigmoids is one layer, whatever it was spelled
 * with. The input is an image or a vector; weights are put in our element order.
 *
 * @param fileName shown in errors; its stem names the network
 * @throws SpinfireError (badInput): not ONNX, truncated, or anything in it that the hardware would not compute
 */
export function importModel(bytes: Uint8Array, fileName: string, options: OnnxOptions = {}): ImportedModel {
  return importGraph(decodeModel(bytes, fileName), fileName, options);
}

/**
 * The same of a model that is decoded already.
 *
 * @param describe how errors name a node, with the file in front
 */
export function importGraph(
  model: OnnxModel,
  fileName: string,
  options: OnnxOptions = {},
  describe: (node: OnnxNode, index: number, fileName: string) => string = describeNode,
): ImportedModel {
  const opset = opsetOf(model, fileName);
  const notes = new Set<string>();
  const note = (text: string): void => void notes.add(text);
  const inlined = withResults(inlineFunctions(model, fileName));
  const places = new Map(inlined.node.map((node, index) => [node, describe(node, index, fileName)]));
  const at = (node: OnnxNode) => places.get(node)!;
  const graph = inOrder(withoutDeadCode(inlined, at), at);
  const input = readInput(graph, fileName, options, note);
  const run = { fileName, opset, external: options.external, batch: input.batch, input, note };
  const output = readOutput(graph, interpret(graph, at, run), fileName, note);
  const named = { name: '', where: `${fileName}: output '${output.name}'` };
  const finished = finishNetwork(output.view, identifierFrom(fileName), input.chooseLayout, named);
  checkLayout(input.dims, input.stage.layout?.shape, options, fileName);
  if (finished.isYesNo)
    note('one output is a yes or no: class 1 where it is above 0 (its sigmoid above 0.5), else class 0');
  const plain = [input.low, input.high].every((list, i) => list.every((value) => value === i));
  const range = plain ? {} : { inputRange: { low: input.low, high: input.high } };
  return {
    network: {
      ...finished.network,
      ...range,
      ...(finished.inputOrder.includes(-1) ? { inputOnes: true as const } : {}),
    },
    origins: finished.origins,
    notes: [...notes],
    input: { name: input.name, dims: input.dims, order: finished.inputOrder },
    output: {
      ...{ name: output.name, ending: output.ending, isYesNo: finished.isYesNo },
      ...{ scale: finished.resultScale, shift: finished.resultShift },
    },
  };
}

/** The network of `importModel` alone. */
export function importOnnx(bytes: Uint8Array, fileName: string, options: OnnxOptions = {}): FloatNetwork {
  return importModel(bytes, fileName, options).network;
}

function opsetOf(model: OnnxModel, fileName: string): number {
  const standard = model.opset_import.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (standard !== undefined && standard.version >= oldestOpset && standard.version <= newestOpset)
    return standard.version;
  throw badInput('the version of the operator set is not supported', {
    where: fileName,
    found: standard === undefined ? 'no opset of the ONNX standard' : `opset ${standard.version}`,
    expected: `opset ${oldestOpset} to ${newestOpset}`,
    help: 'export again with torch.onnx.export(..., opset_version=18)',
  });
}

/** What a person said about the input must be what the layers do. */
function checkLayout(
  dims: readonly number[],
  shape: { readonly height: number; readonly channels: number } | undefined,
  { layout }: InputOptions,
  fileName: string,
): void {
  if (layout === undefined || dims.length !== 3 || shape === undefined) return;
  const [height, channels] = layout === 'nhwc' ? [dims[0], dims[2]] : [dims[1], dims[0]];
  if (shape.height === height && shape.channels === channels) return;
  throw badInput('the layers read the input in another order than was said', {
    where: `${fileName}: input [batch, ${dims.join(', ')}]`,
    found: `--layout ${layout}`,
    expected: `--layout ${layout === 'nhwc' ? 'nchw' : 'nhwc'}, or no such option: the first layer tells it`,
  });
}
