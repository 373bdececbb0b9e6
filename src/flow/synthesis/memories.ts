/** Memories of a design as yosys found them. */

export interface DesignMemory {
  /** Name of the module that it is in, as Verilog has it. */
  readonly module: string;
  readonly name: string;
  readonly words: number;
  readonly width: number;
  /** words * width */
  readonly bits: number;
  readonly readPorts: number;
  /** 0: a read-only memory. */
  readonly writePorts: number;
  /** The data come a clock after the address. */
  readonly registeredRead: boolean;
  /** Names of the signals that clock its ports. */
  readonly clocks: readonly string[];
}

/** Reads what `dump -m` wrote of the $mem_v2 cells. */
export function readMemories(text: string): DesignMemory[] {
  const memories: DesignMemory[] = [];
  let module = '';
  let name: string | undefined;
  let values = new Map<string, number>();
  let clocks = new Set<string>();
  for (const line of text.split('\n')) {
    // Initial contents are the bulk of the text.
    if (line.length > 300) continue;
    const word = /^\s*(module|cell|parameter|connect|end)\b\s*(\S*)\s*(.*)/.exec(line);
    if (word === null) continue;
    const [, kind, first = '', second = ''] = word;
    if (kind === 'module') module = first.replace(/^\\/, '');
    else if (kind === 'cell') [name, values, clocks] = [second.replace(/^\\/, ''), new Map(), new Set()];
    else if (kind === 'parameter') values.set(first.replace(/^\\/, ''), readNumber(second));
    else if (kind === 'connect' && /^\\(RD|WR)_CLK$/.test(first)) {
      for (const [, clock = ''] of second.matchAll(/\\(\w+)/g)) clocks.add(clock);
    } else if (kind === 'end' && name !== undefined) {
      const value = (key: string) => values.get(key) ?? 0;
      const [words, width] = [value('SIZE'), value('WIDTH')];
      const ports = { readPorts: value('RD_PORTS'), writePorts: value('WR_PORTS') };
      const timing = { registeredRead: value('RD_CLK_ENABLE') > 0, clocks: [...clocks] };
      memories.push({ module, name, words, width, bits: words * width, ...ports, ...timing });
      name = undefined;
    }
  }
  return memories;
}

/** `16`, or bits: `2'11`. */
function readNumber(text: string): number {
  const bits = /^\d+'([01]+)$/.exec(text)?.[1];
  return bits === undefined ? Number(text) : Number.parseInt(bits, 2);
}
