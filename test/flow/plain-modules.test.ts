import { expect, it } from 'vitest';
import { PlainModules } from '../../src/flow/synthesis/plain-modules.ts';

it('modules with parameters get plain names, the same in every file', () => {
  const modules = new PlainModules();
  const rtlil = "module $paramod$0a1b\\lane\n  cell $paramod\\lane\\BITS=s32'01 \\unit\n  cell \\plain $x\nend\n";
  expect(modules.rename(rtlil)).toBe('module \\lane_1\n  cell \\lane_2 \\unit\n  cell \\plain $x\nend\n');
  expect(modules.rename('cell $paramod$0a1b\\lane \\a')).toBe('cell \\lane_1 \\a');
});
