import { expect, it } from 'vitest';
import { PlainNames } from '../../src/flow/synthesis/plain-names.ts';

it('modules with parameters get plain names, the same in every file', () => {
  const names = new PlainNames();
  const rtlil = "module $paramod$0a1b\\lane\n  cell $paramod\\lane\\BITS=s32'01 \\unit\n  cell \\plain $x\nend\n";
  expect(names.rename(rtlil)).toBe('module \\lane_1\n  cell \\lane_2 \\unit\n  cell \\plain $x\nend\n');
  expect(names.rename('cell $paramod$0a1b\\lane \\a')).toBe('cell \\lane_1 \\a');
});

it('memories in loops get names without brackets and dots', () => {
  const rtlil =
    'module \\m\n  cell $mem_v2 \\frames[0].words\n  end\n  cell $mem_v2 \\plain\n  cell $add \\frames[0].x\nend\n';
  expect(new PlainNames().rename(rtlil)).toBe(
    'module \\m\n  cell $mem_v2 \\frames_0_words\n  end\n  cell $mem_v2 \\plain\n  cell $add \\frames[0].x\nend\n',
  );
});
