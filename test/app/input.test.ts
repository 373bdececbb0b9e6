/** What a person says about a network's input. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, expect, it } from 'vitest';
import { inputOptionsOf } from '../../src/app/input.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinfire-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return name;
};

it('takes the range of each value from vectors, their labels apart', () => {
  const file = put('cellar.csv', 'alcohol,class,proline,bottles\n12.5,2,1065,1\n14.2,0,630.5,1\n-1,1,700,1\n');
  const { low, high } = inputOptionsOf({ inputRange: file, labelColumn: 'class' }, folder);
  expect(low).toEqual([-1, 630.5, 1]);
  // A value that never changes has a range all the same.
  expect(high).toEqual([14.2, 1065, 2]);
  const written = put('ranges.json', JSON.stringify({ low, high }));
  expect(inputOptionsOf({ inputRange: written }, folder)).toEqual({ low, high });
});

it('takes it from an array of an archive by its name', () => {
  // NumPy's header of two lines of one byte each.
  const array = (...values: number[]) => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117);
    return Uint8Array.of(0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(`${header}\n`), ...values);
  };
  writeFileSync(join(folder, 'two.npz'), zipSync({ 'one.npy': array(1, 2), 'other.npy': array(7, 9) }));
  expect(inputOptionsOf({ inputRange: 'two.npz:other' }, folder)).toEqual({ low: [7], high: [9] });
});

it.each([
  ['1,0', 'the smaller one first'],
  ['nothing.csv', 'nothing.csv'],
  [put('words.csv', 'a,b\n1,x\n'), 'words.csv'],
  [put('lists.json', '{"low": [1], "high": [0]}'), 'low is not below high'],
])('refuses a range that is none: %s', (inputRange, word) => {
  expect(() => inputOptionsOf({ inputRange }, folder)).toThrow(word);
});
