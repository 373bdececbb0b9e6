/** The device: switching curves from physics or measurement, and what a neuron needs of them. */
export {
  type Calibration,
  calibrate,
  curveWarnings,
  type SwitchingTable,
  switchingTable,
  type TableOptions,
  tableRange,
} from './calibration.ts';
export { type CurveFileOptions, readCurveFile, writeCurveFile } from './csv.ts';
export type { CsvOptions } from './csv-table.ts';
export { decodeText } from './csv-text.ts';
export {
  type CurvePoint,
  curveFunction,
  driveAt,
  fallOf,
  logistic,
  logisticCurve,
  monotoneProbabilities,
  probabilityAt,
  type SwitchingCurve,
} from './curve.ts';
export { type DemagnetisationFactors, ellipticCylinder } from './demagnetisation.ts';
export { type DeviceSet, drawFromSet, readDeviceSet, type SetMember, type SetOptions } from './device-set.ts';
export {
  type Family,
  type FamilyMember,
  type FamilyOptions,
  type Geometry,
  runFamily,
  withGeometry,
} from './family.ts';
export { type DeviceFigures, deviceFigures, readDisturb, tmrAt } from './figures.ts';
export { clopperPearson, type Interval, pointInterval, wilson } from './interval.ts';
export { isotonic } from './isotonic.ts';
export { runTrials, type TrialBlock, type TrialBlockResult } from './macrospin.ts';
export {
  checkParameters,
  criticalCurrentA,
  heavyMetalResistanceOhm,
  type Macrospin,
  type MtjParameters,
  macrospin,
  perpendicularMtj,
  spinHallMtj,
} from './parameters.ts';
export {
  type Cycle,
  type MemoryPoint,
  memoryCurve,
  type ProcessReport,
  runMemory,
} from './process.ts';
export { drawNormals } from './random.ts';
export {
  type CalibrationHooks,
  type CalibrationOptions,
  type CalibrationReport,
  type ComputedPoint,
  calibrationDefaults,
  reportCurve,
  runCalibration,
} from './run-calibration.ts';
export {
  type CountedSpikes,
  type MeasuredPotential,
  selfTestCurve,
  selfTestPoints,
  trimOfCounts,
} from './self-test.ts';
export {
  checkSampling,
  correlationTimeS,
  type DwellPoint,
  neelArrhenius,
  readDwellFile,
  type SamplingCheck,
  sampleTelegraph,
  spikeShare,
  telegraphCurve,
} from './telegraph.ts';
export { type Trim, type TrimOptions, trim, trimmedCurve } from './trim.ts';
export { type DeviceDraw, drawDevices, drawnTable, type Variation, withReadErrors } from './variation.ts';
