/** spinfire calibrate: from a device to its switching curve, the sigmoid nearest to it, and the comparators' table. */

import { resolve } from 'node:path';
import { z } from 'zod';
import {
  calibrateFamily,
  calibrationPlot,
  type Device,
  type DeviceSelection,
  type FamilyKind,
  type FamilyRequest,
  familyKinds,
  readDevice,
  usualCurve,
  writeFileWhole,
} from '../../app/index.ts';
import {
  type Calibration,
  calibrate,
  calibrationDefaults,
  curveWarnings,
  type MtjParameters,
  pointInterval,
  reportCurve,
  runCalibration,
  type SwitchingCurve,
  spinHallMtj,
  switchingTable,
  writeCurveFile,
} from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import { plotSvg, textTable } from '../../report/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { decimal, file, flagOf, oneOf, pair, wholeNumber, written } from '../options.ts';
import { calibrationJson, familyJson } from '../results/device.ts';
import { familyFields, familyText } from '../show/family.ts';

const group = 'Measured curves';

const options = {
  device: {
    argument: 'file',
    type: file('.json', '.csv'),
    help: 'parameters (.json) or measured curve (.csv)',
    usual: 'the spin-Hall MTJ',
  },
  temperature: { argument: 'K', type: decimal(0, 1000), help: 'temperature of a computed device', usual: 300 },
  pulseNs: { argument: 'W', type: decimal(0.001, 1000), help: 'write pulse of a computed device', usual: 0.5 },
  trials: {
    argument: 'N',
    type: wholeNumber(1, 1_000_000_000),
    help: 'write pulses at each current',
    usual: calibrationDefaults.trials,
  },
  tailTrials: {
    argument: 'N',
    type: wholeNumber(0, 1_000_000_000),
    help: 'most write pulses at each current of the tails; 0: no tails',
    usual: 'as many as --trials',
  },
  points: { argument: 'N', type: wholeNumber(5, 10_000), help: 'currents', usual: calibrationDefaults.points },
  seed: {
    argument: 'S',
    type: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    help: 'seed of the thermal noise',
    usual: calibrationDefaults.seed,
  },
  confidence: {
    argument: 'C',
    type: decimal(0.5, 0.999999),
    help: "confidence of the points' intervals",
    default: calibrationDefaults.confidence,
  },
  family: {
    argument: 'kind',
    type: oneOf(familyKinds),
    help: 'several curves: by temperature (250 to 400 K), pulse (0.2 to 5 ns) or geometry',
  },
  csv: { argument: 'file', type: written('.csv'), help: 'write the curve; of a family: a folder, a file for each' },
  plot: { argument: 'file.svg', type: written('.svg'), help: 'draw points, fit and table' },
  where: {
    argument: 'column=value',
    type: pair('column=value'),
    help: 'lines of a measured table to take; may be repeated',
    repeat: true,
    group,
  },
  column: {
    argument: 'quantity=title',
    type: pair('quantity=title'),
    help: 'title of the column of current, voltage, probability, ...',
    repeat: true,
    group,
  },
  unit: {
    argument: 'quantity=unit',
    type: pair('quantity=unit'),
    help: 'unit of a column whose header has none',
    repeat: true,
    group,
  },
  negate: { type: 'flag', help: 'the measured device switches at negative drive', group },
  intervalNs: {
    argument: 'W',
    type: decimal(0.001, 1e12),
    help: 'sampling interval of a telegraphic device, to be checked',
    group,
  },
} as const;

type Options = GivenOf<typeof options>;

const result = z.union([calibrationJson, familyJson]);

export const calibrateCommand = command({
  name: 'calibrate',
  summary: 'switching curve of a device, computed or measured, and the table that the neurons compare with',
  arguments: {},
  options,
  result,
  run: calibrateDevice,
});

async function calibrateDevice(chosen: Options, context: CommandContext): Promise<ResultOf<z.output<typeof result>>> {
  const { io } = context;
  const device: Device =
    chosen.device === undefined
      ? { kind: 'computed', parameters: spinHallMtj() }
      : readDevice(chosen.device, selectionOf(chosen), io);
  if (chosen.family !== undefined) {
    const family = await calibrateFamily(familyRequest(chosen.family, device, chosen), context);
    return { json: familyFields(chosen.family, family), text: familyText(chosen.family, family) };
  }
  const result =
    device.kind === 'measured'
      ? measured(device, chosen)
      : isUsual(chosen)
        ? kept()
        : await compute(device, chosen, context);
  const { curve, calibration } = result;
  if (chosen.csv !== undefined) writeFileWhole(resolve(io.cwd, chosen.csv), writeCurveFile(curve));
  const table = switchingTable(curve, calibration);
  const warnings = curveWarnings(curve);
  if (chosen.plot !== undefined) {
    const plot = calibrationPlot(curve, calibration, table, chosen.confidence);
    writeFileWhole(resolve(io.cwd, chosen.plot), await plotSvg(plot));
  }
  return {
    json: {
      name: curve.name,
      unit: curve.unit,
      source: curve.source,
      ...calibration,
      ...result.about,
      curve: withIntervals(curve, chosen.confidence),
      ...(warnings.length === 0 ? {} : { warnings }),
      table,
    },
    text: [...warnings.map((warning) => `warning: ${warning}`), describe(curve, calibration, chosen.confidence)].join(
      '\n',
    ),
  };
}

function familyRequest(kind: FamilyKind, device: Device, chosen: Options): FamilyRequest {
  if (device.kind === 'measured')
    throw badInput('a family is computed, not measured', {
      where: chosen.device ?? '',
      help: 'give a file of parameters (.json)',
    });
  const { points, trials, seed, csv, plot } = chosen;
  return { kind, parameters: underConditions(device, chosen), points, trials, seed, csv, plot };
}

