/** The chain by which finished potentials leave an engine, one neuron a clock. */
import { type Bool, bool, lit, type ModuleBuilder, mux, type UInt, uint } from '../../../hdl/index.ts';
import { type LayerPlan, unsignedBits } from '../../../plan/index.ts';
import type { PotentialsOut } from '../../links/index.ts';
import { packed, part } from '../../parts/fit.ts';
import { lastGroupOutputs } from './weights.ts';

export interface Drain {
  /** Potentials that wait. */
  readonly left: UInt;
  readonly empty: Bool;
  /** One leaves. */
  readonly draw: Bool;
  /** The chain is filled, by the last group with fewer outputs. */
  readonly load: (capture: Bool, lastGroup: Bool) => void;
}

export function drain(m: ModuleBuilder, layer: LayerPlan, potentials: PotentialsOut): Drain {
  const { outputLanes, positionLanes } = layer;
  const { loading = lit(0, bool()), busy = lit(0, bool()) } = potentials;
  m.section('Drain: the potentials leave one neuron a clock');
  const left = m.register('drain_left', uint(unsignedBits(positionLanes * outputLanes)), { reset: 0 });
  const draw = m.name('draw_now', left.notEquals(0).and(loading.not()).and(busy.not()));
  m.assign(potentials.draw, draw);
  const load = (capture: Bool, lastGroup: Bool) => {
    const all = lit(positionLanes * outputLanes, left.type);
    const captured = mux(lastGroup, lit(positionLanes * lastGroupOutputs(layer), left.type), all);
    m.when(capture, () => m.next(left, captured)).elseWhen(draw, () => m.next(left, left.subWrap(1)));
  };
  return { left, empty: left.equals(0), draw, load };
}

/**
 * Joins the lanes of an engine to a chain: `place` gets what each lane takes from the one above and gives what each hands down, all time
 * steps side by side. The head of the chain is what leaves the engine, its end holds its value.
 */
export function laneChain(
  m: ModuleBuilder,
  layer: LayerPlan,
  potentials: PotentialsOut,
  place: (count: number, drainIn: readonly UInt[]) => readonly UInt[],
): void {
  const { timeLanes, outputLanes, positionLanes, accumulatorBits } = layer;
  const count = positionLanes * outputLanes;
  const width = timeLanes * accumulatorBits;
  // A single lane is both ends of it.
  const chain = count === 1 ? potentials.lanes : m.wire('chain', uint(count * width));
  if (count > 1) m.comment('The last lane of the chain keeps its value as the others move down.');
  const above = Array.from({ length: count }, (_, entry) => part(chain, Math.min(entry + 1, count - 1), width));
  m.assign(chain, packed(place(count, above)));
  if (count > 1) m.assign(potentials.lanes, part(chain, 0, width));
}
