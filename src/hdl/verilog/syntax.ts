/**
 * Verilog as a tree: what `prepare` decides and `print` writes down. All names, wires, casts and orders are in it. Numbers that say how
 * large something is are kept apart from text, so that the members of a family can be compared and their numbers become parameters.
 */
import type { Origin } from '../origin.ts';
import type { FileCheckNames } from './memory-file.ts';

/** A size or a bit's number: a number, or a text over parameters. */
export type Size = number | Formula;
/** The value of a literal. */
export type Value = bigint | Formula;
/** scale * parameter + offset. */
export interface Formula {
  readonly parameter: string;
  readonly scale: number;
  readonly offset: number;
}

export type VExpr =
  | { readonly kind: 'name'; readonly name: string; readonly signed: boolean }
  | LiteralExpr
  /** Bits of a signal; high = low is one bit. */
  | { readonly kind: 'slice'; readonly name: string; readonly high: Size; readonly low: Size; readonly signed: false }
  /** One word of a memory. */
  | { readonly kind: 'word'; readonly memory: string; readonly index: VExpr; readonly signed: boolean }
  /** The bits of one copy, `name[W*i +: W]`; of its row or column, `name[W*(i / 6) +: W]`, `name[W*(i % 6) +: W]`. */
  | {
      readonly kind: 'copy';
      readonly name: string;
      readonly index: string;
      readonly shared: { readonly operator: '/' | '%'; readonly by: Size } | undefined;
      readonly width: Size;
      readonly signed: false;
    }
  | { readonly kind: 'concat'; readonly parts: readonly VExpr[]; readonly signed: false }
  | { readonly kind: 'replicate'; readonly count: Size; readonly part: VExpr; readonly signed: false }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: VExpr; readonly signed: boolean }
  | { readonly kind: 'binary'; readonly operator: string; readonly terms: readonly VExpr[]; readonly signed: boolean }
  | {
      readonly kind: 'choice';
      readonly condition: VExpr;
      readonly whenTrue: VExpr;
      readonly whenFalse: VExpr;
      readonly signed: boolean;
    }
  | { readonly kind: 'cast'; readonly operand: VExpr; readonly signed: boolean };

export interface LiteralExpr {
  readonly kind: 'literal';
  /** 0: without a size. */
  readonly width: Size;
  readonly value: Value;
  readonly signed: boolean;
}

export type VStatement =
  | { readonly kind: 'comment'; readonly text: string }
  | {
      readonly kind: 'assign';
      readonly target: VExpr;
      readonly operator: '=' | '<=';
      readonly value: VExpr;
      readonly origin: Origin;
    }
  | VIf
  | {
      readonly kind: 'case';
      readonly subject: VExpr;
      readonly branches: readonly VBranch[];
      readonly origin: Origin;
    };

export interface VIf {
  readonly kind: 'if';
  readonly branches: readonly {
    readonly condition: VExpr;
    readonly body: readonly VStatement[];
    readonly origin: Origin;
  }[];
  readonly otherwise: readonly VStatement[] | undefined;
  readonly origin: Origin;
}

export interface VBranch {
  /** Undefined: default. */
  readonly label: VExpr | undefined;
  readonly body: readonly VStatement[];
  readonly origin: Origin;
  /** Trailing comment. */
  readonly note?: string | undefined;
}

export interface VPort {
  readonly direction: 'input' | 'output';
  readonly net: 'wire' | 'reg';
  readonly signed: boolean;
  readonly width: Size;
  readonly name: string;
  readonly doc: string | undefined;
  readonly origin: Origin;
  /** Some of its bits are read by nothing. */
  readonly partlyUnused: boolean;
}

export interface VParameter {
  readonly name: string;
  /** Undefined: a plain number or a text. */
  readonly width: Size | undefined;
  readonly signed: boolean;
  readonly value: LiteralExpr | number | bigint | string;
  readonly doc: string | undefined;
  readonly origin: Origin | undefined;
}

export interface VDeclaration {
  readonly kind: 'declare';
  readonly net: 'wire' | 'reg';
  readonly signed: boolean;
  readonly width: Size;
  readonly name: string;
  /** More of the same type. */
  readonly also?: readonly string[];
  /** Words of a memory. */
  readonly depth?: Size | undefined;
  readonly attributes?: readonly string[] | undefined;
  readonly value?: VExpr | undefined;
  readonly doc: string | undefined;
  readonly origin: Origin;
  readonly partlyUnused: boolean;
}

/** What stands in each turn of a generate loop. */
export interface VLoop {
  readonly kind: 'loop';
  readonly label: string;
  readonly variable: string;
  readonly count: Size;
  readonly docs: readonly string[];
  readonly items: readonly VItem[];
  readonly origin: Origin;
}

export interface VInstance {
  readonly kind: 'instance';
  readonly module: string;
  readonly name: string;
  readonly doc: string | undefined;
  readonly parameters: readonly (readonly [string, Size | Value | VExpr | string])[];
  readonly connections: readonly (readonly [string, VExpr])[];
  /** A generate loop around it. */
  readonly loop: { readonly label: string; readonly variable: string; readonly count: Size } | undefined;
  readonly origin: Origin;
}

export type VItem =
  | { readonly kind: 'section'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  | VDeclaration
  | { readonly kind: 'genvar'; readonly name: string; readonly origin: Origin }
  | { readonly kind: 'integer'; readonly name: string; readonly origin: Origin }
  | {
      readonly kind: 'localparam';
      readonly name: string;
      readonly signed: boolean;
      readonly width: Size;
      readonly value: LiteralExpr;
      readonly doc: string | undefined;
      readonly origin: Origin;
    }
  /** Bit i of the target is the parity of the source's bits that row i picks. */
  | {
      readonly kind: 'matrix';
      readonly target: string;
      readonly source: VExpr;
      readonly rows: string;
      readonly width: Size;
      readonly count: Size;
      readonly variable: string;
      readonly origin: Origin;
    }
  | { readonly kind: 'assign'; readonly target: VExpr; readonly value: VExpr; readonly origin: Origin }
  | {
      readonly kind: 'always';
      /** Undefined: combinational. */
      readonly clock: string | undefined;
      /** A reset that acts without a clock. */
      readonly atOnce?: string | undefined;
      readonly body: readonly VStatement[];
      readonly origin: Origin;
    }
  | {
      readonly kind: 'readmemh';
      readonly memory: string;
      readonly depth: Size;
      readonly file: string | Formula;
      readonly check: FileCheckNames;
      readonly origin: Origin;
    }
  | {
      readonly kind: 'zeros';
      readonly memory: string;
      readonly depth: Size;
      readonly variable: string;
      readonly word: LiteralExpr;
      readonly origin: Origin;
    }
  | VInstance
  | VLoop;

/** Items, and those that stand in loops. */
export function allItems(items: readonly VItem[]): VItem[] {
  return items.flatMap((item) => (item.kind === 'loop' ? [item, ...allItems(item.items)] : [item]));
}

export interface VModule {
  readonly name: string;
  readonly docs: readonly string[];
  readonly origin: Origin;
  readonly parameters: readonly VParameter[];
  readonly ports: readonly VPort[];
  /** States of enumerations: name and value, or a comment for those that nothing names. */
  readonly states: readonly (readonly {
    readonly name: string;
    readonly literal: LiteralExpr;
    readonly used: boolean;
  }[])[];
  readonly items: readonly VItem[];
}
