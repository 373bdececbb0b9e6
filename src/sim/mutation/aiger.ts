/** And-inverter graphs in the AIGER format (Biere, 2007): read as text, written in its binary form. */

/** A node's number doubled, one more for its inverse; 0 and 1 are the constants. */
export type Literal = number;

export interface AndGraph {
  /** Names in the file's order; those of wide ports are `name[bit]`. */
  readonly inputs: readonly string[];
  readonly latches: readonly { readonly name: string; readonly next: Literal; readonly reset: 0 | 1 }[];
  readonly outputs: readonly { readonly name: string; readonly value: Literal }[];
  /** In an order in which a gate's inputs come first. Nodes are numbered from 1: inputs, latches, gates. */
  readonly gates: readonly (readonly [Literal, Literal])[];
}

/** Reads what yosys's `write_aiger -ascii -symbols` wrote: nodes numbered in order. */
export function readAiger(text: string): AndGraph {
  const lines = text.split('\n');
  const numbers = (line: number) => lines[line]!.split(' ').map(Number);
  const [, , inputCount, latchCount, outputCount, gateCount] = numbers(0) as [
    ...[number, number, number, number, number, number],
  ];
  const firstLatch = 1 + inputCount;
  const firstOutput = firstLatch + latchCount;
  const firstGate = firstOutput + outputCount;
  const symbols = new Map<string, string>();
  for (let at = firstGate + gateCount; at < lines.length && lines[at] !== 'c'; at += 1) {
    const [key, ...name] = lines[at]!.split(' ');
    symbols.set(key!, name.join(' '));
  }
  const named = (key: string) => symbols.get(key) ?? key;
  return {
    inputs: Array.from({ length: inputCount }, (_, i) => named(`i${i}`)),
    latches: Array.from({ length: latchCount }, (_, i) => {
      const [, next = 0, reset = 0] = numbers(firstLatch + i);
      return { name: named(`l${i}`), next, reset: reset === 1 ? 1 : 0 };
    }),
    outputs: Array.from({ length: outputCount }, (_, i) => ({
      name: named(`o${i}`),
      value: numbers(firstOutput + i)[0]!,
    })),
    gates: Array.from({ length: gateCount }, (_, i) => {
      const [, a = 0, b = 0] = numbers(firstGate + i);
      return [a, b] as const;
    }),
  };
}

/** Builds a graph: equal gates are one, gates of constants none. */
export class GraphBuilder {
  private readonly gates: [Literal, Literal][] = [];
  private readonly known = new Map<number, Literal>();
  private readonly nexts: Literal[];

  constructor(
    private readonly inputCount: number,
    private readonly latchCount: number,
  ) {
    this.nexts = new Array<Literal>(latchCount).fill(0);
  }

  input(index: number): Literal {
    return 2 * (1 + index);
  }

  latch(index: number): Literal {
    return 2 * (1 + this.inputCount + index);
  }

  next(latch: number, value: Literal): void {
    this.nexts[latch] = value;
  }

  and(a: Literal, b: Literal): Literal {
    const [low, high] = a < b ? [a, b] : [b, a];
    if (low === 0 || low === (high ^ 1)) return 0;
    if (low === 1 || low === high) return high;
    const key = high * 2 ** 26 + low;
    const old = this.known.get(key);
    if (old !== undefined) return old;
    this.gates.push([high, low]);
    const made = 2 * (this.inputCount + this.latchCount + this.gates.length);
    this.known.set(key, made);
    return made;
  }

  or(a: Literal, b: Literal): Literal {
    return this.and(a ^ 1, b ^ 1) ^ 1;
  }

  xor(a: Literal, b: Literal): Literal {
    return this.or(this.and(a, b ^ 1), this.and(a ^ 1, b));
  }

  mux(chosen: Literal, then: Literal, otherwise: Literal): Literal {
    return then === otherwise ? then : this.or(this.and(chosen, then), this.and(chosen ^ 1, otherwise));
  }

  /** All gates of another graph; `leaf` gives its inputs and latches by their node numbers. The answer translates its literals. */
  copy(graph: AndGraph, leaf: (node: number) => Literal): (literal: Literal) => Literal {
    const leaves = graph.inputs.length + graph.latches.length;
    const values = new Float64Array(1 + leaves + graph.gates.length);
    for (let node = 1; node <= leaves; node += 1) values[node] = leaf(node);
    const translate = (literal: Literal) => values[literal >>> 1]! ^ (literal & 1);
    graph.gates.forEach(([a, b], i) => {
      values[1 + leaves + i] = this.and(translate(a), translate(b));
    });
    return translate;
  }

  /** The graph with one output, as a binary file. */
  binary(output: Literal): Uint8Array {
    const { inputCount, latchCount, gates } = this;
    const all = inputCount + latchCount + gates.length;
    const head = `aig ${all} ${inputCount} ${latchCount} 1 ${gates.length}\n${this.nexts.join('\n')}${latchCount > 0 ? '\n' : ''}${output}\n`;
    const bytes: number[] = [...Buffer.from(head, 'latin1')];
    const delta = (value: number) => {
      let rest = value;
      for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128);
      bytes.push(rest);
    };
    gates.forEach(([high, low], i) => {
      const own = 2 * (1 + inputCount + latchCount + i);
      delta(own - high);
      delta(high - low);
    });
    return Uint8Array.from(bytes);
  }
}
