/** From a recipe to a circuit that the language accepts: operands that don't fit are converted, what can't be is left out. */
import {
  alwaysDrives,
  type Circuit,
  type ClockIndex,
  type Item,
  inputsOf,
  type MemoryItem,
  type Operation,
  outputsOf,
  type ReadPort,
  type Statement,
  type Target,
} from '../circuit.ts';
import type { ItemChoice, Recipe } from '../recipe.ts';
import { boolType, numberOf, type Type, unsigned } from '../types.ts';
import { Scope, typeFrom } from './scope.ts';
import { assignment, drives, statement, statementList } from './statements.ts';

const init = 0;
const mostExported = 16;

/** @param inner whether it is a part of another circuit, whose registers may be unknown in the first clock */
export function circuitOf(recipe: Recipe, name: string, inner = false): Circuit {
  return new Resolver(recipe, name, inner).resolve();
}

class Resolver {
  readonly #scope = new Scope();
  readonly #items: Item[] = [];
  readonly #memories: { item: MemoryItem; choice: ItemChoice }[] = [];
  readonly #children: readonly Circuit[];
  readonly #recipe: Recipe;
  readonly #name: string;
  readonly #inner: boolean;

  constructor(recipe: Recipe, name: string, inner: boolean) {
    this.#recipe = recipe;
    this.#name = name;
    this.#inner = inner;
    this.#children = recipe.children.map((child, index) => circuitOf(child, `${name}_c${index}`, true));
  }

