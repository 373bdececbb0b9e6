/** Trees of Verilog that differ in numbers, as one tree over parameters. */
import type { Prepared } from '../families.ts';
import { isFormula } from '../print/expressions.ts';
import type { LiteralExpr, Size, VExpr, VInstance, VItem, VModule } from '../syntax.ts';
import { FamilyNumbers } from './numbers.ts';
import { commonDocs, commonText, isForPeople, isName, Mismatch, prose, withoutComments } from './trees.ts';

export class Unification {
  readonly module: VModule;
  readonly #numbers: FamilyNumbers;

  /** Undefined: the members are not of one shape. */
  static of(name: string, members: readonly Prepared[]): Unification | undefined {
    const unified = unifiedOrNot(() => new Unification(name, members));
    if (unified) unified.#check(members.map(({ module }) => module));
    return unified;
  }

  /** Whether two members are of one shape; much less work than making one module of them. */
  static fits(a: Prepared, b: Prepared): boolean {
    return unifiedOrNot(() => new Unification(a.module.name, [a, b])) !== undefined;
  }

  private constructor(name: string, members: readonly Prepared[]) {
    this.#numbers = new FamilyNumbers(members);
    const modules = members.map(({ module }) => module);
    const [first] = modules as [VModule, ...VModule[]];
    const list = <K extends keyof VModule>(key: K) =>
      this.#unify(
        modules.map((module) => module[key]),
        key,
      ) as VModule[K];
    const ports = list('ports');
    const items = this.#items(modules.map((module) => module.items));
    const docs = commonDocs(modules.map((module) => module.docs));
    const own = list('parameters');
    // Sizes first: the types of others are made of them.
    this.#numbers.parameters.sort((a, b) => Number(a.width !== undefined) - Number(b.width !== undefined));
    const made = this.#numbers.parameters.map((parameter) => this.#numbers.declared(parameter));
    const who = modules.map((module) => module.name).join(', ');
    this.module = {
      name,
      docs: docs.length > 0 ? docs : [`One module for ${who}.`],
      origin: first.origin,
      parameters: [...made, ...own],
      ports,
      states: list('states'),
      items: [...this.#numbers.localItems(first.origin), ...items],
    };
  }

  /** What an instance of a member sets. */
  valuesOf(member: number): VInstance['parameters'] {
    return this.#numbers.valuesOf(member);
  }

