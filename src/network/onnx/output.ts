import { badInput } from '../../errors/index.ts';
import type { View } from '../lower/index.ts';
import { at, volume } from '../lower/index.ts';
import type { OnnxGraph, OnnxValueInfo } from './schema.ts';
import { describeValue, type Ranking, type Value } from './values.ts';

/** What stands behind the last layer and does not change which class is the first. */
export type Ending = 'none' | Ranking['what'];

export interface NetworkOutput {
  readonly name: string;
  readonly view: View;
  readonly ending: Ending;
}

const wholeTypes: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 8, 9, 12, 13]);

/** The graph with only the outputs that can be the classes' values, where some are labels. */
export function withResults(graph: OnnxGraph): OnnxGraph {
  const numbers = graph.output.filter(({ type }) => !wholeTypes.has(type?.tensor_type?.elem_type ?? 0));
  return numbers.length === 0 ? graph : { ...graph, output: numbers };
}

/** The one result that has a value for each class. */
export function readOutput(
  graph: OnnxGraph,
  values: ReadonlyMap<string, Value>,
  fileName: string,
  note: (text: string) => void,
): NetworkOutput {
  const results = graph.output.map((info) => ({ info, value: values.get(info.name) }));
  const usable = results.flatMap(({ info, value }) => {
    // A logarithm keeps the order of the classes.
    if (value?.kind === 'logarithm' && value.factor > 0 && (value.of.kind === 'linear' || value.of.factor > 0))
      return [{ info, view: value.of.view, ending: 'other' as const }];
    if (value?.kind !== 'linear' && value?.kind !== 'ranking') return [];
    const ending: Ending = value.kind === 'linear' ? 'none' : value.what;
    return [{ info, view: value.view, ending }];
  });
  const [first] = usable;
  if (first === undefined || usable.length > 1) {
    const shown = results.map(({ info, value }) => `'${info.name}': ${describeValue(value)}`).join('; ') || 'none';
    throw badInput('the network must have one output', {
      where: fileName,
      found: shown,
      expected: 'one vector of classes',
      ...(usable.length > 1 ? { help: 'export a network that gives the scores of its classes alone' } : {}),
    });
  }
  const { info } = first;
  const drives = first.ending === 'none' || first.ending === 'argMax' ? drivesOfOne(first.view) : undefined;
  if (drives !== undefined) {
    return { name: info.name, view: drives, ending: first.ending === 'none' ? 'softmax' : first.ending };
  }
  const { ending } = first;
  const view = first.view.dims.length === 2 && first.view.dims[1] === 1 ? asRow(first.view) : first.view;
  const isRow = view === first.view;
  // An exporter of scikit-learn says two for the one value of a yes or no.
  if (ending !== 'argMax' && view.stage.kind !== 'input' && isRow && view.index.length > 1)
    checkDeclared(info, volume(view.dims), fileName);
  if (ending === 'none' && view.stage.kind === 'neurons' && view.index.length > 1)
    note(
      `the ${view.index.length} neurons at the end are classes: the strongest is the answer, however many are above 0.5`,
    );
  return { name: info.name, view, ending };
}

/**
 * The two sides of one last neuron, 1 - p and p, as scikit-learn's exporter writes a network of two classes: they are the softmax of 0 and of what
 * drives it. Its potential decides then, and not one neuron's few spikes. Undefined for anything else.
 */
function drivesOfOne(view: View): View | undefined {
  const { stage, index } = view;
  if (stage.kind !== 'neurons' || stage.size !== 1 || index.length !== 2 || index.some((element) => element !== 0))
    return;
  const sides = [0, 1].map((side) => [at(view.scale, side), at(view.shift, side)]);
  const up = sides.findIndex(([scale, shift]) => scale === 1 && shift === 0);
  const [scale, shift] = sides[1 - up] ?? [];
  if (up < 0 || scale !== -1 || shift !== 1) return;
  return { ...view, stage: stage.drive, scale: Float64Array.from([0, 1], (side) => (side === up ? 1 : 0)), shift: 0 };
}

/** Values of an image that the exporter has put one below the other, as if they were a batch, side by side. */
const asRow = (view: View): View => (view.dims[0] === 1 ? view : { ...view, dims: [1, view.index.length] });

/** The file's own word on its output; a writer that disagrees with us means another network. */
function checkDeclared(info: OnnxValueInfo, classes: number, fileName: string): void {
  const dims = info.type?.tensor_type?.shape?.dim.slice(1).map((dim) => dim.dim_value);
  if (dims === undefined || dims.length === 0 || dims.some((dim) => dim === undefined || dim === 0)) return;
  const declared = dims.reduce<number>((product, dim) => product * dim!, 1);
  if (declared === classes) return;
  throw badInput('shapes do not fit', {
    where: `${fileName}: output`,
    found: `${declared} values declared`,
    expected: `${classes}, which the layers give`,
  });
}
