import { asPotentials, type Named, rowsView } from './linear.ts';
import { scaleOutputs } from './maps.ts';
import { at, type LinearMap, type PotentialStage, type View } from './stages.ts';

/** A sigmoid on every element: a row of neurons. */
export function neuronsView(view: View, named: Named): View {
  let sums = asPotentials(view, named);
  let stage = sums.stage as PotentialStage;
  let map = withAffine(stage.map, sums);
  if (map === undefined) {
    sums = rowsView(sums, sums.dims, named, (row, add) => {
      add(row, 1);
      return 0;
    });
    stage = sums.stage as PotentialStage;
    map = stage.map;
  }
  const drive: PotentialStage = { ...stage, map, made: [...stage.made, ...sums.made] };
  const { layout } = stage;
  const neurons = { kind: 'neurons' as const, size: stage.size, drive, ...(layout ? { layout } : {}) };
  return { stage: neurons, dims: view.dims, index: sums.index, scale: 1, shift: 0, made: [] };
}

/** A map with the view's scale and shift in it; undefined when they differ where the map can't, or something isn't of the stage. */
export function withAffine(map: LinearMap, { index, scale, shift }: View): LinearMap | undefined {
  if (scale === 1 && shift === 0) return index.includes(-1) ? undefined : map;
  const count = map.bias.length;
  // Elements of a window are numbered place by place; of a dense map each is an output of its own.
  const [scales, shifts] = [new Float64Array(count).fill(1), new Float64Array(count)];
  const seen = new Uint8Array(count);
  for (let i = 0; i < index.length; i += 1) {
    if (index[i]! < 0) return undefined;
    const output = map.kind === 'window' ? index[i]! % count : index[i]!;
    if (seen[output] === 1 && (scales[output] !== at(scale, i) || shifts[output] !== at(shift, i))) return undefined;
    seen[output] = 1;
    scales[output] = at(scale, i);
    shifts[output] = at(shift, i);
  }
  return scaleOutputs(map, scales, shifts);
}
