import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Design, elaborate, interpret } from '../../src/hdl/index.ts';
import { everything } from './everything.ts';
import { withVerilog } from './tools.ts';

const cycles = 2000;

/** xorshift32, from a seed that is not zero. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** One row of input values a cycle; reset is active in the first two. */
function stimulus(design: Design, seed: number): { names: string[]; widths: number[]; rows: bigint[][] } {
  const next = random(seed);
  const inputs = design.ports().filter((port) => port.direction === 'input' && port.role !== 'clock');
  const rows = Array.from({ length: cycles }, (_, cycle) =>
    inputs.map(({ role, width, name }) => {
      if (role === 'reset') return cycle < 2 ? 1n : 0n;
      const value = BigInt.asUintN(width, BigInt(next()));
      // The enumeration has three states in two bits.
      return name === 'mode' ? value % 3n : value;
    }),
  );
  return { names: inputs.map((port) => port.name), widths: inputs.map((port) => port.width), rows };
}

describe('interpreter and emitted Verilog', () => {
  it(`agree on every output of a design with everything in it, for ${cycles} clocks`, () => {
    const seed = 20_160_504;
    const design = elaborate(everything);
    const outputs = design.ports().filter((port) => port.direction === 'output');
    const { names, widths, rows } = stimulus(design, seed);

    const simulation = interpret(design);
    const inputs = design.ports().filter((port) => names.includes(port.name));
    const interpreted = rows.map((row) => {
      row.forEach((value, index) => {
        const { name, kind, signed, width } = inputs[index]!;
        const states = simulation.describe(name).states;
        simulation.poke(name, kind === 'enum' ? states![Number(value)]! : signed ? BigInt.asIntN(width, value) : value);
      });
      const found = outputs.map(({ name, width }) => BigInt.asUintN(width, simulation.peek(name)).toString(16));
      simulation.step();
      return found;
    });

    const simulated = withVerilog(design, ({ folder, run, output }) => {
      const total = widths.reduce((sum, width) => sum + width, 0);
      const packed = rows.map((row) =>
        row.reduce((word, value, index) => (word << BigInt(widths[index]!)) | value, 0n),
      );
      writeFileSync(join(folder, 'stimulus.hex'), packed.map((word) => `${word.toString(16)}\n`).join(''));
      writeFileSync(join(folder, 'bench.v'), bench(design, names, total));
      const sources = output.files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
      run('iverilog', '-g2001', '-o', 'bench', 'bench.v', ...sources);
      return run('./bench')
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/ +/));
    });

    expect(simulated).toHaveLength(cycles);
    let unknown = 0;
    simulated.forEach((row, cycle) => {
      row.forEach((text, index) => {
        // Registers without reset, memories before their first read and words beyond a memory's depth are unknown in Icarus.
        if (/[xz]/i.test(text)) unknown += 1;
        else
          expect({ seed, cycle, name: outputs[index]!.name, value: text }).toEqual({
            seed,
            cycle,
            name: outputs[index]!.name,
            value: interpreted[cycle]![index],
          });
      });
    });
    expect(unknown).toBeLessThan(cycles * outputs.length * 0.05);
  });
});

function bench(design: Design, names: readonly string[], total: number): string {
  const ports = design.ports();
  const range = (width: number) => (width === 1 ? '' : `[${width - 1}:0] `);
  const outputs = ports.filter((port) => port.direction === 'output');
  const connections = ports.map(({ name }) => `.${name}(${name})`).join(', ');
  return `module bench;
  reg clk;
  reg [${total - 1}:0] rows [0:${cycles - 1}];
${ports
  .filter(({ name }) => names.includes(name))
  .map(({ name, width }) => `  reg ${range(width)}${name};`)
  .join('\n')}
${outputs.map(({ name, width }) => `  wire ${range(width)}${name};`).join('\n')}
  integer cycle;
  ${design.top.name} dut (${connections});
  initial begin
    $readmemh("stimulus.hex", rows);
    clk = 0;
    for (cycle = 0; cycle < ${cycles}; cycle = cycle + 1) begin
      {${names.join(', ')}} = rows[cycle];
      #1 $display("${outputs.map(() => '%0h').join(' ')}", ${outputs.map(({ name }) => name).join(', ')});
      #1 clk = 1;
      #1 clk = 0;
    end
  end
endmodule
`;
}
