/** A network as layers that read from each other in any order, and the row of layers that it becomes. */
import { assertUnreachable } from '../errors/index.ts';
import {
  averageView,
  channelsFirst,
  concatViews,
  denseView,
  finishNetwork,
  type InputStage,
  type LayerOrigin,
  neuronsView,
  reshapeView,
  shown,
  sumViews,
  type View,
  windowView,
} from './lower/index.ts';
import type { AveragePoolLayer, ConvolutionLayer, DenseLayer, FloatLayer, FloatNetwork, Shape } from './types.ts';
import { elementCount } from './types.ts';

/** What gives values to layers: the input, a layer, or several of them as one. */
export type GraphNode =
  | { readonly kind: 'input'; readonly shape: Shape }
  | { readonly kind: 'layer'; readonly from: GraphNode; readonly layer: FloatLayer }
  | { readonly kind: 'concat'; readonly from: readonly GraphNode[]; readonly name: string }
  | { readonly kind: 'add'; readonly from: readonly GraphNode[]; readonly name: string; readonly sigmoid: boolean };

/**
 * The network that ends in a node. Where layers meet, those between hand on what others further on need; layers without neurons between
 * them become one.
 *
 * @param input shared by all of the graph
 * @throws SpinfireError (badInput) when layers meet that do not fit, or are too large together
 */
export function networkOfGraph(
  name: string,
  input: GraphNode & { readonly kind: 'input' },
  last: GraphNode,
): FloatNetwork {
  const chain = chainTo(last);
  if (chain !== undefined) return { name, input: input.shape, layers: chain };
  const stage: InputStage = { kind: 'input', size: elementCount(input.shape), layout: { shape: input.shape } };
  const views = new Map<GraphNode, View>([[input, imageView(stage, input.shape)]]);
  const view = viewOf(last, views, name);
  const where = `core ${name}`;
  const { network, origins, inputOrder } = finishNetwork(
    reshapeView(view, [1, view.index.length], ''),
    name,
    () => ({ shape: input.shape }),
    { name: '', where },
  );
  const layers = renamed(network.layers, origins);
  return { ...network, layers, ...(inputOrder.includes(-1) ? { inputOnes: true as const } : {}) };
}

/** The layers of a graph in which each reads the one before. */
function chainTo(last: GraphNode): FloatLayer[] | undefined {
  const layers: FloatLayer[] = [];
  let node = last;
  while (node.kind === 'layer') {
    layers.push(node.layer);
    node = node.from;
  }
  return node.kind === 'input' ? layers.reverse() : undefined;
}

/** Layers have the name of the first that they were made from. */
function renamed(layers: readonly FloatLayer[], origins: readonly LayerOrigin[]): FloatLayer[] {
  const names = new Set<string>();
  return layers.map((layer, i) => {
    const wished = origins[i]!.nodes[0] ?? layer.name;
    let name = wished;
    for (let count = 2; names.has(name); count += 1) name = `${wished}_${count}`;
    names.add(name);
    return { ...layer, name };
  });
}

function viewOf(node: GraphNode, views: Map<GraphNode, View>, core: string): View {
  const known = views.get(node);
  if (known !== undefined) return known;
  const view = newView(node, views, core);
  views.set(node, view);
  return view;
}

function newView(node: GraphNode, views: Map<GraphNode, View>, core: string): View {
  const named = (name: string) => ({ name, where: `core ${core}: ${name}` });
  switch (node.kind) {
    case 'input':
      throw new Error('the input has its view');
    case 'concat':
      return concatViews(
        node.from.map((each) => viewOf(each, views, core)),
        1,
        named(node.name),
      );
    case 'add': {
      const sum = sumViews(
        node.from.map((each) => viewOf(each, views, core)),
        named(node.name),
      );
      return node.sigmoid ? neuronsView(sum, named('')) : sum;
    }
    case 'layer': {
      const { layer } = node;
      const before = viewOf(node.from, views, core);
      const made = layerView(before, layer, named(layer.name));
      return layer.kind !== 'averagePool' && layer.sigmoid ? neuronsView(made, named('')) : made;
    }
    default:
      return assertUnreachable(node);
  }
}

function layerView(view: View, layer: FloatLayer, named: { readonly name: string; readonly where: string }): View {
  switch (layer.kind) {
    case 'convolution':
      return windowView(view, windowOf(layer), named);
    case 'dense': {
      const flat = denseView(view, channelsFirstWeights(layer), Float64Array.from(layer.bias), named);
      return reshapeView(flat, [1, layer.outputs, 1, 1], '');
    }
    case 'averagePool':
      return averageView(view, poolOf(layer), named);
    default:
      return assertUnreachable(layer);
  }
}

function windowOf(layer: ConvolutionLayer) {
  const size = { outputHeight: layer.output.height, outputWidth: layer.output.width };
  return { ...layer, ...size, weights: Float64Array.from(layer.weights), bias: Float64Array.from(layer.bias) };
}

function poolOf({ windowHeight, windowWidth, output }: AveragePoolLayer) {
  return {
    ...{ kernelHeight: windowHeight, kernelWidth: windowWidth, strideY: windowHeight, strideX: windowWidth },
    ...{ padTop: 0, padLeft: 0, padBottom: 0, padRight: 0, countsPadding: false },
    ...{ outputHeight: output.height, outputWidth: output.width },
  };
}

/** [output][element of the view], which has the channels first. */
function channelsFirstWeights({ weights, input, outputs }: DenseLayer): Float64Array {
  const size = elementCount(input);
  const order = channelsFirst(size, input);
  return Float64Array.from({ length: outputs * size }, (_, i) => weights[i - (i % size) + order[i % size]!]!);
}

const imageView = (stage: InputStage, shape: Shape): View =>
  shown(stage, [1, shape.channels, shape.height, shape.width], shape);
