/** Figures that are kept: when one moves by more than a few per cent, somebody has to say that it should. */
import { z } from 'zod';

const figure = z.object({
  value: z.number(),
  unit: z.string(),
  /** Versions of the tools that it came from, `yosys 0.23`. */
  tools: z.string(),
});

/** The shape of generated/figures.json. */
export const figureBook = z.object({
  /** Largest relative change that is not a change. */
  tolerance: z.number().positive(),
  /** By name, `digits.ice40.luts`. */
  figures: z.record(z.string(), figure),
});

/** A figure that must not move unnoticed, with its unit and tools. */
export type Figure = z.output<typeof figure>;
/** The accepted figures by name. */
export type FigureBook = z.output<typeof figureBook>;

/** How a measured figure stands to the accepted one. */
export interface FigureVerdict {
  readonly name: string;
  /** moved: by more than the tolerance; gone: nobody measures it any more. */
  readonly state: 'same' | 'moved' | 'new' | 'gone';
  readonly kept: Figure | undefined;
  readonly measured: Figure | undefined;
  /** measured / kept - 1 */
  readonly change: number | undefined;
}

/**
 * @param measured of those figures that were measured this time
 * @param isMeasured whether a kept figure should have been
 */
export function compareFigures(
  book: FigureBook,
  measured: Readonly<Record<string, Figure>>,
  isMeasured: (name: string) => boolean = () => true,
): FigureVerdict[] {
  const names = new Set([...Object.keys(book.figures).filter(isMeasured), ...Object.keys(measured)]);
  return [...names].sort().map((name) => {
    const kept = book.figures[name];
    const now = measured[name];
    const verdict = { name, kept, measured: now };
    if (kept === undefined) return { ...verdict, state: 'new', change: undefined };
    if (now === undefined) return { ...verdict, state: 'gone', change: undefined };
    const change = now.value === kept.value ? 0 : now.value / kept.value - 1;
    const moved = kept.unit !== now.unit || !(Math.abs(change) <= book.tolerance + 1e-9);
    return { ...verdict, state: moved ? 'moved' : 'same', change };
  });
}

/** The book with what was measured in it; figures within the tolerance keep their values, so that the file does not flicker. */
export function acceptFigures(book: FigureBook, verdicts: readonly FigureVerdict[]): FigureBook {
  const figures = { ...book.figures };
  for (const { name, state, measured } of verdicts) {
    if (state === 'gone') delete figures[name];
    else if (state !== 'same' && measured !== undefined) figures[name] = measured;
  }
  const sorted = Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...book, figures: Object.fromEntries(sorted) };
}
