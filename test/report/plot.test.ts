import { expect, it } from 'vitest';
import { type Plot, plotSvg } from '../../src/report/index.ts';

const plot = (title: string, lines: number): Plot => ({
  ...{ title, xTitle: 'x', yTitle: 'y' },
  series: Array.from({ length: lines }, (_, line) => ({
    name: `${title} ${line}`,
    mark: 'line' as const,
    points: [0, 1, 2].map((x) => ({ x, y: x * line })),
  })),
});

it('draws the same text for the same plot, whatever else is drawn before and beside it', async () => {
  const plots = [plot('a', 2), plot('b', 1), plot('c', 3)];
  const alone: string[] = [];
  for (const each of plots) alone.push(await plotSvg(each));
  expect(alone[0]).toContain('id="clip1"');
  expect(await Promise.all(plots.map(plotSvg))).toEqual(alone);
  expect(await Promise.all(plots.toReversed().map(plotSvg))).toEqual(alone.toReversed());
});
