/** The values of a circuit while it is put together: picked by number, converted to what is wanted. */
import type { Operation, ValueId } from '../circuit.ts';
import { operatorNamed, operators, type Wanted } from '../operators/index.ts';
import type { TypeChoice } from '../recipe.ts';
import { boolType, enumOf, isSame, signed, type Type, unsigned, widest } from '../types.ts';

export class Scope {
  readonly types: Type[] = [];
  /** What later items may use. */
  readonly pool: ValueId[] = [];
  readonly #used = new Set<ValueId>();

  value(type: Type): ValueId {
    this.types.push(type);
    return this.types.length - 1;
  }

  /** A value that later items may use. */
  visible(type: Type): ValueId {
    const id = this.value(type);
    this.pool.push(id);
    return id;
  }

  typeOf(id: ValueId): Type {
    return this.types[id]!;
  }

  use(id: ValueId): ValueId {
    this.#used.add(id);
    return id;
  }

  isUsed(id: ValueId): boolean {
    return this.#used.has(id);
  }

  /** A value, mostly one that needs no conversion; undefined where none can be made. */
  pick(wanted: Wanted, first: Type | undefined, choice: number, into: Operation[]): ValueId | undefined {
    if (wanted === 'same' && first === undefined) return undefined;
    const fits = (id: ValueId) => isWanted(this.typeOf(id), wanted, first);
    const fitting = this.pool.filter(fits);
    const isEnum = wanted === 'enum' || (wanted === 'same' && first?.kind === 'enum');
    if (fitting.length > 0 && (isEnum || choice % 4 !== 0)) return nth(fitting, Math.floor(choice / 4));
    const any = nth(this.pool, Math.floor(choice / 4));
    if (any === undefined || isEnum) return undefined;
    if (wanted === 'same') return this.convert(any, first!, choice, into);
    const kind = wanted === 'bits' ? 'uint' : wanted === 'any' ? this.typeOf(any).kind : wanted;
    return kind === 'enum' ? any : this.#toKind(any, kind, choice, into);
  }

  /** A conversion to exactly `type`; `choice` says by which way. */
  convert(from: ValueId, type: Type, choice: number, into: Operation[]): ValueId | undefined {
    if (isSame(this.typeOf(from), type)) return from;
    if (type.kind === 'enum') {
      return choice % 2 === 0 ? this.constant(type, choice, into) : this.pick('same', type, choice, into);
    }
    const id = this.#toKind(from, type.kind, choice, into);
    if (id === undefined || type.kind === 'bool') return id;
    const has = this.typeOf(id).width;
    const prefix = type.kind === 'uint' ? 'u' : 's';
    if (has === type.width) return id;
    const by = has < type.width ? `${prefix}.extend` : `${prefix}.${choice % 3 === 0 ? 'saturate' : 'truncate'}`;
    // Extensions by more than one operator allows come in steps.
    if (has < type.width) {
      const step = this.emit(by, [id], Math.min(type.width - has, 8), false, into);
      return step === undefined ? undefined : this.convert(step, type, choice, into);
    }
    return this.emit(by, [id], has - type.width, false, into);
  }

  /** Applies an operator; undefined where it can't take the operands. */
  emit(
    operator: string,
    operands: readonly ValueId[],
    n: number,
    named: boolean,
    into: Operation[],
  ): ValueId | undefined {
    const types = operands.map((id) => this.typeOf(id));
    const type = operatorNamed(operator).type(types, n);
    if (type === undefined) return undefined;
    for (const id of operands) this.use(id);
    const id = this.value(type);
    into.push({ kind: 'operation', id, operator, operands, n, named });
    return id;
  }

  /** Applies the operator that `choice` means, or the next one that fits. */
  choose(choice: number, picks: readonly number[], n: number, named: boolean, into: Operation[]): ValueId | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const operator = operators[(choice + attempt) % operators.length]!;
      const wanted = typeof operator.operands === 'function' ? operator.operands(n) : operator.operands;
      const ids: ValueId[] = [];
      const locals: Operation[] = [];
      for (const [index, kind] of wanted.entries()) {
        // `same` means the first value operand: behind a condition or an index it is the second.
        const first = ids[wanted.indexOf('any') > 0 ? wanted.indexOf('any') : 0];
        const type = first === undefined ? undefined : this.typeOf(first);
        const id = this.pick(kind, type, picks[index % picks.length]! + index, locals);
        if (id !== undefined) ids.push(id);
      }
      if (ids.length < wanted.length) continue;
      const before = into.length;
      into.push(...locals);
      const id = this.emit(operator.name, ids, n, named, into);
      if (id !== undefined) return id;
      into.length = before;
    }
    return undefined;
  }

  #toKind(id: ValueId, kind: 'uint' | 'sint' | 'bool', choice: number, into: Operation[]): ValueId | undefined {
    const from = this.typeOf(id).kind;
    if (from === kind) return id;
    const bits = from === 'uint' ? id : this.emit(`${from[0]}.asUInt`, [id], 0, false, into)!;
    if (kind === 'uint') return bits;
    if (kind === 'sint') {
      const keepsNumber = choice % 2 === 1 && this.typeOf(bits).width < widest;
      return this.emit(keepsNumber ? 'u.toSInt' : 'u.asSInt', [bits], 0, false, into);
    }
    return this.emit(['u.bit', 'u.reduceOr', 'u.reduceXor'][choice % 3]!, [bits], choice, false, into);
  }

  /** A constant; the operator takes its type from any value of it, so there must be one. */
  constant(type: Type, n: number, into: Operation[]): ValueId | undefined {
    const model = this.pool.find((id) => isSame(this.typeOf(id), type));
    return model === undefined ? undefined : this.emit('lit', [model], n, false, into);
  }
}

function isWanted(type: Type, wanted: Wanted, first: Type | undefined): boolean {
  if (wanted === 'any') return true;
  if (wanted === 'bits') return type.kind === 'uint' || type.kind === 'bool';
  return wanted === 'same' ? first !== undefined && isSame(type, first) : type.kind === wanted;
}

/** Counted from the end: the newest value is the one that a shrinking choice ends at. */
function nth<T>(list: readonly T[], choice: number): T | undefined {
  return list[list.length - 1 - (choice % list.length)];
}

export function typeFrom({ kind, width }: TypeChoice): Type {
  if (kind < 4) return unsigned(width);
  if (kind < 8) return signed(width);
  return kind === 8 ? boolType : enumOf(2 + (width % 4));
}
