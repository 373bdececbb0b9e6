/**
 * The ports of a component as one typed record: what a signal is, which way it goes, what it is for. Keys become names: `rdAddr` is
 * the port `rd_addr`, field `data` of link `frames` is `frames_data`, the second of a vector `lane` is `lane_1`.
 */
import type { Clock, Reset, SignalOf } from '../builder/options.ts';
import type { ScalarType } from '../ir/types.ts';
import { captureOrigin, type Origin } from '../origin.ts';

/** A signal of type T that goes into the component or comes out of it. */
export interface Port<D extends 'in' | 'out' = 'in' | 'out', T extends ScalarType = ScalarType> {
  readonly port: D;
  /** A vendor's own name; otherwise the key is the name. */
  readonly name?: string;
  readonly type: T;
  readonly doc: string | undefined;
  readonly origin: Origin;
}
/** A clock in a component's record of ports. */
export interface ClockPort {
  readonly port: 'clock';
  readonly name?: string;
  readonly doc: string | undefined;
  readonly origin: Origin;
}
/** A reset in a component's record of ports; synchronous, active high. */
export interface ResetPort {
  readonly port: 'reset';
  readonly doc: string | undefined;
  readonly origin: Origin;
}
/** `length` ports, or trees of ports, of one shape: in the component an array, in Verilog `<name>_<index>`. */
export interface VectorPort<P = PortTree> {
  readonly port: 'vector';
  readonly length: number;
  readonly of: P;
}
/**
 * Wires that go both ways between two components, declared as the one that gives sees them: its outputs go forward, its inputs come
 * back. `S` says which end of it the component is.
 */
export interface LinkPort<N extends string = string, F = PortRecord, S extends LinkSide = LinkSide> {
  readonly port: 'link';
  readonly name: N;
  readonly side: S;
  readonly fields: F;
}
export type LinkSide = 'gives' | 'takes';

/** The ports of a component by name: single ones, vectors, and links. */
export interface PortRecord {
  readonly [name: string]: PortTree;
}
/** Anything that may stand in a record of ports; undefined: this component has none, see `when`. */
export type PortTree = Port | ClockPort | ResetPort | VectorPort | LinkPort | PortRecord | undefined;

/** A signal that comes into the component. */
export function input<T extends ScalarType>(type: T, doc?: string): Port<'in', T> {
  return { port: 'in', type, doc, origin: captureOrigin() };
}
/** A signal that the component drives. */
export function output<T extends ScalarType>(type: T, doc?: string): Port<'out', T> {
  return { port: 'out', type, doc, origin: captureOrigin() };
}
/** A clock; the first one of a component is the default of its registers and memories. */
export function clock(doc?: string): ClockPort {
  return { port: 'clock', doc, origin: captureOrigin() };
}
/** A synchronous, active-high reset; the first one of a component is the default of its registers. */
export function reset(doc?: string): ResetPort {
  return { port: 'reset', doc, origin: captureOrigin() };
}
/** `length` ports of one kind: an array of signals inside and outside. */
export function vector<const P extends PortTree>(length: number, of: P): VectorPort<P> {
  return { port: 'vector', length, of };
}
/** Ports that a component has only where the condition holds; elsewhere their key is undefined, inside and outside. */
export function when<const P extends PortTree>(condition: boolean, ports: P): P | undefined {
  return condition ? ports : undefined;
}
/** A named interface, as the component sees it that gives: `output`s go forward, `input`s come back. */
export function link<const N extends string, const F extends PortRecord>(name: N, fields: F): LinkPort<N, F, 'gives'> {
  return { port: 'link', name, side: 'gives', fields };
}
/** The same interface as seen by the component that takes. */
export function flip<N extends string, F>(given: LinkPort<N, F, 'gives'>): LinkPort<N, F, 'takes'> {
  return { ...given, side: 'takes' };
}

declare const endMark: unique symbol;
/**
 * One end of a link, as seen where it is connected: `from` it signals come (they are read, and the ones that come back are driven), `to`
 * it they go.
 */
export type LinkEnd<N extends string = string, R extends 'from' | 'to' = 'from' | 'to', F = unknown> = {
  readonly [endMark]: { readonly link: N; readonly role: R; readonly fields: F };
} & (unknown extends F ? unknown : Inside<F>);

/** The end of a link with the given fields, from the type of what declares it. */
export type EndOf<L, R extends 'from' | 'to'> = L extends LinkPort<infer N, infer F> ? LinkEnd<N, R, F> : never;

/** What a component's own description sees of its ports. */
export type Inside<P> =
  P extends Port<'in' | 'out', infer T>
    ? SignalOf<T>
    : P extends ClockPort
      ? Clock
      : P extends ResetPort
        ? Reset
        : P extends VectorPort<infer V>
          ? readonly Inside<V>[]
          : P extends LinkPort<infer N, infer F, infer S>
            ? LinkEnd<N, S extends 'gives' ? 'to' : 'from', F>
            : P extends undefined
              ? undefined
              : { readonly [K in keyof P]: Inside<P[K]> };

/** Whether a port tree has anything that must be given by whoever places it, or anything that it gives. */
type Gives<P> =
  P extends Port<infer D>
    ? D extends 'out'
      ? true
      : never
    : P extends ClockPort | ResetPort | undefined
      ? never
      : P extends VectorPort<infer V>
        ? Gives<V>
        : P extends LinkPort
          ? true
          : { [K in keyof P]: Gives<P[K]> }[keyof P];
