/** A module as data: entities (everything with a name and a value), memories, instances, and the body in the author's order. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Origin } from '../origin.ts';
import type { Expr } from './expr.ts';
import type { ScalarType } from './types.ts';

export type EntityRole =
  | 'clock'
  | 'reset'
  | 'input'
  | 'output'
  | 'wire'
  | 'register'
  /** An expression with a name. */
  | 'named'
  /** A constant that each instance may have its own value of. */
  | 'parameter'
  /** The output register of a memory's read port. */
  | 'memoryRead'
  | 'instanceOutput';

export interface Entity {
  readonly role: EntityRole;
  readonly name: string;
  readonly type: ScalarType;
  readonly module: ModuleIr;
  readonly origin: Origin;
  readonly doc: string | undefined;
  /** Registers: the reset value, undefined for resetless ones. */
  readonly reset?: bigint | undefined;
  /** Registers and memory reads. */
  readonly clock?: Entity;
  readonly resetSignal?: Entity | undefined;
  /** Registers: the reset acts at once, without a clock; from configuration on the register has its reset value. */
  readonly resetsAtOnce?: boolean;
  /** Registers: takes a value that may change at any time. */
  readonly isSynchroniser?: boolean;
  /** Clocks: made in the module, by a clock output of a black box. Outputs of black boxes: a clock. */
  readonly isLocalClock?: boolean;
  /** Wires and outputs: the value where nothing else is assigned. Parameters: the value unless an instance gives another. */
  readonly defaultValue?: bigint | undefined;
  /** Wires: made for the end of a link; another net instead of it is as good. */
  readonly isLink?: boolean;
  /** Registers and memory reads: also an output of the module. */
  readonly isOutput?: boolean;
  /** Named expressions. */
  readonly value?: Expr;
  /** Instance outputs. */
  readonly instance?: InstanceIr;
  readonly port?: string;
}

export interface MemoryReadIr {
  readonly output: Entity;
  readonly address: Expr;
  readonly enable: Expr | undefined;
  readonly clock: Entity;
  readonly port: string | undefined;
  readonly origin: Origin;
}

export interface MemoryWriteIr {
  readonly address: Expr;
  readonly data: Expr;
  readonly enable: Expr;
  readonly clock: Entity;
  readonly port: string | undefined;
  readonly origin: Origin;
}

/** What a read port gives when its address is written in the same clock. */
export type Collision = 'old' | 'new' | 'undefined';
export type MemoryStyle = 'block' | 'distributed' | 'auto';

export interface MemoryIr {
  readonly name: string;
  readonly module: ModuleIr;
  readonly origin: Origin;
  readonly doc: string | undefined;
  readonly depth: number;
  readonly type: ScalarType;
  readonly width: number;
  /** Undefined: not initialised. Shorter than the depth: zeros follow. */
  readonly contents: readonly bigint[] | undefined;
  readonly contentsFile: string | undefined;
  readonly style: MemoryStyle;
  readonly collision: Collision;
  readonly dualPort: boolean;
  readonly reads: MemoryReadIr[];
  readonly writes: MemoryWriteIr[];
}

/** A number with a name: a localparam. It has the width of what it meets. */
export interface ConstantIr {
  readonly name: string;
  readonly value: bigint;
  readonly module: ModuleIr;
  readonly origin: Origin;
  readonly doc: string | undefined;
}

export interface InstanceIr {
  readonly name: string;
  readonly origin: Origin;
  readonly doc: string | undefined;
  readonly definition: ModuleIr;
  /** By port name of the definition. */
  readonly inputs: ReadonlyMap<string, Expr>;
  readonly outputs: ReadonlyMap<string, Entity>;
  /** The module's local clocks that its clock outputs drive, by port name. */
  readonly clocks: ReadonlyMap<string, Entity>;
  /** Values that differ from the definition's, by parameter. */
  readonly parameters: ReadonlyMap<string, bigint>;
  /**
   * Copies side by side; undefined: one instance. An input expression as wide as the port goes to all copies, one N times as wide is
   * their inputs side by side, copy i at [W*i +: W]; outputs are always side by side.
   */
  readonly repeat: number | undefined;
  /** Inputs that were given as a value for each copy, by port name. */
  readonly eachCopy: ReadonlyMap<string, readonly Expr[]>;
  /** The copies stand in rows of so many; a row or a column may have an input in common. */
  readonly columns: number | undefined;
}

/** In each copy of a repeated instance, what the definition's instance itself is called. */
export const copyName = 'unit';

interface Placed extends Pick<InstanceIr, 'name' | 'repeat'> {
  readonly definition: Pick<ModuleIr, 'isLoopBody'>;
}

