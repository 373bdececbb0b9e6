import { badInput } from '../../errors/index.ts';
import type { OnnxAttribute, OnnxNode } from './schema.ts';
import { type Constant, type ExternalData, readTensor } from './tensors.ts';

const types = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;
const typeNames = ['none', 'FLOAT', 'INT', 'STRING', 'TENSOR', 'GRAPH', 'FLOATS', 'INTS', 'STRINGS'];

/** The attributes of one node, by name and type. `done` refuses those that nobody asked for: they change the meaning. */
export class Attributes {
  private readonly byName: ReadonlyMap<string, OnnxAttribute>;
  private readonly asked = new Set<string>();

  constructor(
    private readonly node: OnnxNode,
    readonly where: string,
    private readonly external?: ExternalData,
  ) {
    this.byName = new Map(node.attribute.map((attribute) => [attribute.name, attribute]));
  }

  int(name: string, fallback: number): number {
    return this.find(name, 'int')?.i ?? fallback;
  }

  float(name: string, fallback: number): number {
    return this.find(name, 'float')?.f ?? fallback;
  }

  string(name: string, fallback: string): string {
    const found = this.find(name, 'string');
    return found === undefined ? fallback : new TextDecoder().decode(found.s);
  }

  ints(name: string): readonly number[] | undefined {
    return this.find(name, 'ints')?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.find(name, 'floats')?.floats;
  }

  tensor(name: string): Constant | undefined {
    const found = this.find(name, 'tensor');
    if (found === undefined || !found.t) return undefined;
    return readTensor(found.t, this.where, this.external);
  }

  /** An attribute that means nothing to us. */
  ignore(name: string): void {
    this.asked.add(name);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** A list of whole numbers, none below `least`; `fallback` when the attribute is absent. */
  sizes(name: string, count: number, least: number, fallback?: readonly number[]): readonly number[] {
    const values = this.ints(name) ?? fallback;
    if (values !== undefined && values.length === count && values.every((value) => value >= least)) return values;
    throw badInput(`attribute ${name} is wrong`, {
      where: this.where,
      found: values === undefined ? 'none' : `[${values.join(', ')}]`,
      expected: `${count} numbers of at least ${least}: one for each side of an image`,
    });
  }

  /** Refuses every value of an attribute but one. */
  only(name: string, values: readonly number[], allowed: number, help?: string): void {
    if (values.every((value) => value === allowed)) return;
    throw badInput(`${name} is not supported`, {
      where: this.where,
      found: `${name} = ${values.length === 1 ? values[0] : `[${values.join(', ')}]`}`,
      expected: `${name} = ${allowed}`,
      ...(help === undefined ? {} : { help }),
    });
  }

  done(): void {
    for (const name of this.byName.keys()) {
      if (this.asked.has(name)) continue;
      throw badInput('a node has an attribute that is not supported', {
        where: this.where,
        found: `attribute ${name}`,
        expected: this.asked.size === 0 ? `no attributes on ${this.node.op_type}` : [...this.asked].sort().join(', '),
      });
    }
  }

  private find(name: string, type: keyof typeof types): OnnxAttribute | undefined {
    this.asked.add(name);
    const found = this.byName.get(name);
    // Old writers leave the type out.
    if (found === undefined || found.type === 0 || found.type === types[type]) return found;
    throw badInput(`attribute ${name} has the wrong type`, {
      where: this.where,
      found: typeNames[found.type] ?? `type ${found.type}`,
      expected: typeNames[types[type]]!,
    });
  }
}
