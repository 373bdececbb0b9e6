/** A random circuit as plain data. Every value has a number (its id); `types[id]` is its type. */
import { isSame, type Type } from './types.ts';

export type ValueId = number;

/** Clock 0 ticks in every cycle, clock 1 in some. */
export type ClockIndex = 0 | 1;
export const clockNames = ['clk', 'clk_b'] as const;

/** An operator applied to earlier values. */
export interface Operation {
  readonly kind: 'operation';
  readonly id: ValueId;
  readonly operator: string;
  readonly operands: readonly ValueId[];
  readonly n: number;
  /** Gets a name of its own in the module. */
  readonly named: boolean;
}

export interface ReadPort {
  readonly id: ValueId;
  readonly synchronous: boolean;
  readonly address: ValueId;
  readonly enable: ValueId | undefined;
}

/** A memory with its read ports; `write` is settled last, so that it may depend on everything. */
export interface MemoryItem {
  readonly kind: 'memory';
  readonly clock: ClockIndex;
  readonly name: string;
  readonly type: Type;
  readonly depth: number;
  readonly collision: 'old' | 'new';
  readonly contents: readonly bigint[];
  readonly reads: readonly ReadPort[];
  write: WritePort | undefined;
}

export interface WritePort {
  readonly address: ValueId;
  readonly data: ValueId;
  readonly enable: ValueId;
}

/** Two ports; they never write the same word in one clock. */
export interface DualMemoryItem {
  readonly kind: 'dualMemory';
  readonly clock: ClockIndex;
  readonly name: string;
  readonly type: Type;
  readonly depth: number;
  readonly collision: 'old' | 'new';
  readonly contents: readonly bigint[];
  readonly ports: readonly (WritePort & { readonly id: ValueId; readonly readEnable: ValueId | undefined })[];
}

export interface WireItem {
  readonly kind: 'wires';
  readonly wires: readonly { readonly id: ValueId; readonly default: bigint | undefined }[];
  readonly driver: Statement;
}

export interface InstanceItem {
  readonly kind: 'instance';
  readonly name: string;
  readonly child: Circuit;
  /** The clocks that the child's clocks 0 and 1 are connected to. */
  readonly clocks: readonly [ClockIndex, ClockIndex];
  /** In the order of the child's inputs. */
  readonly inputs: readonly ValueId[];
  /** In the order of the child's outputs. */
  readonly outputs: readonly ValueId[];
}

export type Item = Operation | MemoryItem | DualMemoryItem | WireItem | InstanceItem;

export interface Target {
  readonly kind: 'register' | 'wire' | 'output';
  /** Position among the registers or driven outputs; the id of a wire. */
  readonly index: number;
  readonly type: Type;
}

export type Statement =
  | {
      readonly kind: 'assign';
      readonly target: Target;
      /** Operations written at the place of the assignment. */
      readonly locals: readonly Operation[];
      readonly value: ValueId;
    }
  | {
      readonly kind: 'when';
      readonly branches: readonly { readonly condition: ValueId; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[] | undefined;
    }
  | {
      readonly kind: 'switch';
      readonly subject: ValueId;
      readonly cases: readonly { readonly value: number; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[] | undefined;
    };

export interface RegisterData {
  readonly id: ValueId;
  readonly clock: ClockIndex;
  /** Undefined: without reset; input `init` gives it its first value. */
  readonly reset: bigint | undefined;
}

export interface Circuit {
  readonly name: string;
  readonly types: readonly Type[];
  /** Ids 0, 1, ...; input 0 is `init`: true in the first clocks, it keeps unknown values out of all state. */
  readonly inputs: number;
  readonly registers: readonly RegisterData[];
  readonly items: readonly Item[];
  readonly statements: readonly Statement[];
  /** Outputs that statements drive. */
  readonly driven: readonly { readonly type: Type; readonly default: bigint }[];
  /** Values that are outputs as they are. */
  readonly exported: readonly ValueId[];
  /** Those that something in it is clocked by. */
  readonly clocks: readonly ClockIndex[];
  readonly resettable: boolean;
  readonly seed: number;
}

/** Names and types of the outputs: exported values, then driven ones. */
export function outputsOf(circuit: Circuit): { readonly name: string; readonly type: Type }[] {
  return [
    ...circuit.exported.map((id, index) => ({ name: `o${index}`, type: circuit.types[id]! })),
    ...circuit.driven.map(({ type }, index) => ({ name: `d${index}`, type })),
  ];
}

export function inputsOf(circuit: Circuit): { readonly name: string; readonly type: Type }[] {
  return Array.from({ length: circuit.inputs }, (_, id) => ({ name: inputName(id), type: circuit.types[id]! }));
}

export function inputName(id: ValueId): string {
  return id === 0 ? 'init' : `i${id}`;
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.kind === b.kind && a.index === b.index && isSame(a.type, b.type);
}

/** Does the statement drive the target whatever the conditions are? */
export function alwaysDrives(statement: Statement, target: Target): boolean {
  const all = (bodies: readonly (readonly Statement[])[]) =>
    bodies.every((body) => body.some((inner) => alwaysDrives(inner, target)));
  if (statement.kind === 'assign') return sameTarget(statement.target, target);
  const bodies = (statement.kind === 'when' ? statement.branches : statement.cases).map(({ body }) => body);
  // A switch without a default has all its cases.
  const rest = statement.kind === 'switch' ? (statement.otherwise ?? []) : statement.otherwise;
  if (rest === undefined) return false;
  return all(statement.kind === 'switch' && statement.otherwise === undefined ? bodies : [...bodies, rest]);
}

/** What a statement drives, at any depth. */
export function drivenBy(statement: Statement): Target[] {
  if (statement.kind === 'assign') return [statement.target];
  const bodies = (statement.kind === 'when' ? statement.branches : statement.cases).map(({ body }) => body);
  return [...bodies, statement.otherwise ?? []].flat().flatMap(drivenBy);
}
