/**
 * The same network on a device measured in a laboratory: its curve is no sigmoid, has a plateau, and drives with a voltage.
 * Build it: `npx spinfire build examples/03-measured-device.ts`
 */
import { readFileSync } from 'node:fs';
import { calibrate, readCurveFile } from 'spinfire/device';
import digits from './02-digits.ts';

const name = 'sot-mtj-measured-0p75ns.csv';
const text = readFileSync(new URL(`../models/devices/${name}`, import.meta.url), 'utf8');
const curve = readCurveFile(text, name, { where: { direction: 'AP->P' } });
const { i50A: centreV, slopeA: scaleV, maxResidual } = calibrate(curve);

/** What the calibration found: centre and scale of the nearest sigmoid in volts, and how far the device is from it. */
export const calibration = { centreV, scaleV, maxResidual };

export default { ...digits, name: 'digits_measured', curve };
