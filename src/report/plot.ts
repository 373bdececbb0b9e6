/** Plots as SVG, without a browser: series over one axis, with intervals. */
import type { TopLevelSpec } from 'vega-lite';

/** A point, with the ends of its interval where it has one. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the point's interval. */
  readonly low?: number;
  readonly high?: number;
}

/** Points that belong together, and how they are drawn. */
export interface PlotSeries {
  readonly name: string;
  /** `points` shows intervals where they are given; `steps` holds each value up to the next point. */
  readonly mark: 'points' | 'line' | 'steps' | 'line and points';
  readonly points: readonly PlotPoint[];
}

/** A chart of some series: titles, axes, points. */
export interface Plot {
  readonly title: string;
  readonly subtitle?: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xLogarithmic?: boolean;
  /** What the vertical axis shows; from the data when absent. */
  readonly yRange?: readonly [number, number];
  readonly width?: number;
  readonly height?: number;
  readonly series: readonly PlotSeries[];
}

/** The plot drawn; the same text for the same plot. */
export async function plotSvg(plot: Plot): Promise<string> {
  return specificationSvg(specification(plot));
}

/** Any Vega-Lite specification drawn; for the other charts of this room. */
export async function specificationSvg(specification: TopLevelSpec): Promise<string> {
  // Loaded here: the libraries take a while to start and most commands draw nothing.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile(specification);
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logLevel: vega.None });
  try {
    return `${ownNumbers(await view.toSVG())}\n`;
  } finally {
    view.finalize();
  }
}

/** Where Vega begins to number clips and gradients. */
const firstNumbers: ReadonlyMap<string, number> = new Map([
  ['clip', 1],
  ['gradient_', 0],
]);

/** Vega numbers the clips and gradients of all charts of the process as they come; the same chart shall have the same ones. */
function ownNumbers(svg: string): string {
  const reference = /(\bid="|url\(#)(clip|gradient_)(\d+)(?=[")])/g;
  const lowest = new Map<string, number>();
  for (const [, , kind = '', number] of svg.matchAll(reference))
    lowest.set(kind, Math.min(Number(number), lowest.get(kind) ?? Number.POSITIVE_INFINITY));
  return svg.replace(
    reference,
    (_, before: string, kind: string, number: string) =>
      `${before}${kind}${Number(number) - lowest.get(kind)! + firstNumbers.get(kind)!}`,
  );
}

function specification(plot: Plot): TopLevelSpec {
  const { title, subtitle, series, width = 560, height = 340 } = plot;
  const rows = series.flatMap(({ name, points }) => points.map((point) => ({ series: name, ...point })));
  const xScale = plot.xLogarithmic ? ({ type: 'log', base: 2 } as const) : { zero: false };
  const x = { field: 'x', type: 'quantitative', title: plot.xTitle, scale: xScale } as const;
  const yScale = plot.yRange === undefined ? { zero: false } : { domain: [...plot.yRange] };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: { domain: series.map(({ name }) => name) },
    legend: { orient: 'bottom', columns: 2, labelLimit: 400 },
  } as const;
  const only = (...marks: readonly PlotSeries['mark'][]) => {
    const names = series.filter(({ mark }) => marks.includes(mark)).map(({ name }) => name);
    return [{ filter: { field: 'series', oneOf: names } }];
  };
  const y = { field: 'y', type: 'quantitative', title: plot.yTitle, scale: yScale } as const;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, anchor: 'start', ...(subtitle === undefined ? {} : { subtitle }) },
    width,
    height,
    background: 'white',
    data: { values: rows },
    layer: [
      { transform: only('line', 'line and points'), mark: { type: 'line', clip: true }, encoding: { x, y, color } },
      {
        transform: only('steps'),
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1, clip: true },
        encoding: { x, y, color },
      },
      {
        transform: [...only('points', 'line and points'), { filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule' },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        transform: only('points', 'line and points'),
        mark: { type: 'point', filled: true, size: 36, opacity: 1 },
        encoding: { x, y, color },
      },
    ],
  };
}
