/** Where in the frame the inputs of a window are. */
import { type Bool, counter, lit, type ModuleBuilder, mux, type UInt } from '../../../hdl/index.ts';
import type { LayerPlan } from '../../../plan/index.ts';
import { windowGeometry } from './geometry.ts';
import type { Taps } from './taps.ts';

interface Base {
  /** Address of the current window's and of the next one's first input. */
  readonly base: UInt;
  readonly next: UInt;
  readonly lastGroup: Bool;
  /** Port: of the input that is read. */
  readonly address: UInt;
}

/** The window's inputs row by row; after its last tap back to its base, or to the next window's. */
export function walkInputs(
  m: ModuleBuilder,
  layer: LayerPlan,
  taps: Taps,
  { base, next, lastGroup, ...port }: Base,
): void {
  m.section('Addresses');
  const address = m.outputRegister(port.address, { reset: firstInput(layer) });
  const step = layer.runs ? runSteps(m, layer, taps.tap) : rowSteps(m, layer, taps);
  m.when(taps.capture, () => m.next(address, mux(lastGroup, next, base))).elseWhen(taps.atInput, () => {
    // After a window's last input it may be past the frame; nothing uses what is read there.
    step(address);
  });
}

/** Address of the first input that is walked over, from the window's own. */
export function firstInput(layer: LayerPlan): number {
  return windowGeometry(layer).runs[0]?.first ?? 0;
}

type Step = (address: UInt) => void;

/** From input to input, and from row to row. */
function rowSteps(m: ModuleBuilder, layer: LayerPlan, { atInput }: Taps): Step {
  const { rowInputs, rowJump } = windowGeometry(layer);
  const column = counter(m, 'row_index', rowInputs, { last: 'at_row_end', constant: 'LAST_ROW_INPUT' });
  m.when(atInput, () => column.step());
  return (address) => {
    const ROW_JUMP = m.constant('ROW_JUMP', rowJump % 2 ** address.width, {
      doc: "from a row's last input to the next row",
    });
    m.when(column.atLast, () => m.next(address, address.addWrap(ROW_JUMP))).otherwise(() =>
      m.next(address, address.addWrap(1)),
    );
  };
}

/** From input to input, and over the inputs between two runs, for which no output has a weight. */
function runSteps(m: ModuleBuilder, layer: LayerPlan, tap: UInt): Step {
  const { runs } = windowGeometry(layer);
  const jumps = new Map<number, number[]>();
  for (const [i, { last, lastTap }] of runs.slice(0, -1).entries()) {
    const jump = runs[i + 1]!.first - last;
    if (jump !== 1) jumps.set(jump, [...(jumps.get(jump) ?? []), layer.biasRows.length + lastTap]);
  }
  const steps = [...jumps].map(([jump, ends], index) => {
    const isEnd = ends.map((end, i) =>
      tap.equals(m.constant(`LAST_TAP_${index}_${i}`, end, { doc: 'the last one before a jump' })),
    );
    return {
      jump,
      at: m.name(
        `at_end_${index}`,
        isEnd.reduce((any, each) => any.or(each)),
      ),
    };
  });
  return (address) => {
    let by: UInt = lit(1, address.type);
    for (const [index, { jump, at }] of steps.entries()) {
      const doc = 'over inputs without weights';
      by = mux(at, m.constant(`JUMP_${index}`, BigInt.asUintN(address.width, BigInt(jump)), { doc }), by);
    }
    m.next(address, address.addWrap(steps.length > 0 ? m.name('step', by) : 1));
  };
}
