/** What each assumption does to one figure: a bar from its low to its high end, the widest on top. */
import type { TopLevelSpec } from 'vega-lite';
import { specificationSvg } from './plot.ts';

/** The ratio with one assumption at its ends. */
export interface TornadoBar {
  readonly name: string;
  /** The figure with the assumption at its low and at its high end. */
  readonly atLow: number;
  readonly atHigh: number;
  /** The ends as people read them. */
  readonly low: string;
  readonly high: string;
}

/** What each assumption does to a ratio. */
export interface Tornado {
  readonly title: string;
  readonly subtitle?: string;
  readonly xTitle: string;
  readonly value: number;
  /** Another figure to compare with: a second rule. */
  readonly reference?: { readonly value: number; readonly name: string };
  readonly bars: readonly TornadoBar[];
}

/** Bars from the low to the high end of each assumption around the typical value, in the order given, as an SVG document. */
export async function tornadoSvg(tornado: Tornado): Promise<string> {
  return specificationSvg(specification(tornado));
}

function specification({ title, subtitle, xTitle, value, reference, bars }: Tornado): TopLevelSpec {
  const rows = bars.flatMap(({ name, atLow, atHigh, low, high }) => [
    { name, end: 'at its low end', from: value, to: atLow, label: low },
    { name, end: 'at its high end', from: value, to: atHigh, label: high },
  ]);
  const values = rows.flatMap(({ to }) => [to, value]).concat(reference === undefined ? [] : [reference.value]);
  const domain = [Math.min(...values) / 1.35, Math.max(...values) * 1.35];
  const scale = { type: 'log', domain, nice: false } as const;
  const y = {
    field: 'name',
    type: 'nominal',
    title: null,
    sort: bars.map(({ name }) => name),
    axis: { labelLimit: 300 },
  } as const;
  const text = (end: string, align: 'left' | 'right', test: string) =>
    ({
      transform: [{ filter: `datum.end === '${end}' && (${test})` }],
      mark: { type: 'text', align, dx: align === 'left' ? 4 : -4, fontSize: 9, color: '#444' },
      encoding: { y, x: { field: 'to', type: 'quantitative', scale }, text: { field: 'label' } },
    }) as const;
  const rule = (at: number, color: string, dash: readonly number[]) =>
    ({
      mark: { type: 'rule', color, strokeDash: [...dash] },
      data: { values: [{ at }] },
      encoding: { x: { field: 'at', type: 'quantitative', scale } },
    }) as const;
  const ends = ['at its low end', 'at its high end'];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, anchor: 'start', ...(subtitle === undefined ? {} : { subtitle }) },
    width: 520,
    height: { step: 22 },
    background: 'white',
    data: { values: rows },
    layer: [
      {
        mark: { type: 'bar', height: 13 },
        encoding: {
          y,
          x: { field: 'from', type: 'quantitative', title: xTitle, scale },
          x2: { field: 'to' },
          color: {
            field: 'end',
            type: 'nominal',
            title: null,
            scale: { domain: ends, range: ['#5b8db8', '#d98c5f'] },
            legend: { orient: 'bottom' },
          },
        },
      },
      ...ends.flatMap((end) => [
        text(end, 'left', 'datum.to >= datum.from'),
        text(end, 'right', 'datum.to < datum.from'),
      ]),
      rule(value, '#222', []),
      ...(reference === undefined ? [] : [rule(reference.value, '#a02c2c', [4, 3])]),
    ],
  } as TopLevelSpec;
}
