/** The flat netlist that yosys writes for iCE40, as cells; and the same netlist with short names, for a simulator. */

export interface Ice40Cell {
  /** SB_LUT4, SB_DFFESR, ... */
  readonly type: string;
  /** As yosys calls it, `conv1.lane_0.sum_SB_LUT4_O`. */
  readonly name: string;
  /** Its name in the netlist with short names, unique in the design. */
  readonly shortName: string;
  /** Its text from parameters to connections, without type and name. */
  readonly parameters: string;
  readonly connections: string;
}

/** A mapped iCE40 netlist: its cells and nets. */
export interface Ice40Netlist {
  readonly cells: readonly Ice40Cell[];
  /** What comes before and after the cells: the module's head with its wires, and its assignments. */
  readonly head: string;
  readonly tail: string;
}

const cellText = /^ {2}(SB_\w+) (#\([\s\S]*?\n {2}\) )?(\S+) *\(\n([\s\S]*?)^ {2}\);\n/gm;

/** @param text as `write_verilog -noattr` writes it, one module */
export function readIce40Netlist(text: string): Ice40Netlist {
  const cells: Ice40Cell[] = [];
  let first = text.length;
  let last = 0;
  let between = '';
  for (const match of text.matchAll(cellText)) {
    const [whole, type = '', parameters = '', name = '', connections = ''] = match;
    if (cells.length > 0) between += text.slice(last, match.index);
    first = Math.min(first, match.index);
    last = match.index + whole.length;
    cells.push({ type, name: name.replace(/^\\/, ''), shortName: `c${cells.length}`, parameters, connections });
  }
  return { cells, head: text.slice(0, first), tail: between + text.slice(Math.max(last, first)) };
}

/** Cells without parameters come first. */
export function shortNamed({ cells, head, tail }: Ice40Netlist): string {
  const order = [...cells].sort((a, b) => Number(a.parameters !== '') - Number(b.parameters !== ''));
  const text = order.map(
    ({ type, parameters, shortName, connections }) => `  ${type} ${parameters}${shortName} (\n${connections}  );\n`,
  );
  return `${head}${text.join('')}${tail}`;
}

/** What a pin is connected to; undefined: nothing. */
export function connectionOf({ connections }: Ice40Cell, pin: string): string | undefined {
  return new RegExp(`^ {4}\\.${pin}\\((.*)\\),?$`, 'm').exec(connections)?.[1]?.trim();
}

/**
 * Lookup tables whose output goes nowhere but into one flip-flop: nextpnr puts both into one logic cell, and the net uses no wires.
 * @returns short names
 */
export function localLuts(netlist: Ice40Netlist): Set<string> {
  const readers = new Map<string, { count: number; flipFlops: number }>();
  for (const cell of netlist.cells) {
    for (const [, pin = '', net = ''] of cell.connections.matchAll(/^ {4}\.(\w+)\((.*)\),?$/gm)) {
      if (pin === 'O' || pin === 'Q' || pin === 'CO' || pin === 'RDATA') continue;
      for (const bit of bitsOf(net)) {
        const known = readers.get(bit) ?? { count: 0, flipFlops: 0 };
        const isData = pin === 'D' && cell.type.startsWith('SB_DFF');
        readers.set(bit, { count: known.count + 1, flipFlops: known.flipFlops + (isData ? 1 : 0) });
      }
    }
  }
  const local = netlist.cells.filter((cell) => {
    const output = cell.type === 'SB_LUT4' ? connectionOf(cell, 'O') : undefined;
    const read = output === undefined ? undefined : readers.get(output);
    return read?.count === 1 && read.flipFlops === 1;
  });
  return new Set(local.map(({ shortName }) => shortName));
}

/** `{ a [3:2], b }` as `a [3]`, `a [2]`, `b`. */
function bitsOf(expression: string): string[] {
  const parts = expression.startsWith('{') ? expression.slice(1, -1).split(',') : [expression];
  return parts.flatMap((part) => {
    const text = part.trim();
    const [, name, high, low] = /^(.*)\[(\d+):(\d+)\]$/.exec(text) ?? [];
    if (name === undefined) return [text];
    return Array.from({ length: Number(high) - Number(low) + 1 }, (_, index) => `${name}[${Number(low) + index}]`);
  });
}
