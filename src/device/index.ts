/** The device: switching curves from physics or measurement, and what a neuron needs of them. */
export { type Calibration, calibrate, type SwitchingTable, switchingTable, type TableOptions } from './calibration.ts';
export { type CurveFileOptions, readCurveFile, writeCurveFile } from './csv.ts';
export {
  type CurvePoint,
  curveFunction,
  driveAt,
  logisticCurve,
  monotoneProbabilities,
  probabilityAt,
  type SwitchingCurve,
} from './curve.ts';
