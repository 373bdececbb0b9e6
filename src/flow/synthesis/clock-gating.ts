/**
 * Clock gating for standard cells. Yosys 0.23 has no pass for it: registers with an enable are mapped to a gated clock (rtl-templates/yosys/clock_gating.v), gates
 * with the same enable in a module become one, and each is a latch that the clock's low half opens, and an AND. The netlist is simulated with these gates.
 */
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import type { Liberty, LibertyCell } from './liberty.ts';

/** Files in the run's folder. */
export const gatingFiles = { registers: 'clock_gating.v', place: 'clock_gate_place.v', gate: 'clock_gate.v' } as const;

/** The module of a gate, and its cells whose power and activity are asked for. */
export const clockGate = { module: 'clock_gate', latch: 'hold', and: 'pass' } as const;

/** Puts the gate's module in place of its stand-in. */
export const gatePlacement = `module \\$_TBUF_ (input A, input E, output Y);
  ${clockGate.module} _TECHMAP_REPLACE_ (.CLK(A), .EN(E), .GCLK(Y));
endmodule
`;

/** Lines of the mapping script, after the memories and before the cells. */
export const gatingLines = [
  `techmap -map ${gatingFiles.registers}`,
  'opt_merge',
  'opt_clean',
  `techmap -map ${gatingFiles.place} t:$_TBUF_`,
  `read_verilog ${gatingFiles.gate}`,
];

/**
 * A netlist whose registers hang on the clock itself, gates beside them, for OpenSTA's power. Before there is a clock tree a lone AND drives a whole register, and the edges that it
 * makes are so slow that a flip-flop's clock is charged three to five times; a register without a gate has the ideal clock's edges, and so shall one with a gate.
 */
export function withIdealGatedClocks(netlist: string): string {
  const from = netlist.indexOf(`module ${clockGate.module}(`);
  if (from < 0) return netlist;
  const end = netlist.indexOf('endmodule', from);
  const body = netlist.slice(from, end);
  const and = body.indexOf(` ${clockGate.and} (`);
  const cell = body.slice(and).replace('(GCLK)', '(passed)');
  return `${netlist.slice(0, from)}${body.slice(0, and).replace('  wire held;', '  wire held;\n  wire passed;')}${cell}  assign GCLK = CLK;\n${netlist.slice(end)}`;
}

/** The gate out of cells of the library. Throws badInput when it has no latch, AND or inverter of its own. */
export function gateModule(liberty: Liberty): string {
  const latch = smallest(liberty, ({ latch: found, pins }) => found !== undefined && pins.length === 3);
  const and = byFunction(liberty, 2, (a, b) => [`${a} ${b}`, `${a}&${b}`, `${a}*${b}`]);
  const inverter = byFunction(liberty, 1, (a) => [`!${a}`, `${a}'`]);
  const found = latch?.latch;
  const lowActive = found?.enable.startsWith('!') === true;
  const missing = [latch === undefined && 'latch', and === undefined && 'AND', inverter === undefined && 'inverter'];
  if (latch === undefined || found === undefined || and === undefined || inverter === undefined) {
    throw badInput('the library has no cells for a clock gate', {
      where: liberty.name,
      found: `no ${missing.filter((word) => word !== false).join(', no ')}`,
      help: 'leave --clock-gating out',
    });
  }
  const output = (cell: LibertyCell) => cell.pins.find(({ direction }) => direction === 'output')!.name;
  const [first, second] = inputsOf(and);
  const enable = found.enable.replace('!', '');
  return `module ${clockGate.module} (CLK, EN, GCLK);
  input CLK, EN;
  output GCLK;
  wire low, held;
${lowActive ? '  assign low = CLK;' : `  ${inverter.name} low_half (.${inputsOf(inverter)[0]}(CLK), .${output(inverter)}(low));`}
  ${latch.name} ${clockGate.latch} (.${found.data}(EN), .${enable}(low), .${output(latch)}(held));
  ${and.name} ${clockGate.and} (.${first}(CLK), .${second}(held), .${output(and)}(GCLK));
endmodule
`;
}

const inputsOf = ({ pins }: LibertyCell) =>
  pins.filter(({ direction }) => direction === 'input').map(({ name }) => name);

function smallest(liberty: Liberty, test: (cell: LibertyCell) => boolean): LibertyCell | undefined {
  return [...liberty.cells.values()].filter(test).sort((a, b) => a.area - b.area || (a.name < b.name ? -1 : 1))[0];
}

function byFunction(
  liberty: Liberty,
  inputs: number,
  spellings: (...names: string[]) => readonly string[],
): LibertyCell | undefined {
  return smallest(liberty, (cell) => {
    const names = inputsOf(cell);
    const out = cell.pins.filter(({ direction }) => direction === 'output');
    if (names.length !== inputs || out.length !== 1 || cell.pins.length !== inputs + 1) return false;
    const words = out[0]?.function
      ?.replace(/[()]/g, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([&*]) ?/g, '$1')
      .trim();
    return words !== undefined && spellings(...names).includes(words);
  });
}

const netlistSchema = z.object({
  modules: z.record(
    z.string(),
    z.object({
      cells: z
        .record(
          z.string(),
          z.object({
            type: z.string(),
            connections: z.record(z.string(), z.array(z.union([z.number(), z.string()]))),
          }),
        )
        .default({}),
    }),
  ),
});

/**
 * Which clock gate each flip-flop of a netlist hangs on, both as instance paths below the top; flip-flops on the clock itself are not listed.
 * @param json of the netlist, as yosys writes it
 */
export function gatedFlipFlops(json: string, top: string): Map<string, string> {
  const { modules } = netlistSchema.parse(JSON.parse(json));
  const gated = new Map<string, string>();
  const visit = (name: string, prefix: string) => {
    const cells = Object.entries(Object.hasOwn(modules, name) ? modules[name]!.cells : {});
    const gates = new Map(
      cells
        .filter(([, { type }]) => type === clockGate.module)
        .map(([cell, { connections }]) => [connections.GCLK?.[0], prefix + cell]),
    );
    for (const [cell, { type, connections }] of cells) {
      if (type === clockGate.module) continue;
      if (Object.hasOwn(modules, type)) {
        visit(type, `${prefix}${cell}/`);
        continue;
      }
      for (const [net] of Object.values(connections)) {
        const gate = gates.get(net);
        if (gate !== undefined) gated.set(prefix + cell, gate);
      }
    }
  };
  visit(top, '');
  return gated;
}