function underConditions({ parameters }: Extract<Device, { kind: 'computed' }>, chosen: Options): MtjParameters {
  return {
    ...parameters,
    ...(chosen.temperature === undefined ? {} : { temperatureK: chosen.temperature }),
    ...(chosen.pulseNs === undefined ? {} : { pulseS: Number((chosen.pulseNs * 1e-9).toPrecision(15)) }),
  };
}

/** Nothing is asked for that the kept curve of the default device does not answer. */
function isUsual(chosen: Options): boolean {
  const asked = [
    chosen.device,
    chosen.temperature,
    chosen.pulseNs,
    chosen.trials,
    chosen.tailTrials,
    chosen.points,
    chosen.seed,
  ];
  return asked.every((value) => value === undefined);
}

/** The curve that cores are built with when nobody names a device: computed once, with deep tails, and kept. */
function kept(): Calibrated {
  const curve = usualCurve();
  const { temperatureK, pulseS } = curve;
  return {
    curve,
    calibration: calibrationOf(calibrate(curve)),
    about: { temperatureK, pulseS, parameters: spinHallMtj() },
  };
}

interface Calibrated {
  readonly curve: SwitchingCurve;
  readonly calibration: Calibration;
  /** What only a computed curve has. */
  readonly about: Readonly<Record<string, unknown>>;
}

async function compute(
  computed: Extract<Device, { kind: 'computed' }>,
  chosen: Options,
  { progress }: CommandContext,
): Promise<Calibrated> {
  const device = underConditions(computed, chosen);
  const { trials, tailTrials, points, seed, confidence } = chosen;
  const report = await progress.step('calibrate', (tell) =>
    runCalibration(
      {
        parameters: device,
        confidence,
        ...(trials === undefined ? {} : { trials }),
        ...(tailTrials === undefined ? {} : { tailTrials }),
        ...(points === undefined ? {} : { points }),
        ...(seed === undefined ? {} : { seed }),
      },
      { onProgress: (done, total) => tell(done / total, `${done} of ${total} write pulses`) },
    ),
  );
  const { curve: _, ...about } = report;
  return { curve: reportCurve(report), calibration: calibrationOf(report), about };
}

function measured({ curve }: Extract<Device, { kind: 'measured' }>, chosen: Options): Calibrated {
  for (const name of ['temperature', 'pulseNs', 'trials', 'tailTrials', 'points', 'seed'] as const) {
    if (chosen[name] === undefined) continue;
    throw badInput('a measured curve cannot be computed under other conditions', {
      where: chosen.device ?? '',
      found: flagOf(name),
      help: 'leave the option out, or give a file of parameters (.json)',
    });
  }
  const { temperatureK, pulseS } = curve;
  const about = {
    ...(temperatureK === undefined ? {} : { temperatureK }),
    ...(pulseS === undefined ? {} : { pulseS }),
  };
  return { curve, calibration: calibrationOf(calibrate(curve)), about };
}

function calibrationOf({ i50A, slopeA, crossingA, maxResidual, rmsResidual }: Calibration): Calibration {
  return { i50A, slopeA, crossingA, maxResidual, rmsResidual };
}

function selectionOf({ where, column, unit, negate, intervalNs }: Options): DeviceSelection {
  return {
    ...(where.length === 0 ? {} : { where: Object.fromEntries(where) }),
    ...(column.length === 0 ? {} : { columns: Object.fromEntries(column) }),
    ...(unit.length === 0 ? {} : { units: Object.fromEntries(unit) }),
    ...(negate === undefined ? {} : { negate }),
    ...(intervalNs === undefined ? {} : { intervalS: intervalNs * 1e-9 }),
  };
}

function withIntervals({ points }: Pick<SwitchingCurve, 'points'>, confidence: number) {
  // A line a pulse: a million points, and hardly a different pair of numbers.
  const known = new Map<string, ReturnType<typeof pointInterval>>();
  return points.map((point) => {
    const key = `${point.probability} ${point.trials} ${point.stderr}`;
    const interval = known.get(key) ?? pointInterval(point, confidence);
    known.set(key, interval);
    return { ...point, ...interval };
  });
}

/** Points of a curve that a terminal shows. */
const mostShown = 100;

function describe(curve: SwitchingCurve, calibration: Calibration, confidence: number): string {
  const [scale, unit] = curve.unit === 'A' ? [1e6, 'uA'] : [1e3, 'mV'];
  // Adding 0 makes 0 of -0.
  const inUnits = (value: number) => (Number((value * scale).toFixed(2)) + 0).toFixed(2);
  const every = Math.ceil(curve.points.length / mostShown);
  const shown = curve.points.filter((_, index) => index % every === 0);
  const rows = withIntervals({ points: shown }, confidence).map(({ currentA, probability, low, high }) => [
    inUnits(currentA),
    probability.toFixed(4),
    low === undefined || high === undefined ? '-' : `${low.toFixed(4)} .. ${high.toFixed(4)}`,
  ]);
  const interval = `${Number((confidence * 100).toPrecision(6))} % interval`;
  return [
    textTable({ title: curve.name, columns: [unit, 'probability', interval], rows }),
    ...(every === 1
      ? []
      : [`(one point in ${every} of ${curve.points.length.toLocaleString('en')}; --json shows all)`]),
    '',
    `nearest sigmoid: centre ${inUnits(calibration.i50A)} ${unit}, slope ${inUnits(calibration.slopeA)} ${unit}; ` +
      `the curve crosses one half at ${inUnits(calibration.crossingA)} ${unit}`,
    `the device differs from it by ${calibration.maxResidual.toFixed(4)} at most, ${calibration.rmsResidual.toFixed(4)} root mean square`,
    curve.source,
  ].join('\n');
}
