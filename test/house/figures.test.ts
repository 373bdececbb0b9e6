/** Accuracies in the documentation are those of the sweeps that are kept beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './docs.ts';

const accuracy = /\b\d{1,3}\.\d\d \+- \d\.\d\d\b/g;

type Figure = readonly [mean: number, deviation: number];

/** Percent; a device's name may hold commas, so columns are counted from the end. */
function figuresOf(csv: string): Figure[] {
  const [header, ...lines] = readFileSync(join(root, csv), 'utf8').trimEnd().split('\n');
  expect(header).toMatch(/,mean,deviation,min,max$/);
  return lines.map((line) => {
    const [mean, deviation] = line.split(',').slice(-4).map(Number);
    return [100 * mean!, 100 * deviation!];
  });
}

/** Both to two decimals; the CSV is rounded itself, so that a five behind them may have gone either way. */
function isRounded(shown: string, [mean, deviation]: Figure): boolean {
  const [shownMean, shownDeviation] = shown.split(' +- ').map(Number);
  return Math.abs(shownMean! - mean) < 0.0051 && Math.abs(shownDeviation! - deviation) < 0.0051;
}

it.each([
  ['docs/device.md', ['devices', 'temperature'], 30],
  ['docs/variation.md', ['variation', 'temperature', 'threshold', 'pulse'], 100],
  ['docs/randomness.md', ['randomness'], 9],
])('%s holds the accuracies of the sweeps %s', (page, sweeps, least) => {
  const known = sweeps.flatMap((name) => figuresOf(`docs/sweeps/${name}.csv`));
  const shown = readFileSync(join(root, page), 'utf8').match(accuracy) ?? [];
  expect(shown.length).toBeGreaterThan(least);
  expect(shown.filter((figure) => !known.some((row) => isRounded(figure, row)))).toEqual([]);
});