  /** Constants with a name whose values differ are parameters; all else stays an item. */
  #items(members: readonly (readonly VItem[])[]): VItem[] {
    const lengths = new Set(members.map((items) => items.length));
    if (lengths.size > 1) throw new Mismatch();
    return members[0]!.flatMap((item, index): VItem[] => {
      const items = members.map((member) => member[index]!);
      if ('name' in item && item.kind !== 'instance') this.#numbers.context = item.name;
      if (item.kind === 'instance') this.#numbers.context = item.loop?.label ?? item.name;
      if (item.kind === 'loop') this.#numbers.context = item.label;
      if (item.kind === 'readmemh') this.#numbers.context = item.memory;
      // Its parameter may have its name.
      if (item.kind === 'localparam') this.#numbers.taken.delete(item.name);
      const unified = this.#localparam(items) ?? (this.#unify(items, 'items') as VItem);
      if ('text' in unified && unified.text === undefined) return [];
      if (item.kind === 'localparam') this.#numbers.taken.add(item.name);
      const value: unknown = unified.kind === 'localparam' ? unified.value : undefined;
      const isOwn = isName(value) && 'name' in unified && value.name === unified.name;
      return isOwn ? [] : [unified];
    });
  }

  /** A constant that the author uses by its name is a parameter of that name, whatever else has the same values. */
  #localparam(items: readonly VItem[]): VItem | undefined {
    const constants = items.filter((item) => item.kind === 'localparam');
    const [first] = constants;
    const numbers = constants.map(({ value }) => value.value as bigint);
    if (first === undefined || numbers.every((number) => number === numbers[0])) return undefined;
    const { name, signed } = first;
    if (constants.some((each) => each.name !== name || each.signed !== signed || each.value.kind !== 'literal'))
      return undefined;
    const width = this.#unify(
      constants.map((each) => each.width),
      'width',
    ) as Size;
    this.#numbers.taken.add(name);
    this.#numbers.parameters.push({ name, values: numbers, width, signed, doc: first.doc });
    return { ...first, value: { kind: 'name', name, signed } as unknown as LiteralExpr };
  }

  #unify(values: readonly unknown[], key: string): unknown {
    const [first] = values;
    if (key === 'origin') return first;
    if (key === 'docs') return commonDocs(values as readonly (readonly string[])[]);
    if (prose.has(key)) return commonText(values as readonly (string | undefined)[]);
    if (key === 'partlyUnused' || key === 'used') return values.some((value) => value === true);
    if (values.every((value) => value === first)) return first;
    if (values.some((value) => typeof value !== typeof first || value === null)) throw new Mismatch();
    if (typeof first === 'number') return this.#numbers.size(values as number[], key);
    if (typeof first === 'bigint') return this.#numbers.value(values as bigint[], undefined, false);
    if (typeof first === 'string') return this.#numbers.text(values as string[], key);
    if (typeof first !== 'object') throw new Mismatch();
    if (key === 'items') return this.#itemOrItems(values);
    if (Array.isArray(first)) return this.#array(values as readonly (readonly unknown[])[], key);
    return this.#record(values as Record<string, unknown>[]);
  }

  /** One item of a list, or the list that stands in a loop. */
  #itemOrItems(values: readonly unknown[]): unknown {
    const isList = values.every((value) => Array.isArray(value));
    return isList ? this.#items(values) : this.#record(values as Record<string, unknown>[]);
  }

  #array(values: readonly (readonly unknown[])[], key: string): unknown[] {
    const [first] = values as [readonly unknown[]];
    if (values.some((value) => value.length !== first.length)) throw new Mismatch();
    // What an instance sets is named by the parameter it sets.
    const isParameter = key === 'parameters' && first.length === 2 && typeof first[0] === 'string';
    if (isParameter) this.#numbers.context = first[0] as string;
    this.#numbers.isParameter = isParameter;
    const unified = first.map((_, index) => {
      const parts = values.map((value) => value[index]);
      return this.#unify(parts, isParameter && index === 1 ? 'parameter' : key);
    });
    this.#numbers.isParameter = false;
    return unified;
  }

  #record(values: readonly Record<string, unknown>[]): unknown {
    const [first] = values as [Record<string, unknown>];
    const keys = Object.keys(first);
    for (const value of values) {
      const own = Object.keys(value);
      if (own.length !== keys.length || own.some((key, index) => key !== keys[index])) throw new Mismatch();
    }
    if (first.kind === 'literal') return this.#literal(values as unknown as LiteralExpr[]);
    if (first.kind === 'assign' && isName(first.target)) this.#numbers.context = first.target.name;
    if (first.kind === 'slice') return this.#slice(values as unknown as SliceExpr[]);
    if (first.kind === undefined && typeof first.name === 'string') this.#numbers.context = first.name;
    return Object.fromEntries(
      keys.map((key) => [
        key,
        this.#unify(
          values.map((value) => value[key]),
          key,
        ),
      ]),
    );
  }

  /** The high end follows the low one where both move alike. */
  #slice(slices: readonly SliceExpr[]): unknown {
    const [first] = slices as [SliceExpr];
    const name = this.#unify(
      slices.map((each) => each.name),
      'name',
    );
    this.#numbers.context = first.name;
    const ends = (key: 'high' | 'low') => slices.map((each) => each[key]) as number[];
    if ([...ends('high'), ...ends('low')].some((end) => typeof end !== 'number')) throw new Mismatch();
    const [lows, highs] = [ends('low'), ends('high')];
    const low = this.#unify(lows, 'low') as Size;
    const distance = highs[0]! - lows[0]!;
    const alike = isFormula(low) && highs.every((high, index) => high - lows[index]! === distance);
    const high = alike ? { ...low, offset: low.offset + distance } : this.#unify(highs, 'high');
    return { ...first, name, high, low };
  }

  #literal(literals: readonly LiteralExpr[]): unknown {
    const [first] = literals as [LiteralExpr];
    const { signed } = first;
    if (literals.some((each) => each.signed !== signed || isFormula(each.value) || isFormula(each.width)))
      throw new Mismatch();
    const width = this.#unify(
      literals.map((each) => each.width),
      'width',
    ) as Size;
    const values = literals.map((each) => each.value as bigint);
    const same = values.every((value) => value === values[0]);
    if (same && (typeof width === 'number' || values[0] === 0n || (values[0] === 1n && !signed)))
      return { ...first, width };
    const numbers = literals.map((each) =>
      signed ? BigInt.asIntN(each.width as number, each.value as bigint) : (each.value as bigint),
    );
    const isFixed = isFormula(width) && numbers.every((number) => number === numbers[0]);
    const name = isFixed
      ? this.#numbers.fixed(numbers, width, signed)
      : this.#numbers.value(values, width, signed).parameter;
    return { kind: 'name', name, signed };
  }

  /** With a member's values put in again, its tree must come out. */
  #check(modules: readonly VModule[]): void {
    const { ports, states } = this.module;
    const items = withoutComments(this.module.items.slice(this.#numbers.locals.length));
    const constants = new Set([...this.#numbers.parameters, ...this.#numbers.locals].map(({ name }) => name));
    const text = (tree: unknown, member: number) => JSON.stringify(this.#filled(tree, member));
    modules.forEach((module, member) => {
      const own = withoutComments(module.items).filter(
        (item) => item.kind !== 'localparam' || !constants.has(item.name),
      );
      if (text([module.ports, own, module.states], member) === text([ports, items, states], member)) return;
      throw new Error(`the family ${this.module.name} is not what its member ${module.name} was`);
    });
  }

  /** A tree with a member's values put in, without what is for people, ready for JSON. */
  #filled(value: unknown, member: number): unknown {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.#filled(each, member));
    if (isFormula(value)) {
      const own = this.#numbers.parameterOf(value.parameter)!.values[member]!;
      return typeof own === 'number' ? this.#numbers.sizeOf(value, member) : this.#filled(own, member);
    }
    const number = isName(value) ? this.#numbers.literalOf(value.name, member) : undefined;
    if (number !== undefined) return this.#filled(number, member);
    const entries = Object.entries(value).filter(([key]) => !isForPeople(key));
    return Object.fromEntries(entries.map(([key, each]) => [key, this.#filled(each, member)]));
  }
}

function unifiedOrNot(unify: () => Unification): Unification | undefined {
  try {
    return unify();
  } catch (error) {
    if (error instanceof Mismatch) return undefined;
    throw error;
  }
}

type SliceExpr = VExpr & { readonly kind: 'slice' };
