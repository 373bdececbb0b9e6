/** The write driver of a chip: it is designed for the device that it drives. */
import { calibrate } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import { type Assumption, type Assumptions, type ChipDevice, neuronCircuit, valuesOf } from '../../estimate/index.ts';
import { readAssumptions, usualChipDevice } from './study.ts';

/**
 * The assumptions with a write driver that is made for `device`. The kept range (200 uA) is that of the usual device; for another one it ends where it does there in the device's own curve, as
 * many slopes beyond I50. A range that somebody changed is taken as it is.
 *
 * @throws badInput where a changed range ends below the current that switches every second pulse
 */
export function withDriver(assumptions: Assumptions, device: ChipDevice): Assumptions {
  const { driverMaxA } = assumptions.chip;
  const { i50A, slopeA } = currentsOf(assumptions, device);
  if (driverMaxA.value !== readAssumptions(undefined, { cwd: '.' }).chip.driverMaxA.value) {
    if (driverMaxA.value > i50A) return assumptions;
    throw badInput('the write driver cannot switch the device', {
      where: 'chip.driverMaxA',
      found: micro(driverMaxA.value),
      expected: `more than the ${micro(i50A)} at which ${device.curve.name} switches every second time`,
      help: 'change it in the file of assumptions, or leave it as it is kept: it then follows the device',
    });
  }
  const usual = usualChipDevice();
  if (device.curve.name === usual.curve.name) return assumptions;
  const own = currentsOf(assumptions, usual);
  const inCurve = (currentA: number) => i50A + ((currentA - own.i50A) / own.slopeA) * slopeA;
  const driver: Assumption = {
    ...driverMaxA,
    value: inCurve(driverMaxA.value),
    low: inCurve(driverMaxA.low),
    high: inCurve(driverMaxA.high),
    source: `${driverMaxA.source} For ${device.curve.name} as many slopes beyond I50 as the kept ${micro(driverMaxA.value)} are in the usual device's curve.`,
  };
  return { ...assumptions, chip: { ...assumptions.chip, driverMaxA: driver } };
}

/** What drives the device, in amperes also where its curve is over volts. */
function currentsOf(assumptions: Assumptions, { curve, parameters }: ChipDevice) {
  return neuronCircuit(curve, parameters, valuesOf<'chip'>(assumptions.chip), calibrate(curve)).calibration;
}

function micro(amperes: number): string {
  return `${Number((amperes * 1e6).toPrecision(4))} uA`;
}
