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
}

/** Reads what `dump -m` wrote of the $mem_v2 cells. */
export function readMemories(text: string): DesignMemory[] {
  const memories: DesignMemory[] = [];
  let module = '';
  let name: string | undefined;
  let values = new Map<string, number>();
  for (const line of text.split('\n')) {
    // Initial contents are the bulk of the text.
    if (line.length > 300) continue;
    const word = /^\s*(module|cell|parameter|end)\b\s*(\S*)\s*(\S*)/.exec(line);
    if (word === null) continue;
    const [, kind, first = '', second = ''] = word;
    if (kind === 'module') module = first.replace(/^\\/, '');
    else if (kind === 'cell') [name, values] = [second.replace(/^\\/, ''), new Map()];
    else if (kind === 'parameter') values.set(first.replace(/^\\/, ''), Number(second));
    else if (name !== undefined) {
      const value = (key: string) => values.get(key) ?? 0;
      const [words, width] = [value('SIZE'), value('WIDTH')];
      const ports = { readPorts: value('RD_PORTS'), writePorts: value('WR_PORTS') };
      memories.push({ module, name, words, width, bits: words * width, ...ports });
      name = undefined;
    }
  }
  return memories;
}
