/** A switching curve with its fit and the table made from it. */
import { type Calibration, pointInterval, type SwitchingCurve, type SwitchingTable } from '../device/index.ts';
import type { Plot } from '../report/index.ts';

const reachZ = 8;
const samplesPerUnit = 8;

/** A curve's points with their intervals, the nearest sigmoid, and the comparators' table. */
export function calibrationPlot(
  curve: SwitchingCurve,
  { i50A, slopeA, maxResidual }: Calibration,
  table: SwitchingTable,
  confidence: number,
): Plot {
  const [scale, unit] = curve.unit === 'A' ? [1e6, 'uA'] : [1e3, 'mV'];
  const lowest = curve.points[0]!.currentA - slopeA / 2;
  const highest = curve.points.at(-1)!.currentA + slopeA / 2;
  const shown = (drive: number) => drive >= lowest && drive <= highest;
  const short = (drive: number) => Number((drive * scale).toPrecision(4));
  const fit = Array.from({ length: 2 * reachZ * samplesPerUnit + 1 }, (_, i) => i / samplesPerUnit - reachZ);
  return {
    title: curve.name,
    subtitle: `nearest sigmoid: centre ${short(i50A)} ${unit}, slope ${short(slopeA)} ${unit}, off by ${maxResidual.toFixed(3)} at most`,
    xTitle: curve.unit === 'A' ? `write current, ${unit}` : `write voltage, ${unit}`,
    yTitle: 'switching probability',
    yRange: [0, 1],
    series: [
      {
        name: `device, ${Number((confidence * 100).toPrecision(6))} % intervals`,
        mark: 'points',
        points: curve.points.map((point) => ({
          x: point.currentA * scale,
          y: point.probability,
          ...pointInterval(point, confidence),
        })),
      },
      {
        name: 'nearest sigmoid',
        mark: 'line',
        points: fit
          .map((z) => ({ drive: i50A + z * slopeA, y: 1 / (1 + Math.exp(-z)) }))
          .filter(({ drive }) => shown(drive))
          .map(({ drive, y }) => ({ x: drive * scale, y })),
      },
      {
        name: `comparator table, ${table.entries.length} codes of 16 bits`,
        mark: 'steps',
        points: table.entries
          .map((code, address) => ({ drive: i50A + (table.zMin + address * table.zStep) * slopeA, y: code / 65536 }))
          .filter(({ drive }) => shown(drive))
          .map(({ drive, y }) => ({ x: drive * scale, y })),
      },
    ],
  };
}
