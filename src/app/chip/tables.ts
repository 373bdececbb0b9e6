/** Explored chips as CSV and as a chart. */
import type { Plot } from '../../report/index.ts';
import type { ChipPoint } from './explore.ts';

/** A line each, refused ones with their reasons. */
export function chipCsv(points: readonly ChipPoint[]): string {
  const names = Object.keys(points[0]?.choice ?? {});
  const header = [...names, 'accuracy', 'deviation', 'energy_J', 'area_m2', 'latency_s', 'frontier', 'refused'];
  const quoted = (text: string) => (text === '' ? '' : `"${text.replaceAll('"', '""')}"`);
  const rows = points.map(({ choice, figures, onFrontier, objections }) => [
    ...Object.values(choice),
    ...(figures === undefined
      ? ['', '', '', '', '']
      : [
          figures.accuracy,
          figures.deviation,
          figures.estimate.totalJ,
          figures.estimate.areaM2,
          figures.estimate.latencyS,
        ]),
    onFrontier ? 1 : 0,
    quoted(objections.join('; ')),
  ]);
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

/** Accuracy against energy; those that no other beats apart. */
export function chipPlot(name: string, points: readonly ChipPoint[]): Plot {
  const dots = (frontier: boolean) =>
    points.flatMap(({ figures, onFrontier }) =>
      figures === undefined || onFrontier !== frontier
        ? []
        : [{ x: figures.estimate.totalJ * 1e9, y: 100 * figures.accuracy }],
    );
  return {
    title: `${name}: chips that one could build`,
    subtitle: 'accuracy counted with the sums of each chip; energy of its analog part computed',
    xTitle: 'energy of an image, nJ',
    yTitle: 'right, %',
    xLogarithmic: true,
    series: [
      { name: 'beaten by another', mark: 'points', points: dots(false) },
      { name: 'best in accuracy, energy or area', mark: 'points', points: dots(true) },
    ],
  };
}
