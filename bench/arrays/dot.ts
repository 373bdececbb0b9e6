/**
 * The scalar product of a window in Verilog, for weights that stand still: signs are taken off the weights, so that small ones have few ones; partial products go
 * through a tree of the library's own adder cells (Wallace), whose carries meet once. Nothing in it is clocked: what does not change costs nothing.
 */

/** The adder cells of a library: pins for addends, then carry and sum. */
export interface AdderCells {
  readonly full: { readonly name: string; readonly pins: readonly [string, string, string, string, string] };
  readonly half: { readonly name: string; readonly pins: readonly [string, string, string, string] };
}

export const adderCells: readonly AdderCells[] = [
  {
    full: { name: 'FAX1', pins: ['A', 'B', 'C', 'YC', 'YS'] },
    half: { name: 'HAX1', pins: ['A', 'B', 'YC', 'YS'] },
  },
  {
    full: { name: 'FA_X1', pins: ['A', 'B', 'CI', 'CO', 'S'] },
    half: { name: 'HA_X1', pins: ['A', 'B', 'CO', 'S'] },
  },
];

/** Magnitude's bits of a weight; its sign is the bit above. */
export const magnitudeBits = 7;

export interface DotShape {
  readonly name: string;
  readonly taps: number;
  readonly valueBits: number;
  readonly sumBits: number;
}

/** What the bias has to make good: a negative weight's value comes in inverted. */
export function biasOf(weights: readonly number[], bias: number, { valueBits }: DotShape): number {
  const most = 2 ** valueBits - 1;
  return weights.reduce((sum, weight) => sum + Math.min(0, weight) * most, bias);
}

/** Sign and magnitude. */
export function weightCode(weight: number): number {
  if (Math.abs(weight) >= 2 ** magnitudeBits) throw new Error(`a weight of ${weight} has no magnitude of 7 bits`);
  return weight < 0 ? 2 ** magnitudeBits - weight : weight;
}

export function blackBoxes({ full, half }: AdderCells): string {
  const box = (name: string, pins: readonly string[]) => {
    const [inputs, outputs] = [pins.slice(0, -2), pins.slice(-2)];
    return `(* blackbox *) module ${name} (input ${inputs.join(', input ')}, output ${outputs.join(', output ')}); endmodule\n`;
  };
  return box(full.name, full.pins) + box(half.name, half.pins);
}

export function dotVerilog(shape: DotShape, cells: AdderCells): string {
  const { name, taps, valueBits, sumBits } = shape;
  const code = magnitudeBits + 1;
  const lines: string[] = [];
  const columns: string[][] = Array.from({ length: sumBits }, (_, bit) => [`bias[${bit}]`]);
  for (let tap = 0; tap < taps; tap += 1) {
    const sign = `weights[${tap * code + magnitudeBits}]`;
    lines.push(
      `  wire [${valueBits - 1}:0] v${tap} = values[${(tap + 1) * valueBits - 1}:${tap * valueBits}] ^ {${valueBits}{${sign}}};`,
    );
    for (let bit = 0; bit < valueBits; bit += 1)
      for (let by = 0; by < magnitudeBits; by += 1)
        if (bit + by < sumBits) columns[bit + by]!.push(`(v${tap}[${bit}] & weights[${tap * code + by}])`);
  }
  let count = 0;
  const wire = () => {
    lines.push(`  wire n${count};`);
    count += 1;
    return `n${count - 1}`;
  };
  const place = ({ name: cell, pins }: { readonly name: string; readonly pins: readonly string[] }, nets: string[]) =>
    lines.push(`  ${cell} a${count} (${pins.map((pin, i) => `.${pin}(${nets[i]})`).join(', ')});`);
  const add = (bit: number, addends: string[], into: string[][]) => {
    const [carry, sum] = [wire(), wire()];
    place(addends.length === 3 ? cells.full : cells.half, [...addends, carry, sum]);
    into[bit]!.push(sum);
    if (bit + 1 < sumBits) into[bit + 1]!.push(carry);
  };
  let layer = columns;
  // Rounds of threes, until every column has two at most.
  while (layer.some((column) => column.length > 2)) {
    const next: string[][] = Array.from({ length: sumBits }, () => []);
    layer.forEach((column, bit) => {
      let at = 0;
      for (; column.length - at >= 3; at += 3) add(bit, column.slice(at, at + 3), next);
      next[bit]!.push(...column.slice(at));
    });
    layer = next;
  }
  // Then the carries go from bit to bit.
  const result: string[] = [];
  const ripple = layer.map((column) => [...column]);
  for (let bit = 0; bit < sumBits; bit += 1) {
    const column = ripple[bit]!;
    if (column.length < 2) {
      result.push(column[0] ?? "1'b0");
      continue;
    }
    const out: string[][] = Array.from({ length: sumBits }, () => []);
    add(bit, column, out);
    result.push(out[bit]![0]!);
    if (bit + 1 < sumBits) ripple[bit + 1]!.push(...out[bit + 1]!);
  }
  return `module ${name} (input [${taps * valueBits - 1}:0] values, input [${taps * code - 1}:0] weights, input [${sumBits - 1}:0] bias, output [${sumBits - 1}:0] sum);
${lines.join('\n')}
  assign sum = {${result.reverse().join(', ')}};
endmodule
`;
}
