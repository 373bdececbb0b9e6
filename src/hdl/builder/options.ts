/** Options of the builder's declarations. */
import type { Collision, Entity, MemoryStyle } from '../ir/module.ts';
import type { BoolType, EnumType, ScalarType, SIntType, UIntType } from '../ir/types.ts';
import type { Literal } from '../values/literals.ts';
import type { Bool, EnumValue, SInt, UInt } from '../values/signals.ts';

/** The signal that a type gives. */
export type SignalOf<T extends ScalarType> = T extends UIntType
  ? UInt
  : T extends SIntType
    ? SInt
    : T extends BoolType
      ? Bool
      : T extends EnumType<infer S>
        ? EnumValue<S>
        : never;

/** A constant of a type as one writes it. */
export type LiteralOf<T extends ScalarType> =
  T extends EnumType<infer S> ? S : T extends BoolType ? Literal | boolean : T extends ScalarType ? Literal : never;

export interface DeclareOptions {
  /** Comment beside the declaration. */
  readonly doc?: string;
}

/** Default value and doc of a wire. */
export interface WireOptions<T extends ScalarType> extends DeclareOptions {
  /** The value where no `m.assign` applies. */
  readonly default?: LiteralOf<T>;
}

export interface ClockingOptions {
  /** The module's first clock unless given. */
  readonly clock?: Clock;
}

/** Reset value (or `resetless`), clock, and doc of a register. */
export type RegisterOptions<T extends ScalarType> = DeclareOptions &
  ClockingOptions & {
    /** Part of a synchroniser: tools keep it beside the next one and change nothing about it (`async_reg`). */
    readonly isSynchroniser?: boolean;
  } & ({ readonly reset: LiteralOf<T>; readonly resetSignal?: Reset } | { readonly resetless: true });

/** A clock of the module that declared it. It can only drive registers, memories and instances of that module. */
export interface Clock {
  readonly kind: 'clock';
  readonly name: string;
  /** The port that it comes in by, or the wire that a black box drives. */
  readonly entity: Entity;
}

/** A synchronous, active-high reset of the module that declared it. */
export interface Reset {
  readonly kind: 'reset';
  readonly name: string;
  /** The port that it comes in by, or what asserts it. */
  readonly entity: Entity;
}

export type WordType = UIntType | SIntType | BoolType;

/** Depth, word type, contents and collision behaviour of a memory. */
export interface MemoryOptions<T extends WordType = WordType> extends DeclareOptions, ClockingOptions {
  /** Words. */
  readonly depth: number;
  readonly type: T;
  /** Words from address 0 on; may be shorter than the depth, zeros follow. Absent: not initialised. */
  readonly contents?: readonly (number | bigint)[];
  /** Name of the file with the contents, beside the Verilog. */
  readonly contentsFile?: string;
  readonly style?: MemoryStyle;
  /** What a read gives of a word that is written in the same clock. */
  readonly collision?: Collision;
}
