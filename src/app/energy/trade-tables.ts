/** Energy against accuracy, and what running a chip costs, as tables. */
import type { TradePoint } from '../../estimate/index.ts';
import type { Table } from '../../report/index.ts';
import { percent } from '../accuracy.ts';
import type { EnergyStudy } from './study.ts';
import { engineering, joules } from './units.ts';

export function tradeTables({ trade }: EnergyStudy): Table[] {
  if (trade === undefined) return [];
  const table = (title: string, points: readonly TradePoint[], first: string): Table => ({
    title,
    columns: [first, 'mean time steps', 'energy of the analog part', 'accuracy'],
    rows: points.map(({ label, timeSteps, energyJ, accuracy }) => [
      label,
      Number(timeSteps.toFixed(2)).toString(),
      joules(energyJ),
      percent(accuracy),
    ]),
  });
  return [
    table('Time steps', trade.timeSteps, 'time steps'),
    table('Early exit: stop when the best class leads by this much', trade.earlyExit, 'lead'),
    table('Levels of a weight', trade.levels, 'weights'),
    ...(trade.temperature.length === 0
      ? []
      : [
          {
            title: 'Temperature of the device',
            columns: [
              'temperature',
              'I50',
              'slope',
              'energy, drive calibrated anew',
              'accuracy',
              'accuracy, drive left as it was',
            ],
            rows: trade.temperature.map((point) => [
              `${point.temperatureK} K`,
              engineering(point.i50A, 'A'),
              engineering(point.slopeA, 'A'),
              joules(point.energyJ),
              percent(point.accuracy),
              percent(point.untrimmedAccuracy),
            ]),
          },
        ]),
  ];
}

export function economicTables({ economics }: EnergyStudy): Table[] {
  const short = (value: number) => Number(value.toPrecision(3)).toString();
  return [
    {
      title: 'Running it',
      columns: [
        '',
        'duty cycle',
        'mean power',
        'battery, years',
        'kWh a million images',
        'money a million images',
        'price a unit',
        'money in its life',
      ],
      rows: economics.parts.map((part) => [
        part.name,
        part.dutyCycle === undefined ? '-' : percent(part.dutyCycle, 4),
        engineering(part.meanW, 'W'),
        short(part.batteryYears),
        short(part.kWhPerMillionImages),
        short(part.moneyPerMillionImages),
        short(part.pricePerUnit),
        short(part.moneyPerLifetime),
      ]),
    },
    {
      title: 'When the MTJ chip has paid for itself by electricity alone',
      columns: ['against', 'dearer by', 'images', 'years', 'images a second to do it within its life'],
      rows: economics.breakEven.map(({ against, result }) => [
        against,
        short(result.extraPrice),
        result.images === undefined ? 'never' : result.images.toExponential(2),
        result.years === undefined ? 'never' : short(result.years),
        result.imagesPerSecondWithinLife === undefined ? 'never' : short(result.imagesPerSecondWithinLife),
      ]),
    },
  ];
}
