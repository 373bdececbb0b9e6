/**
 * A design after lowering: what rules, interpreter and emitter read. A module is nets (a closed sum: what a net is decides what it
 * has), nodes that compute, and processes that drive; its layout keeps the author's order for whoever writes it down again.
 */
import type { BlackBoxIr, Collision, ConstantIr, MemoryStyle, ModuleIr, WaivableRule } from '../ir/module.ts';
import type { ScalarType } from '../ir/types.ts';
import type { Origin } from '../origin.ts';
import type { Node } from './nodes.ts';

interface NetBase {
  /** Unique in its module, in the order of declaration. */
  readonly id: number;
  readonly name: string;
  readonly type: ScalarType;
  readonly origin: Origin;
  readonly doc: string | undefined;
}

export type Net =
  | ClockNet
  | ResetNet
  | InputNet
  | OutputNet
  | WireNet
  | RegisterNet
  | NamedNet
  | ParameterNet
  | MemoryReadNet
  | InstanceOutputNet;

export interface ClockNet extends NetBase {
  readonly role: 'clock';
  /** Made in the module: no port. */
  readonly isLocal: boolean;
}
export interface ResetNet extends NetBase {
  readonly role: 'reset';
}
export interface InputNet extends NetBase {
  readonly role: 'input';
}
/** Driven by a process; the value where none applies. */
export interface OutputNet extends NetBase {
  readonly role: 'output';
  readonly defaultValue: bigint | undefined;
  /** Of a black box: it drives a local clock. */
  readonly isClock: boolean;
}
export interface WireNet extends NetBase {
  readonly role: 'wire';
  /** Made for the end of a link. */
  readonly isLink: boolean;
  readonly defaultValue: bigint | undefined;
}
export interface RegisterNet extends NetBase {
  readonly role: 'register';
  readonly clock: ClockNet;
  /** Undefined: without reset. */
  readonly reset: (ResetOf & { readonly value: bigint }) | undefined;
  /** It takes a value that may change at any time. */
  readonly isSynchroniser: boolean;
  /** It is an output of the module. */
  readonly isPort: boolean;
}
/** A port, or what a module makes its own resets of. */
export type ResetSignal = ResetNet | RegisterNet | NamedNet;

/** The reset of registers. */
export interface ResetOf {
  readonly signal: ResetSignal;
  /** It acts without a clock. */
  readonly atOnce: boolean;
}

/** An expression with a name. */
export interface NamedNet extends NetBase {
  readonly role: 'named';
  readonly value: Node;
}
/** A constant that each instance may have its own value of. */
export interface ParameterNet extends NetBase {
  readonly role: 'parameter';
  readonly value: bigint;
}
/** The output register of a memory's read port. */
export interface MemoryReadNet extends NetBase {
  readonly role: 'memoryRead';
  readonly clock: ClockNet;
  /** It is an output of the module. */
  readonly isPort: boolean;
}
export interface InstanceOutputNet extends NetBase {
  readonly role: 'instanceOutput';
  readonly instance: string;
  readonly port: string;
}

export type Port =
  | ClockNet
  | ResetNet
  | InputNet
  | OutputNet
  | ((RegisterNet | MemoryReadNet) & { readonly isPort: true });
/** What statements assign. */
export type Target = OutputNet | WireNet | RegisterNet;

export interface LoweredMemoryRead {
  readonly output: MemoryReadNet;
  readonly address: Node;
  readonly enable: Node | undefined;
  readonly clock: ClockNet;
  readonly port: string | undefined;
  readonly origin: Origin;
}

export interface LoweredMemoryWrite {
  readonly address: Node;
  readonly data: Node;
  readonly enable: Node;
  readonly clock: ClockNet;
  readonly port: string | undefined;
  readonly origin: Origin;
}

export interface LoweredMemory {
  readonly name: string;
  readonly origin: Origin;
  readonly doc: string | undefined;
  readonly depth: number;
  readonly type: ScalarType;
  /** Undefined: not initialised. Shorter than the depth: zeros follow. */
  readonly contents: readonly bigint[] | undefined;
  /** Where contents are kept, other than zeros of a few words. */
  readonly contentsFile: string | undefined;
  readonly style: MemoryStyle;
  readonly collision: Collision;
  readonly dualPort: boolean;
  readonly reads: readonly LoweredMemoryRead[];
  readonly writes: readonly LoweredMemoryWrite[];
}

