import { expect, it } from 'vitest';
import { translateMessages } from '../../src/flow/index.ts';

const map = [
  { file: 'core.v', line: 12, origin: 'src/core/neuron.ts:41' },
  { file: 'core.v', line: 120, origin: 'src/core/readout.ts:7' },
];

it.each([
  ['yosys', 'core.v:12: ERROR: syntax error', 'src/core/neuron.ts:41 (core.v:12): ERROR: syntax error'],
  ['yosys, a range', 'wire \\x (core.v:12.3-14.9)', 'wire \\x (src/core/neuron.ts:41 (core.v:12.3-14.9))'],
  ['Verilator', '%Error: core.v:120:5: Unexpected', '%Error: src/core/readout.ts:7 (core.v:120:5): Unexpected'],
  ['Icarus', 'core.v:12: error: Unable', 'src/core/neuron.ts:41 (core.v:12): error: Unable'],
  ['a folder before the file', 'build/x/core.v:12: error', 'src/core/neuron.ts:41 (build/x/core.v:12): error'],
  ['a line below one of the map', 'core.v:13: error', 'src/core/neuron.ts:41 (core.v:13): error'],
  ['a line above all of the map', 'core.v:11: error', 'core.v:11: error'],
  ['another file', 'other.v:12: error', 'other.v:12: error'],
  ['a longer name', 'score.v:12: error', 'score.v:12: error'],
])('shows the line of TypeScript: %s', (_, message, shown) => {
  expect(translateMessages(message, map)).toBe(shown);
});
