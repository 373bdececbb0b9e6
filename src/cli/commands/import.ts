/** spinfire import: what a network becomes, layer by layer, and whether another program computes the same from its file. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type RuntimeCheck, readNetwork, weightsToStore, writeNirFile } from '../../app/index.ts';
import { elementCount, type FloatLayer, type ImportedModel, showShape } from '../../network/index.ts';
import { textTable } from '../../report/index.ts';
import { type CommandContext, command, type Given, type ResultOf } from '../command.ts';
import { inputOptions } from '../design-options.ts';
import { file, written } from '../options.ts';

const options = {
  ...inputOptions,
  nir: {
    argument: 'file.nir',
    type: written('.nir'),
    help: 'write the network as a NIR graph, its neurons as Threshold nodes with the metadata spinfire = sigmoid',
  },
} as const;

const words = { model: { type: file('.onnx', '.nir'), help: 'network (.onnx, .nir)' } } as const;

const result = z.object({
  name: z.string(),
  input: z
    .object({
      name: z.string(),
      dims: z.array(z.number()),
      height: z.number(),
      width: z.number(),
      channels: z.number(),
    })
    .describe('dimensions in the file without the batch, and the image that the core takes'),
  classes: z.number(),
  weights: z.number().describe('of all layers'),
  layers: z
    .array(
      z.object({
        name: z.string(),
        kind: z.enum(['convolution', 'dense', 'averagePool']),
        input: z.string(),
        output: z.string().describe('of its own'),
        handsOn: z
          .number()
          .optional()
          .describe('inputs at each position that it hands on beside, for a layer further on'),
        weights: z.number(),
        neurons: z.number(),
        nodes: z.array(z.string()),
      }),
    )
    .describe('what the network becomes, and the nodes of the file that went into each layer'),
  ending: z.string().describe('what stands behind the last layer and keeps the order of the classes, or none'),
  notes: z.array(z.string()).describe('what was chosen, and what is not exact'),
  nir: z.string().optional().describe('the NIR file that was written'),
  check: z
    .object({
      program: z.string(),
      inputs: z.number(),
      largestDifference: z.number(),
      sameClass: z.number(),
      problem: z.string().optional(),
    })
    .optional()
    .describe('the float network beside onnxruntime, where that is installed'),
});

type Json = z.output<typeof result>;

export const importCommand = command({
  name: 'import',
  summary: 'show what a network becomes, and compare it with onnxruntime where that is installed',
  about:
    'onnxruntime is looked for as a package of `python3` (or of the Python that `SPINFIRE_PYTHON` names) and as the npm package `onnxruntime-node`. A difference above 1e-3 of the largest result, or another class, is exit code 1, unless the file rounds values between its layers.',
  arguments: words,
  options,
  result,
  run: importNetwork,
});

/** Results of float32 programs that compute the same differ less. */
const mostDifference = 1e-3;

async function importNetwork(
  given: Given<typeof words, typeof options>,
  { io }: CommandContext,
): Promise<ResultOf<Json>> {
  const { model, check } = await readNetwork(given.model, given, io);
  if (given.nir !== undefined) await writeNirFile(resolve(io.cwd, given.nir), model.network);
  const json = { ...describe(model, check), ...(given.nir === undefined ? {} : { nir: given.nir }) };
  const rounds = model.notes.some((note) => note.startsWith('rounding of values'));
  const differs =
    check !== undefined && !rounds && (check.largestDifference > mostDifference || check.sameClass < check.inputs);
  return { json, text: show(json, differs, given.model), exitCode: differs ? 1 : 0 };
}

function describe({ network, origins, notes, input, output }: ImportedModel, check: RuntimeCheck | undefined): Json {
  const layers = network.layers.map((layer, i) => ({
    ...{ name: layer.name, kind: layer.kind, input: showShape(layer.input), output: outputOf(layer) },
    weights: weightsToStore(layer),
    ...(layer.kind === 'averagePool' || layer.carry === undefined ? {} : { handsOn: layer.carry.count }),
    neurons: layer.kind === 'averagePool' || !layer.sigmoid ? 0 : neuronsOf(layer),
    nodes: [...new Set(origins[i]!.nodes)],
  }));
  const last = network.layers.at(-1)!;
  return {
    name: network.name,
    input: { name: input.name, dims: [...input.dims], ...network.input },
    classes: last.kind === 'dense' ? last.outputs : elementCount(last.output),
    weights: layers.reduce((sum, layer) => sum + layer.weights, 0),
    layers,
    ending: output.ending,
    notes: [...notes],
    ...(check === undefined ? {} : { check }),
  };
}

const outputOf = (layer: FloatLayer) => (layer.kind === 'dense' ? `${layer.outputs}` : showShape(layer.output));
const neuronsOf = (layer: Exclude<FloatLayer, { kind: 'averagePool' }>) =>
  layer.kind === 'dense' ? layer.outputs : elementCount(layer.output);

function show(
  { name, input, classes, weights, layers, ending, notes, nir, check }: Json,
  differs: boolean,
  file: string,
): string {
  const { height, width, channels } = input;
  const rows = layers.map((layer) => [
    ...[layer.name, layer.kind === 'averagePool' ? 'average pool' : layer.kind, layer.input],
    ...[
      layer.handsOn === undefined ? layer.output : `${layer.output} + ${layer.handsOn}`,
      `${layer.weights}`,
      `${layer.neurons}`,
      layer.nodes.join(', '),
    ],
  ]);
  const columns = ['layer', 'kind', 'input', 'output', 'weights', 'neurons', 'made from'];
  const last = layers.at(-1)!;
  return [
    `${name}: input [${input.dims.join(', ')}] as ${showShape({ height, width, channels })}, ${classes} classes, ${weights} weights`,
    textTable({ columns, rows }),
    ...(layers.some(({ handsOn }) => handsOn !== undefined)
      ? ['+: channels that a layer hands on beside its own, for a layer further on; each keeps its time step']
      : []),
    ...(ending === 'none'
      ? []
      : [
          `behind ${last.name}: a ${ending === 'other' ? 'softmax' : ending}, which keeps the order of the classes and is left out`,
        ]),
    ...notes.map((note) => `note: ${note}`),
    ...(nir === undefined ? [] : [`written: ${nir}`]),
    checkText(check, differs, file),
  ].join('\n');
}

function checkText(check: Json['check'], differs: boolean, file: string): string {
  if (!/\.onnx$/i.test(file)) return 'not compared: onnxruntime reads ONNX alone';
  if (check === undefined) return 'not compared: no onnxruntime here (pip install onnxruntime)';
  if (check.problem !== undefined) return `not compared: ${check.program} does not take the file: ${check.problem}`;
  return `${differs ? 'DIFFERS FROM' : 'equal to'} ${check.program}: ${check.sameClass} of ${check.inputs} random inputs of the same class, largest difference ${check.largestDifference.toExponential(1)}`;
}
