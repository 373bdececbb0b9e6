import { describe, expect, it } from 'vitest';
import { parseAssumptions, valuesOf, withValue } from '../../src/estimate/index.ts';
import { assumptionsText } from './small.ts';

type File = Record<string, Record<string, Record<string, unknown>>>;

const changed = (change: (file: File) => void): string => {
  const file = JSON.parse(assumptionsText) as File;
  change(file);
  return JSON.stringify(file);
};
const read = (text: string) => () => parseAssumptions(text, 'own.json');

describe('the file of assumptions', () => {
  it('is read, every number with unit and source', () => {
    const assumptions = parseAssumptions(assumptionsText, 'assumptions.json');
    expect(valuesOf<'chip'>(assumptions.chip).driverSupplyV).toBe(1.1);
    expect(assumptions.economics.batteryWh).toMatchObject({ unit: 'Wh' });
    expect(withValue(assumptions, 'chip', 'tmr', 3).chip.tmr).toEqual({ ...assumptions.chip.tmr, value: 3 });
    expect(assumptions.chip.tmr.value).toBe(1);
  });

  it.each([
    ['no JSON', '{', /not JSON[\s\S]*own\.json/],
    [
      'a missing entry',
      changed((file) => delete file.chip!.tmr),
      /an assumption is missing[\s\S]*own\.json, chip\.tmr/,
    ],
    ['a missing section', changed((file) => delete file.cmos), /an assumption is missing[\s\S]*own\.json, cmos/],
    [
      'an unknown name',
      changed((file) => {
        file.chip!.tmrr = {};
      }),
      /an unknown assumption[\s\S]*own\.json, chip[\s\S]*tmrr[\s\S]*driverSupplyV/,
    ],
    [
      'text for a number',
      changed((file) => {
        file.chip!.readS!.value = '1 ns';
      }),
      /wrong value[\s\S]*chip\.readS\.value[\s\S]*"1 ns"[\s\S]*a number 1e-12\.\.0\.001 s/,
    ],
    [
      'another unit',
      changed((file) => {
        file.chip!.readS!.unit = 'ns';
      }),
      /chip\.readS\.unit[\s\S]*"ns"[\s\S]*expected: s/,
    ],
    [
      'nanoseconds where seconds belong',
      changed((file) => {
        file.chip!.readS!.value = 0.5;
      }),
      /chip\.readS\.value[\s\S]*0\.5/,
    ],
    [
      'a value outside its own range',
      changed((file) => {
        file.chip!.readS!.low = 6e-10;
      }),
      /chip\.readS[\s\S]*low <= value <= high/,
    ],
    [
      'no source',
      changed((file) => {
        file.cmos!.wireScale!.source = '';
      }),
      /cmos\.wireScale\.source[\s\S]*where the number is from/,
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(read(text)).toThrow(message);
  });
});
