import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measurements } from '../../scripts/figures/table.ts';
import { acceptFigures, compareFigures, type FigureBook, figureBook } from '../../src/report/index.ts';

const figure = (value: number, unit = 'LUT4') => ({ value, unit, tools: 'yosys 0.23' });
const book: FigureBook = { tolerance: 0.05, figures: { a: figure(1000), b: figure(200), c: figure(0) } };

const states = (measured: Record<string, ReturnType<typeof figure>>, wanted?: (name: string) => boolean) =>
  Object.fromEntries(compareFigures(book, measured, wanted).map(({ name, state }) => [name, state]));

it('lets figures move by five per cent, and by no more', () => {
  expect(states({ a: figure(1050), b: figure(190), c: figure(0) })).toEqual({ a: 'same', b: 'same', c: 'same' });
  expect(states({ a: figure(1051), b: figure(189), c: figure(1) })).toEqual({ a: 'moved', b: 'moved', c: 'moved' });
});

it('tells new figures, those that are gone, other units, and no number', () => {
  expect(states({ a: figure(1000, 'LUT6'), b: figure(Number.NaN), d: figure(1) })).toEqual({
    a: 'moved',
    b: 'moved',
    c: 'gone',
    d: 'new',
  });
  expect(states({ a: figure(1000) }, (name) => name === 'a')).toEqual({ a: 'same' });
});

it('accepts what moved, and leaves the rest as it is', () => {
  const verdicts = compareFigures(book, { a: figure(1010), b: figure(300), d: figure(1) });
  expect(acceptFigures(book, verdicts).figures).toEqual({ a: figure(1000), b: figure(300), d: figure(1) });
});

it('keeps a value for every figure that is measured', () => {
  const kept = figureBook.parse(JSON.parse(readFileSync('generated/figures.json', 'utf8')));
  const named = measurements.flatMap(({ figures }) => figures.map(([name]) => name));
  expect(Object.keys(kept.figures).sort()).toEqual([...named].sort());
});
