/** Proofs that a mutant is none: a difference in a state that is never reached counts for nothing, one that is reached does. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAiger } from '../../src/sim/mutation/aiger.ts';
import { differenceOf } from '../../src/sim/mutation/unreachable.ts';
import { temporaryFolder } from './temporary.ts';

/** Counts to 2; its mutants do something else in a state that there is none of, in one that there is, after a reset, and nowhere. */
const counter = `module top(input clk, input rst, input s_axis_tvalid, input [15:0] mutant, output reg [1:0] count);
  always @(posedge clk)
    if (rst) count <= mutant == 3 ? 2'd1 : 2'd0;
    else if (s_axis_tvalid) begin
      if (count == 2'd2) count <= mutant == 2 ? 2'd1 : 2'd0;
      else if (count == 2'd3) count <= mutant == 1 ? 2'd0 : 2'd3;
      else count <= count + 2'd1;
    end
endmodule
`;

it('tells what is never reached from what is', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'top.v'), counter);
  const script =
    'read_verilog top.v; prep -top top; async2sync; dffunmap; simplemap; aigmap; write_aiger -ascii -zinit -symbols top.aag';
  execFileSync('yosys', ['-q', '-p', script], { cwd: folder });
  const graph = readAiger(readFileSync(join(folder, 'top.aag'), 'utf8'));
  const isProved = (mutant: number) => {
    const { file, impossible } = differenceOf(graph, mutant);
    writeFileSync(join(folder, 'difference.aig'), file);
    const said = execFileSync('yosys-abc', ['-c', 'read_aiger difference.aig; pdr -T 20'], { cwd: folder });
    return { impossible, proved: said.toString().includes('Property proved') };
  };
  expect([1, 2, 3].map(isProved)).toEqual([
    { impossible: false, proved: true },
    { impossible: false, proved: false },
    { impossible: false, proved: false },
  ]);
  expect(differenceOf(graph, 4).impossible).toBe(true);
});