  resolve(): Circuit {
    const { inputs, registers, items, seed } = this.#recipe;
    const scope = this.#scope;
    scope.visible(boolType);
    for (const choice of inputs) scope.visible(typeFrom(choice));
    const registerData = registers.map(({ type, reset, resetless, clock }) => {
      const id = scope.visible(typeFrom(type));
      return { id, clock: this.#clock(clock), reset: resetless ? undefined : numberOf(scope.typeOf(id), reset) };
    });
    for (const choice of items) this.#item(choice);
    const driven = this.#recipe.driven.map(({ type, value }) => {
      const own = typeFrom(type);
      return { type: own, default: numberOf(own, value) };
    });
    const statements = this.#statements(registerData, driven);
    for (const { item, choice } of this.#memories) this.#write(item, choice);
    const unread = scope.pool.filter((id) => id > inputs.length && !scope.isUsed(id));
    const exported = unread.length > 0 ? unread.slice(-mostExported) : scope.pool.slice(-1);
    const instances = this.#items.flatMap((item) => (item.kind === 'instance' ? [item.child] : []));
    const clocks = this.#items.flatMap((item) => {
      if (item.kind === 'instance') return item.child.clocks.map((own) => item.clocks[own]);
      return item.kind === 'memory' || item.kind === 'dualMemory' ? [item.clock] : [];
    });
    const used = new Set<ClockIndex>([...registerData.map(({ clock }) => clock), ...clocks]);
    return {
      name: this.#name,
      types: scope.types,
      inputs: inputs.length + 1,
      registers: registerData,
      items: this.#items,
      statements,
      driven,
      exported,
      clocks: ([0, 1] as const).filter((index) => used.has(index)),
      resettable: registerData.some(({ reset }) => reset !== undefined) || instances.some((child) => child.resettable),
      seed,
    };
  }

  #item(choice: ItemChoice): void {
    switch (choice.what) {
      case 'operation': {
        const id = this.#into((into) => this.#scope.choose(choice.pick, choice.picks, choice.n, choice.named, into));
        if (id !== undefined) this.#scope.pool.push(id);
        return;
      }
      case 'memory':
        this.#memory(choice);
        return;
      case 'dualMemory':
        this.#dualMemory(choice);
        return;
      case 'wires':
        this.#wires(choice);
        return;
      case 'instance':
        this.#instance(choice);
        return;
    }
  }

  /** Runs something that makes operations, and puts them among the items. */
  #into<T>(action: (into: Operation[]) => T): T {
    const operations: Operation[] = [];
    const result = action(operations);
    this.#items.push(...operations);
    return result;
  }

  #memory(choice: ItemChoice): void {
    const { type, depth } = memoryShape(choice);
    const reads = Array.from({ length: 1 + (choice.picks[0]! % 2) }, (_, index): ReadPort => {
      const synchronous = choice.picks[1 + index]! % 4 !== 0;
      const address = this.#address(depth, choice.picks[3 + index]!);
      const enable =
        choice.picks[5 + index]! % 2 === 0 || !synchronous ? undefined : this.#readEnable(choice.n + index);
      return { id: this.#scope.value(type), synchronous, address, enable };
    });
    const item: MemoryItem = { ...this.#memoryHead('m', choice), kind: 'memory', reads, write: undefined };
    this.#items.push(item);
    this.#memories.push({ item, choice });
    for (const { id } of reads) this.#scope.pool.push(id);
  }

  #dualMemory(choice: ItemChoice): void {
    const { type, depth } = memoryShape(choice);
    const addresses = [0, 1].map((port) => this.#address(depth, choice.picks[port]!));
    const ports = addresses.map((address, port) => {
      const data = this.#into((into) => this.#as(type, choice.picks[2 + port]!, choice.n, into));
      const enable = this.#writeEnable(choice.picks[4 + port]!, port === 1 ? addresses : []);
      const readEnable = choice.picks[6 + port]! % 2 === 0 ? undefined : this.#readEnable(choice.n + port);
      return { id: this.#scope.value(type), address, data, enable, readEnable };
    });
    this.#items.push({ ...this.#memoryHead('t', choice), kind: 'dualMemory', ports });
    for (const { id } of ports) this.#scope.pool.push(id);
  }

  #memoryHead(prefix: string, choice: ItemChoice) {
    const { type, depth } = memoryShape(choice);
    const filled = Math.max(1, depth - (choice.n % 3));
    return {
      name: `${prefix}${this.#items.length}`,
      clock: this.#clock(choice.pick >> 3),
      type,
      depth,
      collision: choice.n % 4 < 3 ? ('old' as const) : ('new' as const),
      contents: Array.from({ length: filled }, (_, word) => numberOf(type, choice.n + word * 1237)),
    };
  }

  #write(item: MemoryItem, choice: ItemChoice): void {
    // Memories that are only read asynchronously must be written: nothing else would be clocked.
    if (choice.n % 5 === 0 && item.reads.some(({ synchronous }) => synchronous)) return;
    item.write = {
      address: this.#address(item.depth, choice.picks[6]!),
      data: this.#into((into) => this.#as(item.type, choice.picks[7]!, choice.n, into)),
      enable: this.#writeEnable(choice.pick, []),
    };
  }

  #address(depth: number, pick: number): number {
    const bits = Math.max(1, Math.ceil(Math.log2(depth)));
    return this.#into((into) => {
      const address = this.#as(unsigned(bits), pick, pick, into);
      // An input of the whole circuit is never unknown, and all its values are words of such a memory.
      if (!this.#inner && address < 1 + this.#recipe.inputs.length && 2 ** bits === depth)
        return this.#scope.use(address);
      return this.#scope.emit('address', [init, address], depth, false, into)!;
    });
  }

  #readEnable(pick: number): number {
    return this.#into((into) => {
      const enable = this.#as(boolType, pick, pick, into);
      return this.#scope.use(this.#scope.emit('b.or', [enable, init], 0, false, into)!);
    });
  }

  /** Off while `init` holds and, for the second port of two, where both have one address. */
  #writeEnable(pick: number, addresses: readonly number[]): number {
    return this.#into((into) => {
      const scope = this.#scope;
      let enable = this.#as(boolType, pick, pick, into);
      if (addresses.length > 0) {
        enable = scope.emit('b.and', [enable, scope.emit('u.notEquals', addresses, 0, false, into)!], 0, false, into)!;
      }
      const settled = scope.emit('b.not', [init], 0, false, into)!;
      return scope.use(scope.emit('b.and', [enable, settled], 0, false, into)!);
    });
  }

  /** A value of exactly this type, which is no enumeration. */
  #as(type: Type, pick: number, n: number, into: Operation[]): number {
    const from = this.#scope.pick('any', undefined, pick, into)!;
    return this.#scope.use(this.#scope.convert(from, type, n, into)!);
  }

  #wires(choice: ItemChoice): void {
    const types = [typeFrom(choice.type), ...(choice.n % 2 === 0 ? [] : [boolType])];
    const targets = types.map((type): Target => ({ kind: 'wire', index: this.#scope.value(type), type }));
    const driver = this.#into((into) => statement(choice.tree, targets, this.#scope, into));
    if (driver === undefined) return;
    const wires = targets.map((target) => {
      const needed = !alwaysDrives(driver, target);
      const initial = needed || choice.n % 3 === 0 ? numberOf(target.type, choice.n) : undefined;
      return { id: target.index, default: initial };
    });
    this.#items.push({ kind: 'wires', wires, driver });
    for (const { id } of wires) this.#scope.pool.push(id);
  }

  #instance(choice: ItemChoice): void {
    const child = this.#children[choice.pick % Math.max(1, this.#children.length)];
    if (child === undefined) return;
    const operations: Operation[] = [];
    const inputs = inputsOf(child).map(({ type }, index) => {
      if (index === 0) return init;
      const pick = choice.picks[index % choice.picks.length]!;
      const from = this.#scope.pick(type.kind === 'enum' ? 'same' : 'any', type, pick, operations);
      return from === undefined ? undefined : this.#scope.convert(from, type, choice.n, operations);
    });
    if (inputs.some((input) => input === undefined)) return;
    this.#items.push(...operations);
    const connected = inputs.flatMap((input) => (input === undefined ? [] : [this.#scope.use(input)]));
    const outputs = outputsOf(child).map(({ type }) => this.#scope.visible(type));
    const clocks = [this.#clock(choice.n >> 2), this.#clock(choice.n >> 3)] as const;
    this.#items.push({ kind: 'instance', name: `u${this.#items.length}`, child, clocks, inputs: connected, outputs });
  }

  #clock(choice: number): ClockIndex {
    return this.#recipe.twoClocks && choice % 2 === 1 ? 1 : 0;
  }

  #statements(registers: Circuit['registers'], driven: Circuit['driven']): Statement[] {
    const scope = this.#scope;
    const operations: Operation[] = [];
    const outputs = driven.map(({ type }, index): Target => ({ kind: 'output', index, type }));
    const target = (index: number): Target => ({ kind: 'register', index, type: scope.typeOf(registers[index]!.id) });
    const all = registers.map((_, index) => target(index));
    const withReset = all.filter(({ index }) => registers[index]!.reset !== undefined);
    const without = all.filter(({ index }) => registers[index]!.reset === undefined);
    // Each output has one statement: later ones may only drive registers.
    const [first, ...rest] = this.#recipe.statements;
    const list = statementList(first === undefined ? [] : [first], [...withReset, ...outputs], scope, operations);
    if (withReset.length > 0) list.push(...this.#after(list, statementList(rest, withReset, scope, operations)));
    for (const register of withReset) {
      if (drives(list, register)) continue;
      const hold = assignment(register, { pick: register.index, n: register.index + 1 }, scope);
      if (hold !== undefined) list.push(hold);
    }
    if (without.length > 0) list.push(this.#withoutReset(without, operations));
    this.#items.push(...operations);
    return list;
  }

  /** Those that don't always replace what an earlier statement assigns. */
  #after(earlier: readonly Statement[], later: readonly Statement[]): Statement[] {
    const registers = this.#recipe.registers.map((_, index) => index);
    return later.filter((next) =>
      registers.every((index) => {
        const id = 1 + this.#recipe.inputs.length + index;
        const target: Target = { kind: 'register', index, type: this.#scope.typeOf(id) };
        return !(drives(earlier, target) && alwaysDrives(next, target));
      }),
    );
  }

  /** Registers without reset get their first value while `init` holds. */
  #withoutReset(targets: readonly Target[], operations: Operation[]): Statement {
    const scope = this.#scope;
    const first = targets.map((target): Statement => {
      const locals: Operation[] = [];
      return { kind: 'assign', target, locals, value: scope.constant(target.type, target.index * 5, locals)! };
    });
    const body = statementList([...this.#recipe.statements].reverse(), targets, scope, operations);
    return { kind: 'when', branches: [{ condition: scope.use(init), body: first }], otherwise: body };
  }
}

function memoryShape({ type, n }: ItemChoice): { readonly type: Type; readonly depth: number } {
  const own = typeFrom(type);
  const depth = [1, 2, 3, 4, 5, 8, 16][n % 7]!;
  return { type: own.kind === 'enum' ? unsigned(own.width) : own, depth };
}
