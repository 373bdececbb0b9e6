import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './fakes.ts';

const templates = fileURLToPath(new URL('../../rtl-templates/', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures/sum/', import.meta.url));
const files = [
  ...['serial_core.v', 'serial_receiver.v', 'serial_transmitter.v'].map((name) => join(templates, name)),
  join(fixtures, 'sum.v'),
];
const macros = ['-DSPINFIRE_CORE=sum', "-DSPINFIRE_TIME_STEPS=3'd5"];

function simulate(parameters: Readonly<Record<string, number>>): string[] {
  const program = join(temporaryFolder(), 'bench');
  const chosen = Object.entries(parameters).map(([name, value]) => `-Pbench.${name}=${value}`);
  const bench = join(fixtures, 'bench.v');
  execFileSync('iverilog', ['-g2012', ...macros, ...chosen, '-s', 'bench', '-o', program, bench, ...files]);
  return execFileSync('vvp', ['-n', program], { encoding: 'utf8' }).trim().split('\n');
}

function expectedBytes(images: number): string[] {
  return Array.from({ length: images }, (_, image) => {
    const pixels = Array.from({ length: 16 }, (_, k) => (image * 37 + k * 11) & 255);
    const total = pixels.reduce((sum, pixel) => sum + pixel, 0);
    const squares = pixels.reduce((sum, pixel) => sum + pixel * pixel * 5, 0);
    return [total, squares, squares > total ? 1 : 0].flatMap((word) =>
      [0, 8, 16, 24].map((s) => `${(word >>> s) & 255}`),
    );
  }).flat();
}

it.each([8, 16, 25])('carries images and answers over a serial line, %i clocks a bit', (clocks) => {
  const lines = simulate({ CLOCKS_PER_BIT: clocks, IMAGES: 3 });
  expect(lines).toEqual([...expectedBytes(3), 'frame_error 0 overrun 0']);
});

it('says so when the host sends faster than answers can go back', () => {
  const lines = simulate({ CLOCKS_PER_BIT: 8, IMAGES: 3, BURST: 1 });
  expect(lines.at(-1)).toMatch(/overrun 1$/);
});

it('is clean under Verilator', () => {
  const args = ['--lint-only', '-Wall', '--top-module', 'serial_core', ...macros, ...files];
  // The fixture's sums of mixed widths are meant.
  const waived = ['-Wno-WIDTH', '-Wno-DECLFILENAME'];
  execFileSync('verilator', [...args, ...waived], { stdio: ['ignore', 'ignore', 'pipe'] });
});
