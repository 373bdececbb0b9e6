/** What depends on what, within a clock, through all modules: signals of all instances and the combinational paths between them. */
import { instancePaths } from '../ir/module.ts';
import { isState, type LoweredModule, type Net } from '../lower/netlist.ts';
import { type Node, visitNodes } from '../lower/nodes.ts';
import { splitByTarget } from '../lower/processes.ts';
import { statementRoots } from '../lower/usage.ts';
import type { Origin } from '../origin.ts';
import type { Design } from './design.ts';

/** A signal of one instance. */
export interface SignalNode {
  readonly net: Net;
  readonly module: LoweredModule;
  readonly path: string;
  /** Signals whose value this one has or is computed from in the same clock. */
  readonly sources: SignalNode[];
  /** Where that is written. */
  origin: Origin;
  /** Registers and memory reads: their clock, and the signals that their next value is computed from. */
  clock: SignalNode | undefined;
  readonly nextSources: SignalNode[];
  nextOrigin: Origin | undefined;
}

/** A signal and the signals it is computed from within its module. */
interface Dependency {
  readonly target: Net;
  readonly sources: readonly Net[];
  readonly origin: Origin;
  readonly clocked: boolean;
}

/** All signals of all instances, those of a module in the order of declaration. */
export function signalGraph(design: Design): SignalNode[] {
  const all: SignalNode[] = [];
  const known = new Map<LoweredModule, readonly Dependency[]>();
  const build = (module: LoweredModule, path: readonly string[]): Map<Net, SignalNode> => {
    const nodes = new Map<Net, SignalNode>();
    for (const net of module.nets) {
      const node: SignalNode = {
        net,
        module,
        path: [...path, net.name].join('.'),
        sources: [],
        origin: net.origin,
        clock: undefined,
        nextSources: [],
        nextOrigin: undefined,
      };
      nodes.set(net, node);
      all.push(node);
    }
    for (const [net, node] of nodes) if (isState(net)) node.clock = nodes.get(net.clock);
    const dependencies = known.get(module) ?? dependenciesOf(module);
    known.set(module, dependencies);
    for (const { target, sources, origin, clocked } of dependencies) {
      const node = nodes.get(target)!;
      (clocked ? node.nextSources : node.sources).push(...sources.map((source) => nodes.get(source)!));
      if (clocked) node.nextOrigin = origin;
      else node.origin = origin;
    }
    for (const instance of module.instances) {
      for (const names of instancePaths(instance)) {
        for (const [net, node] of build(instance.definition, [...path, ...names])) {
          const input = instance.inputs.get(net.name);
          if (input !== undefined) node.sources.push(...referencesIn([input]).map((source) => nodes.get(source)!));
          const output = instance.outputs.get(net.name);
          if (output !== undefined) nodes.get(output)!.sources.push(node);
        }
      }
    }
    return nodes;
  };
  build(design.top, []);
  return all;
}

/** Nets that nodes are computed from. */
export function referencesIn(roots: readonly Node[]): Net[] {
  const found = new Set<Net>();
  visitNodes(roots, (node) => {
    if (node.kind === 'net') found.add(node.net);
  });
  return [...found];
}

function dependenciesOf(module: LoweredModule): Dependency[] {
  const dependencies: Dependency[] = [];
  for (const net of module.nets) {
    if (net.role !== 'named') continue;
    dependencies.push({ target: net, sources: referencesIn([net.value]), origin: net.origin, clocked: false });
  }
  for (const process of module.processes.flatMap((each) => splitByTarget(each, true))) {
    const [first] = process.statements;
    const sources = referencesIn(process.statements.flatMap((statement) => statementRoots(statement)));
    for (const target of process.targets) {
      const origin = first === undefined || first.kind === 'comment' ? target.origin : first.origin;
      const reset = process.kind === 'clocked' && !process.reset?.atOnce ? process.reset?.signal : undefined;
      const causes = reset === undefined ? sources : [...sources, reset];
      dependencies.push({ target, sources: causes, origin, clocked: process.kind === 'clocked' });
    }
  }
  for (const { reads, writes } of module.memories) {
    const written = writes.flatMap(({ address, data, enable }) => [address, data, enable]);
    for (const { output, address, enable, clock, origin } of reads) {
      // A write in another clock domain reaches the read port through the stored word; only a read of the same domain is safe.
      const crossing = writes.some((write) => write.clock !== clock) ? [] : written;
      const sources = referencesIn([address, ...(enable ? [enable] : []), ...crossing]);
      dependencies.push({ target: output, sources, origin, clocked: true });
    }
  }
  return dependencies;
}
