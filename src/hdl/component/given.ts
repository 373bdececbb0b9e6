/** What is given to place a component, sorted by port. */
import type { BuildContext } from '../builder/context.ts';
import type { InstanceInputs } from '../builder/instance.ts';
import type { Origin } from '../origin.ts';
import { concat } from '../values/functions.ts';
import type { Signal } from '../values/signals.ts';
import { flatPorts, isLink, isPort, isVector, type LinkPort, type PortTree } from './ports.ts';
import { type EndInfo, endInfo, endMismatch } from './tree.ts';

type Path = readonly (string | number)[];

export class GivenPorts {
  /** Values of inputs, by port name. */
  readonly inputs: Record<string, InstanceInputs[string]> = {};
  /** Wires on the other side of the links that were given, by port name. */
  readonly links = new Map<string, Signal>();
  /** Inputs that were given as a value for each copy. */
  readonly eachCopy = new Map<string, readonly Signal[]>();
  /** Ports of links that were given and don't suit. */
  readonly refused = new Set<string>();
  readonly #context: BuildContext;
  readonly #instance: string;
  readonly #origin: Origin;
  /** Copies of the component, which an array gives a value each. */
  readonly #copies: number | undefined;

  constructor(context: BuildContext, instance: string, origin: Origin, copies?: number) {
    this.#context = context;
    this.#instance = instance;
    this.#origin = origin;
    this.#copies = copies;
  }

  take(tree: PortTree, value: unknown, path: Path = []): void {
    if (value === undefined) return;
    if (isLink(tree)) this.#link(tree, endInfo(value as object), path);
    else if (isVector(tree)) {
      const values = value as readonly unknown[];
      this.#checkCount(values, tree.length, `the ${tree.length} ports '${path.join('.')}'`);
      for (let i = 0; i < tree.length; i++) this.take(tree.of, values[i], [...path, i]);
    } else if (tree === undefined || isPort(tree)) {
      // A port that this component has not is refused by its name.
      const [flat] = tree === undefined ? [{ name: path.join('_') }] : flatPorts(tree, path);
      this.inputs[flat!.name] = Array.isArray(value)
        ? this.#packed(value as readonly Signal[], flat!.name)
        : (value as InstanceInputs[string]);
    } else for (const [key, inner] of Object.entries(value as object)) this.take(tree[key], inner, [...path, key]);
  }

  #checkCount(values: readonly unknown[], count: number, ports: string): void {
    if (values.length === count) return;
    const summary = `${values.length} values for ${ports} of instance '${this.#instance}'`;
    this.#context.report({ rule: 'HDL009', summary, help: 'give one value for each' }, this.#origin);
  }

  /** The values for all copies side by side, the first in the low bits. */
  #packed(values: readonly Signal[], port: string): Signal {
    const copies = this.#copies ?? 1;
    this.#checkCount(values, copies, `port '${port}' of the ${copies} copies`);
    this.eachCopy.set(port, values);
    if (copies === 1) return values[0]!;
    return concat(
      ...values.map((value) => (value.kind === 'uint' || value.kind === 'bool' ? value : value.asUInt())).reverse(),
    );
  }

  #link(tree: LinkPort, other: EndInfo, path: Path): void {
    const problem = linkMismatch(tree, other);
    if (problem !== undefined) {
      const summary = `link '${path.join('.')}' of instance '${this.#instance}': ${problem}`;
      const help = 'both ends are of one link, made with the same widths and options';
      this.#context.report({ rule: 'HDL002', summary, help }, this.#origin);
      this.#context.refuse(...other.wires.map(({ signal }) => signal.expr));
      for (const { name } of flatPorts(tree, path)) this.refused.add(name);
      return;
    }
    const own = flatPorts(tree.fields);
    for (const [index, port] of flatPorts(tree, path).entries()) {
      this.links.set(port.name, other.wires.find(({ key }) => key === own[index]!.name)!.signal);
    }
  }
}

function linkMismatch(tree: LinkPort, other: EndInfo): string | undefined {
  const wires = flatPorts(tree.fields).flatMap(({ name: key, port, direction }) =>
    'type' in port ? [{ key, forward: direction === 'out', type: port.type }] : [],
  );
  const gives = tree.side === 'gives';
  if (other.role !== (gives ? 'to' : 'from')) return gives ? 'both ends give' : 'both ends take';
  const own = { link: tree.name, role: gives ? ('from' as const) : ('to' as const), wires };
  return gives ? endMismatch(own, other) : endMismatch(other, own);
}
