/** From window to window: pool window by pool window, row by row. */
import {
  type Bool,
  bool,
  type Counter,
  counter,
  lit,
  type ModuleBuilder,
  mux,
  type NamedConstant,
  type UInt,
} from '../../../hdl/index.ts';
import { type LayerPlan, unsignedBits } from '../../../plan/index.ts';
import { firstInput } from './addresses.ts';
import { windowGeometry } from './geometry.ts';

interface PositionWalk {
  /** The current position is the frame's last. */
  readonly atLast: Bool;
  /** Address of the next position's first input. */
  readonly nextBase: UInt;
}

interface Dimension {
  readonly name: string;
  readonly count: number;
  readonly bits: number;
  /** How far the base address moves when this counter steps and those before it begin again. */
  readonly delta: number;
}

/**
 * Counters over (window row, window column, row in the window, column in the window), the last one first. Those in a window are there
 * with every pool: lanes that take several of its positions at once leave one value.
 */
export function walkDimensions(layer: LayerPlan): Dimension[] {
  const { stepX, stepY, pool, windowsX, windowsY } = windowGeometry(layer);
  const lanes = layer.positionLanes;
  const all = [
    { name: 'position_x', count: lanes === 1 ? pool.width : 1, size: pool.width, distance: stepX },
    { name: 'position_y', count: lanes <= pool.width ? pool.height : 1, size: pool.height, distance: stepY },
    { name: 'win_x', count: windowsX, size: windowsX, distance: pool.width * stepX },
    { name: 'win_y', count: windowsY, size: windowsY, distance: pool.height * stepY },
  ];
  let rewind = 0;
  return all
    .filter(({ size }) => size > 1)
    .map(({ name, count, size, distance }) => {
      const delta = distance - rewind;
      rewind += (count - 1) * distance;
      return { name, count, bits: unsignedBits(size - 1), delta };
    });
}

/** The base address moves by one constant for each counter that steps. */
export function positionWalk(m: ModuleBuilder, layer: LayerPlan, base: UInt, advance: Bool): PositionWalk {
  const first = firstInput(layer);
  const dimensions = walkDimensions(layer);
  if (dimensions.length === 0) m.unused(base, 'the only window begins at 0');
  const steps: { readonly position: Counter; readonly distance: NamedConstant }[] = [];
  let isEnd = advance;
  for (const [index, { name, count, bits, delta }] of dimensions.entries()) {
    const NAME = name.toUpperCase();
    const constant = `LAST_${NAME}`;
    const position = counter(m, name, count, { last: `${name}_at_end`, width: bits, constant });
    const moves = index === 0 ? advance : m.name(`${name}_steps`, isEnd);
    m.when(moves, () => position.step());
    isEnd = moves.and(position.atLast);
    // Distances back are written as what they are modulo the addresses.
    const doc = `what base moves by as ${name} steps`;
    const distance = m.constant(`NEXT_${NAME}`, BigInt.asUintN(base.width, BigInt(delta)), { doc });
    steps.push({ position, distance });
  }
  const atLast = steps.reduce<Bool>((all, { position }) => all.and(position.atLast), lit(1, bool()));
  const nextBase = steps.reduceRight<UInt>(
    (slower, { position, distance }) => mux(position.atLast, slower, base.addWrap(distance)),
    lit(first, base.type),
  );
  const target = m.name('next_base', nextBase);
  m.when(advance, () => m.next(base, target));
  return { atLast: m.name('at_last_position', atLast), nextBase: target };
}
