import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { type Design, defineModule, elaborate, emitVerilog, interpret, sint, uint } from '../../src/hdl/index.ts';
import { laws } from './laws.ts';

function allLaws(): Design {
  const definition = defineModule('all_laws', (m) => {
    const a = m.input('a', uint(4));
    const b = m.input('b', uint(3));
    const s = m.input('s', sint(4));
    const t = m.input('t', sint(3));
    for (const { name, build } of laws) {
      const value = build({ a, b, s, t });
      const output = m.output(name, value.type);
      m.assign(output, value);
    }
  });
  return elaborate(definition);
}

/** What the laws say for every combination of a and b; s and t are the same bits, signed. */
function* expected(): Generator<{ a: number; b: number; values: bigint[] }> {
  for (let a = 0; a < 16; a++) {
    for (let b = 0; b < 8; b++) {
      const [ua, ub] = [BigInt(a), BigInt(b)];
      const [s, t] = [BigInt.asIntN(4, ua), BigInt.asIntN(3, ub)];
      yield { a, b, values: laws.map(({ law, width }) => BigInt.asUintN(width, law(ua, ub, s, t))) };
    }
  }
}

describe('the laws of the operators', () => {
  it('have the widths that their names promise', () => {
    const ports = allLaws().ports();
    for (const { name, width } of laws)
      expect([name, ports.find((port) => port.name === name)?.width]).toEqual([name, width]);
  });

  it('hold in the interpreter for all operands', () => {
    const simulation = interpret(allLaws());
    for (const { a, b, values } of expected()) {
      simulation.poke('a', a);
      simulation.poke('b', b);
      simulation.poke('s', Number(BigInt.asIntN(4, BigInt(a))));
      simulation.poke('t', Number(BigInt.asIntN(3, BigInt(b))));
      laws.forEach(({ name, width }, index) => {
        const found = BigInt.asUintN(width, simulation.peek(name));
        expect({ name, a, b, found }).toEqual({ name, a, b, found: values[index] });
      });
    }
  });

  it('hold in Icarus Verilog for all operands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spinfire-laws-'));
    try {
      const output = emitVerilog(allLaws(), { generator: 'test', configuration: 'laws' });
      for (const { path, text } of output.files) writeFileSync(join(folder, path), text);
      writeFileSync(join(folder, 'bench.v'), bench());
      const compile = execaSync('iverilog', ['-g2001', '-Wall', '-o', 'bench', 'bench.v', 'all_laws.v'], {
        cwd: folder,
      });
      expect(compile.stderr).toBe('');
      const lines = execaSync(join(folder, 'bench'), { cwd: folder }).stdout.trim().split('\n');
      const rows = [...expected()];
      expect(lines).toHaveLength(rows.length);
      rows.forEach(({ a, b, values }, row) => {
        const found = lines[row]!.split(' ');
        laws.forEach(({ name }, index) => {
          expect({ name, a, b, found: found[index] }).toEqual({ name, a, b, found: values[index]!.toString(16) });
        });
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Prints one line of hexadecimal outputs for each (a, b). */
function bench(): string {
  const wires = laws.map(({ name, width }) => `  wire [${width - 1}:0] ${name};`);
  const ports = laws.map(({ name }) => `.${name}(${name})`);
  const format = laws.map(() => '%0h').join(' ');
  return `\`timescale 1ns / 1ps
module bench;
  reg [7:0] count;
  wire [3:0] a = count[6:3];
  wire [2:0] b = count[2:0];
${wires.join('\n')}
  all_laws dut (.a(a), .b(b), .s(a), .t(b), ${ports.join(', ')});
  initial begin
    for (count = 0; count < 128; count = count + 1) begin
      #1 $display("${format}", ${laws.map(({ name }) => name).join(', ')});
    end
  end
endmodule
`;
}
