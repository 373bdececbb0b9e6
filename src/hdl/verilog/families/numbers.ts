/** The numbers in which the members of a family differ: which of them are one parameter, which follow from another, and what they are called. */
import type { Prepared } from '../families.ts';
import { literal } from '../prepare/expressions.ts';
import { isFormula } from '../print/expressions.ts';
import type { Formula, LiteralExpr, Size, VInstance, VItem, VModule, VParameter } from '../syntax.ts';
import { canonical, Mismatch, namesIn } from './trees.ts';

export interface Parameter {
  readonly name: string;
  /** One for each member. */
  readonly values: readonly (number | bigint | string)[];
  /** Of typed parameters. */
  readonly width?: Size | undefined;
  readonly signed?: boolean;
  readonly doc?: string | undefined;
}

/** A number that all members have, in widths that differ. */
interface Local {
  readonly name: string;
  readonly number: bigint;
  readonly width: Size;
  readonly signed: boolean;
}

export class FamilyNumbers {
  readonly parameters: Parameter[] = [];
  readonly locals: Local[] = [];
  readonly taken: Set<string>;
  /** What the tree being compared belongs to, for names. */
  context = '';
  /** It is a parameter that an instance sets: its name is as good here. */
  isParameter = false;
  readonly #members: readonly Prepared[];

  constructor(members: readonly Prepared[]) {
    this.#members = members;
    this.taken = new Set(members.flatMap(({ module }) => namesIn(module)));
  }

  /** What an instance of a member sets. */
  valuesOf(member: number): VInstance['parameters'] {
    return this.parameters.map(({ name, values, width, signed }) => {
      const value = values[member]!;
      if (typeof value !== 'bigint' || width === undefined) return [name, value];
      const bits = typeof width === 'number' ? width : this.sizeOf(width, member);
      return [name, { kind: 'literal', width: bits, value, signed: signed ?? false }];
    });
  }

  parameterOf(name: string): Parameter | undefined {
    return this.parameters.find((parameter) => parameter.name === name);
  }

  /** What a name is in a member, where it is a parameter or a local. */
  literalOf(name: string, member: number): LiteralExpr | undefined {
    const parameter = this.parameterOf(name);
    const local = parameter === undefined ? this.locals.find((each) => each.name === name) : undefined;
    const found = parameter ?? local;
    if (found === undefined) return undefined;
    const { width, signed = false } = found;
    const bits = (isFormula(width) ? this.sizeOf(width, member) : width) as number;
    const value = local === undefined ? (parameter!.values[member] as bigint) : BigInt.asUintN(bits, local.number);
    return { kind: 'literal', width: bits, value, signed };
  }

  sizeOf({ parameter, scale, offset }: Formula, member: number): number {
    const found = this.parameterOf(parameter)!;
    return scale * Number(found.values[member]) + offset;
  }

  declared(parameter: Parameter): VParameter {
    const { name, values, width, signed = false, doc } = parameter;
    const [value] = values as [number | bigint | string];
    const base = { name, width, signed, doc, origin: undefined };
    if (typeof value !== 'bigint' || width === undefined) return { ...base, width: undefined, value };
    const bits = typeof width === 'number' ? width : this.sizeOf(width, 0);
    // A table of one member says nothing about the others.
    if (bits > 128) return { ...base, value: literal(0n, bits), doc: 'set by every instance' };
    return { ...base, value: { kind: 'literal', width: bits, value, signed } };
  }

  localItems(origin: VModule['origin']): VItem[] {
    return this.locals.map(({ name, number, width, signed }): VItem => {
      const value = { kind: 'literal', width: 0, value: number, signed } as const;
      return { kind: 'localparam', name, signed, width, value, doc: undefined, origin };
    });
  }

  /** A number that is the same in all members, in a width that is not: a localparam. */
  fixed(numbers: readonly bigint[], width: Size, signed: boolean): string {
    const known = this.locals.find(
      (each) =>
        each.number === numbers[0] && same([each.width, each.signed].map(canonical), [width, signed].map(canonical)),
    );
    if (known !== undefined) return known.name;
    const name = this.#named(numbers, this.context.replace(/_\d+$/, ''));
    this.locals.push({ name, number: numbers[0]!, width, signed });
    return name;
  }

  /** Parameters of equal values are one; a constant of the author's gives its name. */
  #parameter(values: Parameter['values'], suffix: string, type: Pick<Parameter, 'width' | 'signed'>): Formula {
    const known = this.parameters.find(
      (each) =>
        same(each.values, values) &&
        typeof each.values[0] === typeof values[0] &&
        JSON.stringify([each.width, each.signed]) === JSON.stringify([type.width, type.signed]),
    );
    if (known !== undefined) return { parameter: known.name, scale: 1, offset: 0 };
    const context = this.isParameter ? this.context : this.context.replace(/_\d+$/, '');
    const name = this.#named(values, `${context}${suffix}`);
    this.parameters.push({ name, values, ...type });
    return { parameter: name, scale: 1, offset: 0 };
  }

  value(values: readonly bigint[], width: Size | undefined, signed: boolean): Formula {
    return this.#parameter(values, '', { width, signed });
  }

  text(values: readonly string[], key: string): Formula {
    if (key !== 'file' && key !== 'parameter') throw new Mismatch();
    return this.#parameter(values, key === 'file' ? '_file' : '', {});
  }

  /** A size: a parameter there is, with a factor and an offset, or a new one. */
  size(values: readonly number[], key: string): Formula {
    const author = this.#authorsName(values.map(BigInt));
    const known = author === undefined ? (this.#related(values, key) ?? this.#multiple(values, key)) : undefined;
    if (known !== undefined) return known;
    const suffix = { width: '_bits', depth: '_words', count: 's', high: '_high', low: '_low', parameter: '' }[key];
    return this.#parameter(values, suffix ?? `_${key}`, {});
  }

  #related(values: readonly number[], key: string): Formula | undefined {
    const found = this.parameters.flatMap(({ name, values: own, width }): Formula[] => {
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

  #authorsName(values: Parameter['values']): string | undefined {
    const [first] = this.#members as [Prepared];
    for (const name of first.constants.keys()) {
      const constants = this.#members.map(({ constants: all }) => all.get(name));
      const equal = constants.every((value, index) => value !== undefined && `${value}` === `${values[index]}`);
      if (equal && ![...this.parameters, ...this.locals].some((each) => each.name === name)) return name;
    }
    return undefined;
  }

  /** The author's name for these values, or one made of what they belong to, which is no other number's. */
  #named(values: Parameter['values'], context: string): string {
    const wanted = context.toUpperCase();
    const { constants } = this.#members[0]!;
    const author = this.#authorsName(values);
    let name = author ?? wanted;
    for (let n = 2; author === undefined && (this.taken.has(name) || constants.has(name)); n++) name = `${wanted}_${n}`;
    this.taken.add(name);
    return name;
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
