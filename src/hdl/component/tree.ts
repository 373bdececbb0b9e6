/** Trees of signals for trees of ports, and the ends of links in them. */
import { designError } from '../diagnostics.ts';
import { describeType, type ScalarType, sameType } from '../ir/types.ts';
import { isSignal, type Signal } from '../values/signals.ts';
import { type FlatPort, flatPorts, isLink, isPort, isVector, type LinkSide, type PortTree } from './ports.ts';

/** A wire of a link, by its name in the link; forward ones go from the giver to the taker. */
interface LinkWire {
  readonly key: string;
  readonly forward: boolean;
  readonly type: ScalarType;
}

/** An end of a link before there are signals. */
interface EndShape {
  readonly link: string;
  readonly role: 'from' | 'to';
  readonly wires: readonly LinkWire[];
}

export interface EndInfo extends EndShape {
  readonly wires: readonly (LinkWire & { readonly signal: Signal })[];
}

const ends = new WeakMap<object, EndInfo>();

/** What an end of a link is made of. */
export function endInfo(end: object): EndInfo {
  const info = ends.get(end);
  if (info !== undefined) return info;
  throw designError({
    rule: 'HDL002',
    summary: 'm.connect: this is no end of a link',
    help: 'give a port of a component that was declared with link(...), or such a port of a placed one',
  });
}

/** The tree of what `leaf` makes of each port; `roleOf` says what an end is on this side of the ports. */
export function portValues(
  tree: PortTree,
  leaf: (port: FlatPort) => unknown,
  roleOf: (side: LinkSide) => 'from' | 'to',
): unknown {
  const leaves = new Map(flatPorts(tree).map((flat) => [flat.path.join('.'), leaf(flat)]));
  const build = (node: PortTree, path: readonly (string | number)[]): unknown => {
    if (node === undefined) return undefined;
    if (isPort(node)) return leaves.get(path.join('.'));
    if (isVector(node)) return Array.from({ length: node.length }, (_, i) => build(node.of, [...path, i]));
    const entries = Object.entries(isLink(node) ? node.fields : node);
    const record = Object.fromEntries(
      entries.map(([key, inner]) => [key, build(inner, [...path, key])]).filter(([, value]) => value !== undefined),
    );
    if (!isLink(node)) return record;
    const wires = flatPorts(node.fields).flatMap(({ name, path: inner, direction }) => {
      const signal = leaves.get([...path, ...inner].join('.'));
      return isSignal(signal) ? [{ key: name, forward: direction === 'out', type: signal.type, signal }] : [];
    });
    ends.set(record, { link: node.name, role: roleOf(node.side), wires });
    return record;
  };
  return build(tree, []);
}

/** Why two ends of links don't suit each other, or undefined. */
export function endMismatch(from: EndShape, to: EndShape): string | undefined {
  if (from.link !== to.link) return `a '${from.link}' meets a '${to.link}'`;
  if (from.role === to.role) return from.role === 'from' ? 'both ends give' : 'both ends take';
  if (from.role !== 'from') return 'the end that gives comes first';
  for (const { key, type } of from.wires) {
    const other = to.wires.find((wire) => wire.key === key)?.type;
    if (other === undefined) return `only the one that gives has '${key}'`;
    if (!sameType(type, other)) return `'${key}' is given as ${describeType(type)} and taken as ${describeType(other)}`;
  }
  const extra = to.wires.find(({ key }) => !from.wires.some((wire) => wire.key === key));
  return extra && `only the one that takes has '${extra.key}'`;
}