type Takes<P> =
  P extends Port<infer D>
    ? D extends 'in'
      ? true
      : never
    : P extends ClockPort | ResetPort | LinkPort | undefined
      ? never
      : P extends VectorPort<infer V>
        ? Takes<V>
        : { [K in keyof P]: Takes<P[K]> }[keyof P];

type GivingKeys<P> = { [K in keyof P]-?: true extends Gives<P[K]> ? K : never }[keyof P];
/** Keys that must be given, those that may be. */
type RequiredKeys<P> = {
  [K in keyof P]-?: undefined extends P[K] ? never : true extends Takes<P[K]> ? K : never;
}[keyof P];
type OptionalKeys<P> = {
  [K in keyof P]-?: P[K] extends Port<'out'> ? never : K extends RequiredKeys<P> ? never : K;
}[keyof P];

/** What one has of a placed component: its outputs and the ends of its links. */
export type Outside<P> =
  P extends Port<'in' | 'out', infer T>
    ? SignalOf<T>
    : P extends VectorPort<infer V>
      ? readonly Outside<V>[]
      : P extends LinkPort<infer N, infer F, infer S>
        ? LinkEnd<N, S extends 'gives' ? 'from' : 'to', F>
        : P extends undefined
          ? undefined
          : { readonly [K in keyof Pick<P, GivingKeys<P>>]: Outside<Pick<P, GivingKeys<P>>[K]> };

/** What one gives to place a component. Clocks and resets are the module's own unless given; links can be connected later. */
export type Given<P> =
  P extends Port<'in', infer T>
    ? GivenSignal<SignalOf<T>>
    : P extends ClockPort
      ? Clock
      : P extends ResetPort
        ? Reset
        : P extends VectorPort<infer V>
          ? readonly Given<V>[]
          : P extends LinkPort<infer N, infer F, infer S>
            ? LinkEnd<N, S extends 'gives' ? 'to' : 'from', F>
            : P extends undefined
              ? undefined
              : { readonly [K in keyof Pick<P, RequiredKeys<P>>]: Given<Pick<P, RequiredKeys<P>>[K]> } & {
                  readonly [K in keyof Pick<P, OptionalKeys<P>>]?: Given<Pick<P, OptionalKeys<P>>[K]> | undefined;
                };

/** What one gives to place copies of a component: for each input one value that goes to all, or an array with one for each copy. */
export type GivenArray<P> =
  P extends Port<'in', infer T>
    ? GivenSignal<SignalOf<T>> | readonly SignalOf<T>[]
    : P extends VectorPort<infer V>
      ? readonly GivenArray<V>[]
      : P extends ClockPort | ResetPort | LinkPort | undefined
        ? undefined
        : { readonly [K in keyof Pick<P, RequiredKeys<P>>]: GivenArray<Pick<P, RequiredKeys<P>>[K]> } & {
            readonly [K in keyof Pick<P, OptionalKeys<P>>]?: GivenArray<Pick<P, OptionalKeys<P>>[K]> | undefined;
          };

/** What one has of placed copies: an array for each output. */
export type OutsideArray<P> =
  P extends Port<'in' | 'out', infer T>
    ? readonly SignalOf<T>[]
    : P extends VectorPort<infer V>
      ? readonly OutsideArray<V>[]
      : P extends undefined
        ? undefined
        : { readonly [K in keyof Pick<P, GivingKeys<P>>]: OutsideArray<Pick<P, GivingKeys<P>>[K]> };

/** A signal, or a constant as one writes it. */
type GivenSignal<S> = S extends { readonly kind: 'bool' }
  ? S | boolean | 0 | 1
  : S extends { readonly kind: 'uint' | 'sint' }
    ? S | number | bigint
    : S;

/** A leaf of a record of ports. */
export interface FlatPort {
  /** Keys and indices that lead to it. */
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly port: Port | ClockPort | ResetPort;
  /** As the component sees it: fields of a link that it takes go the other way. */
  readonly direction: 'in' | 'out';
}

/** All ports of a tree in the order of the record. */
export function flatPorts(tree: PortTree, path: readonly (string | number)[] = [], flipped = false): FlatPort[] {
  if (tree === undefined) return [];
  if (isPort(tree)) {
    const out = tree.port === 'out';
    const name = (tree.port === 'reset' ? undefined : tree.name) ?? portName(path);
    return [{ path, name, port: tree, direction: out !== flipped ? 'out' : 'in' }];
  }
  if (isVector(tree)) {
    return Array.from({ length: tree.length }, (_, i) => flatPorts(tree.of, [...path, i], flipped)).flat();
  }
  if (isLink(tree)) return flatPorts(tree.fields, path, flipped !== (tree.side === 'takes'));
  return Object.entries(tree).flatMap(([key, inner]) => flatPorts(inner, [...path, key], flipped));
}

export function isPort(tree: PortTree): tree is Port | ClockPort | ResetPort {
  const kind = (tree as { port?: unknown } | undefined)?.port;
  return kind === 'in' || kind === 'out' || kind === 'clock' || kind === 'reset';
}
export function isVector(tree: PortTree): tree is VectorPort {
  return (tree as { port?: unknown } | undefined)?.port === 'vector';
}
export function isLink(tree: PortTree): tree is LinkPort {
  return (tree as { port?: unknown } | undefined)?.port === 'link';
}

/** `['frames', 'rdAddr', 0]` -> `frames_rd_addr_0`. */
function portName(path: readonly (string | number)[]): string {
  return path
    .map(String)
    .map((key) => key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase())
    .join('_');
}
