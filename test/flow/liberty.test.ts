import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { usualLiberty } from '../../src/flow/index.ts';
import { clockPinCapacitance, readLiberty, smallestBuffer } from '../../src/flow/synthesis/liberty.ts';

it('reads the 45 nm library', () => {
  const text = readFileSync(usualLiberty, 'utf8');
  const liberty = readLiberty(text, 'gscl45nm.lib');
  expect(liberty).toMatchObject({ name: 'gscl45nm', capacitanceUnitF: 1e-12, voltage: 1.1 });
  expect([...liberty.cells.keys()]).toEqual([...text.matchAll(/^\s*cell \((\w+)\)/gm)].map(([, name]) => name));
  expect(liberty.cells.get('NAND2X1')).toMatchObject({ area: 1.8772, isFlipFlop: false, isLatch: false });
  expect(liberty.cells.get('NAND2X1')?.pins.find(({ name }) => name === 'Y')).toMatchObject({ direction: 'output' });
  const stores = [...liberty.cells.values()].filter(({ isFlipFlop, isLatch }) => isFlipFlop || isLatch);
  expect(stores.map(({ name }) => name)).toEqual(['DFFNEGX1', 'DFFPOSX1', 'DFFSR', 'LATCH']);
  expect(stores.filter(({ isLatch }) => isLatch).map(({ name }) => name)).toEqual(['LATCH']);
  expect(smallestBuffer(liberty)?.name).toBe('BUFX2');
  const clockF = (cell: string) =>
    Number(/pin\(CLK\)[\s\S]*?\bcapacitance : ([\d.]+)/.exec(text.slice(text.indexOf(`cell (${cell})`)))?.[1]) * 1e-12;
  expect(clockF('DFFPOSX1')).toBeGreaterThan(clockF('DFFNEGX1'));
  expect(clockPinCapacitance(liberty, { DFFPOSX1: 3, DFFNEGX1: 1, NAND2X1: 100 })).toBeCloseTo(
    (3 * clockF('DFFPOSX1') + clockF('DFFNEGX1')) / 4,
    20,
  );
  expect(clockPinCapacitance(liberty, { NAND2X1: 100 })).toBeUndefined();
});

it('reads other spellings', () => {
  const liberty = readLiberty(
    `library ("two words") { /* cell (no) { area : 9; } */
      capacitive_load_unit(10, ff);
      cell("B") { area : 2.5 ; pin(I) { direction : "input"; capacitance : 0.25; }
        pin(Z) { direction : output; function : "(I)"; timing() { related_pin : "I"; cell_rise(t) { values("1, 2", \\
          "3, 4"); } } } }
      cell (A) { area: 1; ff (IQ, IQN) { clocked_on : "C"; } }
    }`,
    'x.lib',
  );
  expect(liberty).toMatchObject({ name: 'two words', voltage: undefined });
  expect(liberty.capacitanceUnitF).toBeCloseTo(1e-14, 20);
  expect([...liberty.cells.values()].map(({ name, area, isFlipFlop }) => [name, area, isFlipFlop])).toEqual([
    ['B', 2.5, false],
    ['A', 1, true],
  ]);
  expect(smallestBuffer(liberty)?.name).toBe('B');
});

it('refuses what is no library', () => {
  expect(() => readLiberty('hello', 'x.lib')).toThrow('the liberty file holds no cells\n  at:       x.lib');
});