export interface LoweredInstance {
  readonly name: string;
  readonly origin: Origin;
  readonly doc: string | undefined;
  readonly definition: LoweredModule;
  /** By port name of the definition, in the order of its ports. */
  readonly inputs: ReadonlyMap<string, Node>;
  readonly outputs: ReadonlyMap<string, InstanceOutputNet>;
  /** Local clocks that its clock outputs drive. */
  readonly clocks: ReadonlyMap<string, ClockNet>;
  readonly parameters: ReadonlyMap<string, bigint>;
  /** Copies side by side, see InstanceIr. */
  readonly repeat: number | undefined;
  readonly eachCopy: ReadonlyMap<string, readonly Node[]>;
  readonly columns: number | undefined;
}

export type Statement = AssignStatement | IfStatement | SwitchStatement | CommentStatement;

export interface AssignStatement {
  readonly kind: 'assign';
  readonly target: Target;
  readonly value: Node;
  readonly origin: Origin;
}
export interface Branch {
  readonly condition: Node;
  readonly body: readonly Statement[];
  readonly origin: Origin;
}
export interface IfStatement {
  readonly kind: 'if';
  readonly branches: readonly Branch[];
  readonly otherwise: readonly Statement[] | undefined;
  readonly origin: Origin;
}
export interface SwitchCase {
  readonly value: Node;
  readonly body: readonly Statement[];
}
export interface SwitchStatement {
  readonly kind: 'switch';
  readonly subject: Node;
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

/** What drives some nets: the statements that assign them, with their conditions, without branches that constants rule out. */
export type Process = CombinationalProcess | ClockedProcess;

interface ProcessBase {
  readonly targets: ReadonlySet<Target>;
  /** In the author's order. */
  readonly statements: readonly Statement[];
  /** For each statement its index among the module's `statements`. */
  readonly positions: readonly number[];
  /** Index among the module's `statements` of the last one that was written for it. */
  readonly position: number;
}
export interface CombinationalProcess extends ProcessBase {
  readonly kind: 'combinational';
}
export interface ClockedProcess extends ProcessBase {
  readonly kind: 'clocked';
  readonly clock: ClockNet;
  readonly reset: ResetOf | undefined;
}

/** The body in the author's order; a process stands where its last statement was written. */
export type LayoutItem =
  | { readonly kind: 'section'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'declare'; readonly net: RegisterNet | WireNet | NamedNet | ClockNet }
  | { readonly kind: 'memory'; readonly memory: LoweredMemory }
  | { readonly kind: 'memoryPorts'; readonly memory: LoweredMemory }
  | { readonly kind: 'instance'; readonly instance: LoweredInstance }
  /** The statement number `index`; `isComment` where it is a comment that travels with the next one. */
  | { readonly kind: 'statement'; readonly index: number };

export interface LoweredModule {
  readonly name: string;
  /** Modules of one family differ in numbers only. */
  readonly family: ModuleIr['family'];
  /** Its copies are the body of a generate loop, not instances. */
  readonly isLoopBody: boolean;
  readonly origin: Origin;
  readonly docs: readonly string[];
  /** In the order of declaration. */
  readonly nets: readonly Net[];
  readonly constants: readonly ConstantIr[];
  readonly nodes: readonly Node[];
  readonly memories: readonly LoweredMemory[];
  readonly instances: readonly LoweredInstance[];
  /** What the author wrote at the top of the body, branches that constants rule out included. */
  readonly statements: readonly Statement[];
  readonly processes: readonly Process[];
  readonly layout: readonly LayoutItem[];
  /** Nets that may stay unused, with the reason. */
  readonly unused: ReadonlyMap<Net, string>;
  readonly waivers: readonly { readonly rule: WaivableRule; readonly net: Net; readonly reason: string }[];
  /** Nets of statements that were refused: rules that would only repeat it in other words let them be. */
  readonly refused: ReadonlySet<Net>;
  readonly blackBox: BlackBoxIr | undefined;
}

/** Whether an instance is the body of a generate loop. */
export function isInLoop({ definition, repeat }: Pick<LoweredInstance, 'definition' | 'repeat'>): boolean {
  return definition.isLoopBody && repeat !== undefined;
}

export function isPort(net: Net): net is Port {
  return isInput(net) || net.role === 'output' || (isState(net) && net.isPort);
}

export function isInput(net: Net): net is ClockNet | ResetNet | InputNet {
  return net.role === 'input' || (net.role === 'clock' && !net.isLocal) || net.role === 'reset';
}

/** Holds its value from clock to clock. */
export function isState(net: Net): net is RegisterNet | MemoryReadNet {
  return net.role === 'register' || net.role === 'memoryRead';
}

/** Whether a memory starts with zeros only. */
export function startsWithZeros({ contents }: Pick<LoweredMemory, 'contents'>): boolean {
  return contents?.every((word) => word === 0n) ?? false;
}
