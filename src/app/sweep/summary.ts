/** A sweep's results as tables, CSV and plots. */
import type { Plot, Table } from '../../report/index.ts';
import { percent, type Spread, spreadOf } from '../accuracy.ts';
import { type Grid, type SweepPoint, sweepAxes } from './file.ts';

/** One point at one number of time steps. */
export interface Row {
  readonly grid: string;
  readonly point: SweepPoint;
  readonly timeSteps: number;
  /** Accuracy by seed. */
  readonly accuracies: readonly number[];
  readonly spread: Spread;
}

/** An axis of a sweep's plot. */
export type Axis = keyof SweepPoint | 'timeSteps';

export function rowOf(grid: string, point: SweepPoint, timeSteps: number, accuracies: readonly number[]): Row {
  return { grid, point, timeSteps, accuracies, spread: spreadOf(accuracies) };
}

const axisValue = (row: Row, axis: Axis) => (axis === 'timeSteps' ? row.timeSteps : row.point[axis]);

/** All axes that a plot can run along. */
export const plotAxes: readonly [Axis, ...Axis[]] = ['timeSteps', ...sweepAxes];

function variesIn(rows: readonly Row[], grid: string, axis: Axis): boolean {
  return variedAxes(rows.filter((row) => row.grid === grid)).includes(axis);
}

/** Axes with more than one value in the rows, in the order of tables. */
export function variedAxes(rows: readonly Row[]): Axis[] {
  return plotAxes.filter((axis) => new Set(rows.map((row) => axisValue(row, axis))).size > 1);
}

/** A table of each grid: a line a point, a column a number of time steps. */
export function gridTables(grids: readonly Grid[], rows: readonly Row[]): Table[] {
  return grids.map((grid) => {
    const own = rows.filter((row) => row.grid === grid.name);
    const axes = variedAxes(own).filter((axis) => axis !== 'timeSteps');
    const points = [...new Map(own.map((row) => [JSON.stringify(row.point), row.point])).values()];
    return {
      title: `${grid.name}: percent of images, mean +- standard deviation over ${grid.seeds.length} seeds`,
      columns: [...axes, ...grid.timeSteps.map((steps) => `T=${steps}`)],
      rows: points.map((point) => [
        ...axes.map((axis) => String(point[axis as keyof SweepPoint])),
        ...grid.timeSteps.map((steps) => {
          const row = own.find((one) => one.point === point && one.timeSteps === steps);
          return row === undefined ? '' : accuracyText(row.spread, row.accuracies.length);
        }),
      ]),
    };
  });
}

function accuracyText({ mean, deviation }: Spread, runs: number): string {
  const points = (share: number) => (share * 100).toFixed(2);
  return runs > 1 ? `${points(mean)} +- ${points(deviation)}` : points(mean);
}

/** A sweep's rows as CSV with a header: grid, axes, time steps, number of seeds, then mean, standard deviation, least and largest accuracy over the seeds, as shares. */
export function csvOf(rows: readonly Row[]): string {
  const header = ['grid', ...sweepAxes, 'timeSteps', 'seeds', 'mean', 'deviation', 'min', 'max'];
  const lines = rows.map(({ grid, point, timeSteps, accuracies, spread }) => {
    const figures = [spread.mean, spread.deviation, spread.min, spread.max].map((value) => Number(value.toFixed(6)));
    return [grid, ...sweepAxes.map((axis) => point[axis]), timeSteps, accuracies.length, ...figures];
  });
  return `${[header, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`;
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const titles: Partial<Record<Axis, string>> = {
  timeSteps: 'time steps',
  temperatureK: 'temperature, K',
  thresholdSpread: "standard deviation of the devices' thresholds, share of the mean",
  slopeSpread: "standard deviation of the devices' slopes, share of the mean",
  stuckAtSpike: 'share of devices that always switch',
  stuckSilent: 'share of devices that never switch',
  missedRead: 'probability of a missed switch',
  falseRead: 'probability of a switch seen where none was',
  weightBits: 'bits of a weight',
  neuronTrim: 'resolution of the threshold trim, potential',
};

/** Accuracy against `x`, or against the numeric axis with the most values; a line for each combination of the others. */
export function sweepPlot(all: readonly Row[], x: Axis | undefined): Plot {
  const count = (axis: Axis) => new Set(all.map((row) => axisValue(row, axis))).size;
  const numeric = variedAxes(all).filter((axis) => all.every((row) => typeof axisValue(row, axis) === 'number'));
  const along = x ?? [...numeric].sort((a, b) => count(b) - count(a))[0] ?? 'timeSteps';
  // Grids that don't vary the axis have nothing to show along it.
  const grids = new Set(all.map(({ grid }) => grid).filter((grid) => variesIn(all, grid, along)));
  const rows = grids.size === 0 ? all : all.filter(({ grid }) => grids.has(grid));
  const varied = variedAxes(rows);
  const others = varied.filter((axis) => axis !== along);
  const nameOf = (row: Row) =>
    others
      .map((axis) => (axis === 'timeSteps' ? `T=${row.timeSteps}` : `${axis} ${axisValue(row, axis)}`))
      .join(', ') || row.grid;
  const names = [...new Set(rows.map(nameOf))];
  const seeds = Math.max(...rows.map((row) => row.accuracies.length));
  return {
    title: 'Accuracy',
    subtitle: `mean and range of ${seeds} seed${seeds === 1 ? '' : 's'}; best ${percent(Math.max(...rows.map((row) => row.spread.mean)))}`,
    xTitle: titles[along] ?? along,
    yTitle: 'right answers, %',
    xLogarithmic: along === 'timeSteps',
    series: names.map((name) => ({
      name,
      mark: 'line and points',
      points: rows
        .filter((row) => nameOf(row) === name)
        .map((row) => ({
          x: Number(axisValue(row, along)),
          y: row.spread.mean * 100,
          low: row.spread.min * 100,
          high: row.spread.max * 100,
        })),
    })),
  };
}
