/** The taps of a window: bias rows, then inputs. */
import { type Bool, bool, type ModuleBuilder, type UInt, uint } from '../../../hdl/index.ts';
import { type LayerPlan, unsignedBits } from '../../../plan/index.ts';
import { groupCount, rowCount } from '../parts/weights.ts';

/** Bias rows and inputs of a window that are walked over. */
export function tapCount(layer: LayerPlan): number {
  return rowCount(layer, 1) / groupCount(layer);
}

export interface Taps {
  /** Number of the tap that is next. */
  readonly tap: UInt;
  /** Bias rows and inputs of a window. */
  readonly count: number;
  /** A tap goes to the lanes; it is an input, not a bias row. */
  readonly issue: Bool;
  readonly atInput: Bool;
  /** The sums are complete, and a clock later: they are handed over. */
  readonly capture: Bool;
  readonly captured: Bool;
}

/** One tap a clock, then the capture as soon as the drain chain is empty. */
export function tapWalk(
  m: ModuleBuilder,
  layer: LayerPlan,
  { running, drained, waits }: { readonly running: Bool; readonly drained: Bool; readonly waits: Bool | undefined },
): Taps {
  const biasTaps = layer.biasRows.length;
  const count = tapCount(layer);
  m.section('Taps');
  const TAPS = m.constant('TAPS', count, { doc: 'bias rows and inputs of a position' });
  const tap = m.register('tap', uint(unsignedBits(count)), { reset: 0, doc: 'after the last one: capture' });
  const captured = m.register('s1_capture', bool(), { reset: 0 });
  const atCapture = m.name('at_capture', tap.equals(TAPS));
  const ready = running.and(atCapture.not());
  const issue = m.name('issue_tap', waits ? ready.and(waits.not()) : ready);
  const capture = m.name('issue_capture', running.and(atCapture).and(drained).and(captured.not()));
  m.next(captured, capture);
  m.when(issue, () => m.next(tap, tap.addWrap(1))).elseWhen(capture, () => m.next(tap, 0));
  const atInput =
    biasTaps === 0 ? issue : m.name('issue_input', issue.and(tap.greaterOrEqual(m.constant('BIAS_TAPS', biasTaps))));
  return { tap, count, issue, atInput, capture, captured };
}
