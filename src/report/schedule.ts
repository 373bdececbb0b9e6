/** When each block works, as a chart: a row a block, a bar for each stretch, a colour for each image. */
import type { TopLevelSpec } from 'vega-lite';
import { specificationSvg } from './plot.ts';

/** When one block worked, in clock cycles. */
export interface Stretch {
  readonly block: string;
  readonly image: number;
  readonly fromCycle: number;
  readonly toCycle: number;
}

export interface Schedule {
  readonly title: string;
  readonly subtitle?: string;
  /** From top to bottom. */
  readonly blocks: readonly string[];
  readonly stretches: readonly Stretch[];
}

/** Who works when, as a chart (SVG). */
export async function scheduleSvg({ title, subtitle, blocks, stretches }: Schedule): Promise<string> {
  const rows = stretches.map(({ block, image, fromCycle, toCycle }) => ({
    block,
    image: `image ${image}`,
    fromCycle,
    toCycle,
  }));
  const specification: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, anchor: 'start', ...(subtitle === undefined ? {} : { subtitle }) },
    width: 720,
    height: { step: 34 },
    background: 'white',
    data: { values: rows },
    mark: { type: 'bar', stroke: 'white', strokeWidth: 0.5, height: { band: 0.7 } },
    encoding: {
      y: { field: 'block', type: 'nominal', title: null, sort: [...blocks] },
      x: { field: 'fromCycle', type: 'quantitative', title: 'clock cycle' },
      x2: { field: 'toCycle' },
      color: { field: 'image', type: 'nominal', title: null, legend: { orient: 'bottom' } },
    },
  };
  return specificationSvg(specification);
}
