/** Trees of Verilog that differ in numbers, as one tree over parameters. */
import type { Prepared } from '../families.ts';
import { literal } from '../prepare/expressions.ts';
import { isFormula } from '../print/expressions.ts';
import {
  allItems,
  type Formula,
  type LiteralExpr,
  type Size,
  type VExpr,
  type VInstance,
  type VItem,
  type VModule,
  type VParameter,
} from '../syntax.ts';

/** Two trees have not the same shape. */
class Mismatch extends Error {}

interface Parameter {
  readonly name: string;
  /** One for each member. */
  readonly values: readonly (number | bigint | string)[];
  /** Of typed parameters. */
  readonly width?: Size | undefined;
  readonly signed?: boolean;
  readonly doc?: string | undefined;
}

/** Keys of text that is for people: where members differ in it, it is left out. */
const prose: ReadonlySet<string> = new Set(['doc', 'docs', 'text', 'note']);

export class Unification {
  readonly module: VModule;
  readonly #members: readonly Prepared[];
  readonly #parameters: Parameter[] = [];
  /** Numbers that all members have, in widths that differ. */
  readonly #locals: {
    readonly name: string;
    readonly number: bigint;
    readonly width: Size;
    readonly signed: boolean;
  }[] = [];
  readonly #taken: Set<string>;
  /** What the tree being compared belongs to, for names. */
  #context = '';
  /** It is a parameter that an instance sets: its name is as good here. */
  #isParameter = false;

  /** Undefined: the members are not of one shape. */
  static of(name: string, members: readonly Prepared[]): Unification | undefined {
    try {
      return new Unification(name, members);
    } catch (error) {
      if (error instanceof Mismatch) return undefined;
      throw error;
    }
  }

  private constructor(name: string, members: readonly Prepared[]) {
    this.#members = members;
    this.#taken = new Set(members.flatMap(({ module }) => namesIn(module)));
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
    this.#parameters.sort((a, b) => Number(a.width !== undefined) - Number(b.width !== undefined));
    const made = this.#parameters.map((parameter) => this.#declared(parameter));
    const who = modules.map((module) => module.name).join(', ');
    this.module = {
      name,
      docs: docs.length > 0 ? docs : [`One module for ${who}.`],
      place: first.place,
      parameters: [...made, ...own],
      ports,
      states: list('states'),
      items: [...this.#localItems(first.place), ...items],
    };
    this.#check(modules);
  }

  /** What an instance of a member sets. */
  valuesOf(member: number): VInstance['parameters'] {
    return this.#parameters.map(({ name, values, width, signed }) => {
      const value = values[member]!;
      if (typeof value !== 'bigint' || width === undefined) return [name, value];
      const bits = typeof width === 'number' ? width : this.#sizeOf(width, member);
      return [name, { kind: 'literal', width: bits, value, signed: signed ?? false }];
    });
  }

  #declared(parameter: Parameter): VParameter {
    const { name, values, width, signed = false, doc } = parameter;
    const [value] = values as [number | bigint | string];
    const base = { name, width, signed, doc, place: undefined };
    if (typeof value !== 'bigint' || width === undefined) return { ...base, width: undefined, value };
    const bits = typeof width === 'number' ? width : this.#sizeOf(width, 0);
    // A table of one member says nothing about the others.
    if (bits > 128) return { ...base, value: literal(0n, bits), doc: 'set by every instance' };
    return { ...base, value: { kind: 'literal', width: bits, value, signed } };
  }

  #localItems(place: VModule['place']): VItem[] {
    return this.#locals.map(({ name, number, width, signed }): VItem => {
      const value = { kind: 'literal', width: 0, value: number, signed } as const;
      return { kind: 'localparam', name, signed, width, value, doc: undefined, place };
    });
  }

  #sizeOf({ parameter, scale, offset }: Formula, member: number): number {
    const found = this.#parameters.find(({ name }) => name === parameter)!;
    return scale * Number(found.values[member]) + offset;
  }

  /** Constants with a name whose values differ are parameters; all else stays an item. */
  #items(members: readonly (readonly VItem[])[]): VItem[] {
    const lengths = new Set(members.map((items) => items.length));
    if (lengths.size > 1) throw new Mismatch();
    return members[0]!.flatMap((item, index): VItem[] => {
      const items = members.map((member) => member[index]!);
      if ('name' in item && item.kind !== 'instance') this.#context = item.name;
      if (item.kind === 'instance') this.#context = item.loop?.label ?? item.name;
      if (item.kind === 'loop') this.#context = item.label;
      if (item.kind === 'readmemh') this.#context = item.memory;
      // Its parameter may have its name.
      if (item.kind === 'localparam') this.#taken.delete(item.name);
      const unified = this.#localparam(items) ?? (this.#unify(items, 'items') as VItem);
      if ('text' in unified && unified.text === undefined) return [];
      if (item.kind === 'localparam') this.#taken.add(item.name);
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
    this.#taken.add(name);
    this.#parameters.push({ name, values: numbers, width, signed, doc: first.doc });
    return { ...first, value: { kind: 'name', name, signed } as unknown as LiteralExpr };
  }

  #unify(values: readonly unknown[], key: string): unknown {
    const [first] = values;
    if (key === 'place') return first;
    if (key === 'docs') return commonDocs(values as readonly (readonly string[])[]);
    if (prose.has(key)) return commonText(values as readonly (string | undefined)[]);
    if (key === 'partlyUnused' || key === 'used') return values.some((value) => value === true);
    if (values.every((value) => value === first)) return first;
    if (values.some((value) => typeof value !== typeof first || value === null)) throw new Mismatch();
    if (typeof first === 'number') return this.#size(values as number[], key);
    if (typeof first === 'bigint') return this.#value(values as bigint[], undefined, false);
    if (typeof first === 'string') return this.#text(values as string[], key);
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
    if (isParameter) this.#context = first[0] as string;
    this.#isParameter = isParameter;
    const unified = first.map((_, index) => {
      const parts = values.map((value) => value[index]);
      return this.#unify(parts, isParameter && index === 1 ? 'parameter' : key);
    });
    this.#isParameter = false;
    return unified;
  }

  #record(values: readonly Record<string, unknown>[]): unknown {
    const [first] = values as [Record<string, unknown>];
    const keys = Object.keys(first);
    if (values.some((value) => Object.keys(value).join() !== keys.join())) throw new Mismatch();
    if (first.kind === 'literal') return this.#literal(values as unknown as LiteralExpr[]);
    if (first.kind === 'assign' && isName(first.target)) this.#context = first.target.name;
    if (first.kind === 'slice') return this.#slice(values as unknown as SliceExpr[]);
    if (first.kind === undefined && typeof first.name === 'string') this.#context = first.name;
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
    this.#context = first.name;
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
    const name = isFixed ? this.#fixed(numbers, width, signed) : this.#value(values, width, signed).parameter;
    return { kind: 'name', name, signed };
  }

  /** A number that is the same in all members, in a width that is not: a localparam. */
  #fixed(numbers: readonly bigint[], width: Size, signed: boolean): string {
    const known = this.#locals.find(
      (each) =>
        each.number === numbers[0] && same([each.width, each.signed].map(canonical), [width, signed].map(canonical)),
    );
    if (known !== undefined) return known.name;
    const name = this.#named(numbers, this.#context.replace(/_\d+$/, ''));
    this.#locals.push({ name, number: numbers[0]!, width, signed });
    return name;
  }

  /** Parameters of equal values are one; a constant of the author's gives its name. */
  #parameter(values: Parameter['values'], suffix: string, type: Pick<Parameter, 'width' | 'signed'>): Formula {
    const known = this.#parameters.find(
      (each) =>
        same(each.values, values) &&
        typeof each.values[0] === typeof values[0] &&
        JSON.stringify([each.width, each.signed]) === JSON.stringify([type.width, type.signed]),
    );
    if (known !== undefined) return { parameter: known.name, scale: 1, offset: 0 };
    const context = this.#isParameter ? this.#context : this.#context.replace(/_\d+$/, '');
    const name = this.#named(values, `${context}${suffix}`);
    this.#parameters.push({ name, values, ...type });
    return { parameter: name, scale: 1, offset: 0 };
  }

  #authorsName(values: Parameter['values']): string | undefined {
    const [first] = this.#members as [Prepared];
    for (const name of first.constants.keys()) {
      const constants = this.#members.map(({ constants: all }) => all.get(name));
      const equal = constants.every((value, index) => value !== undefined && `${value}` === `${values[index]}`);
      if (equal && ![...this.#parameters, ...this.#locals].some((each) => each.name === name)) return name;
    }
    return undefined;
  }

  /** The author's name for these values, or one made of what they belong to, which is no other number's. */
  #named(values: Parameter['values'], context: string): string {
    const wanted = context.toUpperCase();
    const { constants } = this.#members[0]!;
    const author = this.#authorsName(values);
    let name = author ?? wanted;
    for (let n = 2; author === undefined && (this.#taken.has(name) || constants.has(name)); n++)
      name = `${wanted}_${n}`;
    this.#taken.add(name);
    return name;
  }

  #value(values: readonly bigint[], width: Size | undefined, signed: boolean): Formula {
    return this.#parameter(values, '', { width, signed });
  }

  #text(values: readonly string[], key: string): Formula {
    if (key !== 'file' && key !== 'parameter') throw new Mismatch();
    return this.#parameter(values, key === 'file' ? '_file' : '', {});
  }

  /** A size: a parameter there is, with a factor and an offset, or a new one. */
  #size(values: readonly number[], key: string): Formula {
    const author = this.#authorsName(values.map(BigInt));
    const known = author === undefined ? (this.#related(values, key) ?? this.#multiple(values, key)) : undefined;
    if (known !== undefined) return known;
    const suffix = { width: '_bits', depth: '_words', count: 's', high: '_high', low: '_low', parameter: '' }[key];
    return this.#parameter(values, suffix ?? `_${key}`, {});
  }

  #related(values: readonly number[], key: string): Formula | undefined {
    const found = this.#parameters.flatMap(({ name, values: own, width }): Formula[] => {
      if (width !== undefined || !own.every((value): value is number => typeof value === 'number')) return [];
      const formula = line(own, values, key);
      if (key === 'parameter' && formula?.offset !== 0) return [];
      return formula === undefined ? [] : [{ parameter: name, ...formula }];
    });
    const usual = usualOffset(key);
    const strange = (formula: Formula) => Math.abs(formula.offset - usual);
    // Bits are added up to a width: the difference is not a multiple of something else.
    const first = key === 'count' ? (formula: Formula) => formula.scale : strange;
    return found.sort((a, b) => first(a) - first(b) || a.scale - b.scale || strange(a) - strange(b))[0];
  }

  /** So many times a number of the author's, which becomes a parameter. */
  #multiple(values: readonly number[], key: string): Formula | undefined {
    const [first] = this.#members as [Prepared];
    const offset = usualOffset(key);
    for (const name of first.constants.keys()) {
      const own = this.#members.map(({ constants }) => Number(constants.get(name)));
      const scale = (values[0]! - offset) / own[0]!;
      const fits =
        values.every((value, i) => value === scale * own[i]! + offset) && own.some((each) => each !== own[0]);
      if (Number.isInteger(scale) && scale >= 1 && fits) return { ...this.#parameter(own, '', {}), scale, offset };
    }
    return undefined;
  }

  /** With a member's values put in again, its tree must come out. */
  #check(modules: readonly VModule[]): void {
    const { ports, states } = this.module;
    const items = withoutComments(this.module.items.slice(this.#locals.length));
    modules.forEach((module, member) => {
      const constants = new Set([...this.#parameters, ...this.#locals].map(({ name }) => name));
      const own = withoutComments(module.items).filter(
        (item) => item.kind !== 'localparam' || !constants.has(item.name),
      );
      const expected = this.#filled([module.ports, own, module.states], member);
      if (canonical(expected) === canonical(this.#filled([ports, items, states], member))) return;
      throw new Error(`the family ${this.module.name} is not what its member ${module.name} was`);
    });
  }

  #filled(value: unknown, member: number): unknown {
    if (isFormula(value)) {
      const { values } = this.#parameters.find(({ name }) => name === value.parameter)!;
      const own = values[member]!;
      return typeof own === 'number' ? this.#sizeOf(value, member) : own;
    }
    if (Array.isArray(value)) return value.map((each) => this.#filled(each, member));
    if (typeof value !== 'object' || value === null || 'source' in value) return value;
    const typed = isName(value) ? this.#parameters.find(({ name }) => name === value.name) : undefined;
    const local = isName(value) ? this.#locals.find(({ name }) => name === value.name) : undefined;
    if (local !== undefined) {
      const { width, signed, number } = local;
      const bits = isFormula(width) ? this.#sizeOf(width, member) : width;
      return { kind: 'literal', width: bits, value: BigInt.asUintN(bits, number), signed };
    }
    if (typed !== undefined) {
      const { width, signed, values } = typed;
      const bits = isFormula(width) ? this.#sizeOf(width, member) : width;
      return { kind: 'literal', width: bits, value: values[member], signed };
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#filled(each, member)]));
  }
}

/** The highest bit of so many is one less. */
function usualOffset(key: string): number {
  return key === 'high' ? -1 : 0;
}

/** values = scale * own + offset, if small numbers do: any two pairs of numbers are on some line. A multiple of a width is one of whole widths. */
function line(
  own: readonly number[],
  values: readonly number[],
  key: string,
): { scale: number; offset: number } | undefined {
  const far = key === 'count' || key === 'high' || key === 'low' ? 16 : 2;
  for (const scale of [1, 2, 3, 4, 6, 8]) {
    const offset = values[0]! - scale * own[0]!;
    const most = scale === 1 ? far : key === 'width' ? 0 : 1;
    if (Math.abs(offset) <= most && values.every((value, index) => value === scale * own[index]! + offset))
      return { scale, offset };
  }
  return undefined;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((value, index) => value === b[index]);
}

type SliceExpr = VExpr & { readonly kind: 'slice' };

function isName(value: unknown): value is { readonly kind: 'name'; readonly name: string } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'name';
}

function namesIn(module: VModule): string[] {
  const items = allItems(module.items).flatMap((item) => [
    ...('name' in item ? [item.name] : []),
    ...(item.kind === 'declare' ? (item.also ?? []) : []),
  ]);
  return [...module.ports.map(({ name }) => name), ...items, ...module.states.flat().map(({ name }) => name)];
}

/** Items that do something, and no comments that members may not have in common. */
function withoutComments(items: readonly VItem[]): VItem[] {
  return items
    .filter(({ kind }) => kind !== 'comment')
    .map((item) => (item.kind === 'loop' ? { ...item, items: withoutComments(item.items) } : item));
}

function commonDocs(docs: readonly (readonly string[])[]): string[] {
  return docs[0]!.filter((doc) => docs.every((each) => each.includes(doc)));
}

/** Texts that differ in numbers, with N in their places; undefined where more differs. */
function commonText(texts: readonly (string | undefined)[]): string | undefined {
  const [first] = texts;
  if (first === undefined || texts.every((text) => text === first)) return first;
  const words = texts.map((text) => text?.split(/\b(\d+)\b/) ?? []);
  const common = words[0]!.map((word, index) => {
    if (words.every((other) => other[index] === word)) return word;
    return index % 2 === 1 ? 'N' : undefined;
  });
  const alike = words.every(({ length }) => length === common.length) && !common.includes(undefined);
  return alike ? common.join('') : undefined;
}

/** A tree without what is for people, as text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === 'place' || key === 'partlyUnused' || key === 'used' || prose.has(key)) return undefined;
    return typeof each === 'bigint' ? `${each}n` : each;
  });
}