/** The names that lead from a module to what is inside an instance, one list for each copy: `lane[3]`, `unit`; of a loop's body only `lane[3]`. */
export function instancePaths({ name, repeat, definition }: Placed): readonly (readonly string[])[] {
  if (repeat === undefined) return [[name]];
  const inside = definition.isLoopBody ? [] : [copyName];
  return Array.from({ length: repeat }, (_, copy) => [`${name}[${copy}]`, ...inside]);
}

/** Whether an input of a repeated instance is the copies' inputs side by side. */
export function isPacked(instance: Pick<InstanceIr, 'repeat'>, given: number, port: number): boolean {
  return instance.repeat !== undefined && instance.repeat > 1 && given === instance.repeat * port;
}

export type Statement = AssignStatement | IfStatement | SwitchStatement | CommentStatement;

/** Drives a wire or output, or gives a register its next value. */
export interface AssignStatement {
  readonly kind: 'assign';
  readonly target: Entity;
  readonly value: Expr;
  readonly origin: Origin;
}

export interface IfBranch {
  readonly condition: Expr;
  readonly body: Statement[];
  readonly origin: Origin;
}

export interface IfStatement {
  readonly kind: 'if';
  readonly branches: IfBranch[];
  otherwise: Statement[] | undefined;
  readonly origin: Origin;
}

export interface SwitchCase {
  readonly value: Expr;
  readonly body: Statement[];
}

export interface SwitchStatement {
  readonly kind: 'switch';
  readonly subject: Expr;
  readonly cases: readonly SwitchCase[];
  readonly otherwise: readonly Statement[] | undefined;
  /** Every state of the enumeration has its case. */
  readonly complete: boolean;
  readonly origin: Origin;
}

export interface CommentStatement {
  readonly kind: 'comment';
  readonly text: string;
}

/** The body in the author's order. */
export type BodyItem =
  | { readonly kind: 'section'; readonly text: string }
  | { readonly kind: 'declare'; readonly entity: Entity }
  | { readonly kind: 'memory'; readonly memory: MemoryIr }
  /** Here a port was added; all ports are emitted where the last one was. */
  | { readonly kind: 'memoryPort'; readonly memory: MemoryIr }
  | { readonly kind: 'instance'; readonly instance: InstanceIr }
  | Statement;

/** CLOCK CROSSING and UNDEFINED COLLISION; what the other rules refuse would be wrong hardware, whatever the reason. */
export type WaivableRule = 'HDL014' | 'HDL022';

/** A signal that a rule is told to let be, with the reason. */
export interface Waiver {
  readonly rule: WaivableRule;
  readonly entity: Entity;
  readonly reason: string;
}

export interface ModuleIr {
  readonly name: string;
  /** Modules that name one family and differ in numbers only become one Verilog module of this name, with parameters. */
  readonly family: string | undefined;
  /** Its copies are the body of a generate loop, not instances. */
  readonly isLoopBody: boolean;
  readonly origin: Origin;
  readonly docs: string[];
  readonly entities: Entity[];
  readonly memories: MemoryIr[];
  readonly constants: ConstantIr[];
  readonly instances: InstanceIr[];
  readonly body: BodyItem[];
  /** Signals (entities) that may stay unused, with the reason. */
  readonly unused: Map<Entity, string>;
  readonly waivers: Waiver[];
  /** Signals in statements that were refused: rules that would only repeat it in other words let them be. */
  readonly refused: Set<Entity>;
  /** Broken rules found while building. */
  readonly diagnostics: Diagnostic[];
  /** A vendor's primitive: never emitted, simulated by its model if it has one. */
  readonly blackBox: BlackBoxIr | undefined;
}

/** A module that is only a shell around something that tools or vendors provide. */
export interface BlackBoxIr {
  readonly model: BlackBoxModel | undefined;
  /** Parameters of the primitive, as every instance sets them. */
  readonly parameters: ReadonlyMap<string, bigint | number | string>;
}

/** Behaviour of a primitive that has no description here: a state machine that the interpreter asks once a clock; without it a simulation is refused. */
export interface BlackBoxModel {
  /** A new state. */
  readonly init: () => unknown;
  /** Outputs by name from the state (they must not depend on inputs in the same clock). */
  readonly outputs: (state: unknown) => Readonly<Record<string, bigint>>;
  /** The state after a clock edge. */
  readonly step: (state: unknown, inputs: Readonly<Record<string, bigint>>) => unknown;
}

export function isOutput(entity: Entity): boolean {
  return entity.role === 'output' || entity.isOutput === true;
}

export function isInput(entity: Entity): boolean {
  return entity.role === 'input' || (entity.role === 'clock' && !entity.isLocalClock) || entity.role === 'reset';
}
