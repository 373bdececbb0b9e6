/** What depends on what, within a clock, through all modules: signals of all instances and the combinational paths between them. */
import { type Expr, visitExprs } from '../ir/expr.ts';
import { type Entity, instancePaths, type ModuleIr } from '../ir/module.ts';
import type { Place } from '../place.ts';
import type { Design } from './design.ts';
import { processesOf, splitByTarget } from './processes.ts';
import { statementRoots } from './usage.ts';

/** A signal of one instance. */
export interface SignalNode {
  readonly entity: Entity;
  readonly path: string;
  /** Signals whose value this one has or is computed from in the same clock. */
  readonly sources: SignalNode[];
  /** Where that is written. */
  place: Place;
  /** Registers and memory reads: their clock, and the signals that their next value is computed from. */
  clock: SignalNode | undefined;
  readonly nextSources: SignalNode[];
  nextPlace: Place | undefined;
}

/** A signal and the signals it is computed from within its module. */
interface Dependency {
  readonly target: Entity;
  readonly sources: readonly Entity[];
  readonly place: Place;
  readonly clocked: boolean;
}

/** All signals of all instances, those of a module in the order of declaration. */
export function signalGraph(design: Design): SignalNode[] {
  const all: SignalNode[] = [];
  const known = new Map<ModuleIr, readonly Dependency[]>();
  const build = (module: ModuleIr, path: readonly string[]): Map<Entity, SignalNode> => {
    const nodes = new Map<Entity, SignalNode>();
    for (const entity of module.entities) {
      const node: SignalNode = {
        entity,
        path: [...path, entity.name].join('.'),
        sources: [],
        place: entity.place,
        clock: undefined,
        nextSources: [],
        nextPlace: undefined,
      };
      nodes.set(entity, node);
      all.push(node);
    }
    for (const [entity, node] of nodes) if (entity.clock !== undefined) node.clock = nodes.get(entity.clock);
    const dependencies = known.get(module) ?? dependenciesOf(module);
    known.set(module, dependencies);
    for (const { target, sources, place, clocked } of dependencies) {
      const node = nodes.get(target)!;
      (clocked ? node.nextSources : node.sources).push(...sources.map((source) => nodes.get(source)!));
      if (clocked) node.nextPlace = place;
      else node.place = place;
    }
    for (const instance of module.instances) {
      for (const names of instancePaths(instance)) {
        for (const [entity, node] of build(instance.definition, [...path, ...names])) {
          const input = instance.inputs.get(entity.name);
          if (input !== undefined) node.sources.push(...referencesIn([input]).map((source) => nodes.get(source)!));
          const output = instance.outputs.get(entity.name);
          if (output !== undefined) nodes.get(output)!.sources.push(node);
        }
      }
    }
    return nodes;
  };
  build(design.top, []);
  return all;
}

/** Signals that occur in expressions. */
export function referencesIn(roots: readonly Expr[]): Entity[] {
  const found = new Set<Entity>();
  visitExprs(roots, (expr) => {
    if (expr.kind === 'ref') found.add(expr.entity);
  });
  return [...found];
}

function dependenciesOf(module: ModuleIr): Dependency[] {
  const dependencies: Dependency[] = [];
  for (const entity of module.entities) {
    if (entity.value === undefined) continue;
    dependencies.push({ target: entity, sources: referencesIn([entity.value]), place: entity.place, clocked: false });
  }
  for (const process of processesOf(module).flatMap((each) => splitByTarget(each, true))) {
    const [first] = process.statements;
    const sources = referencesIn(process.statements.flatMap((statement) => statementRoots(statement)));
    for (const target of process.targets) {
      const place = first === undefined || first.kind === 'comment' ? target.place : first.place;
      dependencies.push({ target, sources, place, clocked: process.kind === 'clocked' });
    }
  }
  for (const { reads, writes } of module.memories) {
    const written = writes.flatMap(({ address, data, enable }) => [address, data, enable]);
    for (const { output, address, enable, clock, place } of reads) {
      // A write in another clock domain reaches the read port through the stored word; only a read of the same domain is safe.
      const crossing = writes.some((write) => write.clock !== clock) ? [] : written;
      const sources = referencesIn([address, ...(enable ? [enable] : []), ...crossing]);
      dependencies.push({ target: output, sources, place, clocked: true });
    }
  }
  return dependencies;
}
