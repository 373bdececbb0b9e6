/** A checked design: a tree of instances over modules. */
import type { Entity, InstanceIr, MemoryIr, ModuleIr } from '../ir/module.ts';
import { instancePaths, isPort, isState } from '../ir/module.ts';
import { isSigned, type ScalarType } from '../ir/types.ts';
import type { Place } from '../place.ts';

/** A register of one instance, as Verilog names it. */
export interface RegisterInfo {
  /** `conv1.acc_0`: instance names and the register's name, without the top. */
  readonly path: string;
  readonly hierarchy: readonly string[];
  readonly module: string;
  readonly name: string;
  readonly width: number;
  readonly signed: boolean;
  readonly kind: ScalarType['kind'];
  /** An author's register, or the output register of a memory's read port. */
  readonly role: 'register' | 'memoryRead';
  /** Names of the states, for enumerations. */
  readonly states: readonly string[] | undefined;
  readonly place: Place;
}

export interface PortInfo {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly role: 'clock' | 'reset' | 'data';
  readonly width: number;
  readonly signed: boolean;
  readonly kind: ScalarType['kind'];
  readonly doc: string | undefined;
  readonly place: Place;
}

export interface MemoryInfo {
  readonly path: string;
  readonly hierarchy: readonly string[];
  readonly module: string;
  readonly name: string;
  readonly depth: number;
  readonly width: number;
  readonly contentsFile: string | undefined;
  readonly readPorts: number;
  readonly writePorts: number;
  readonly place: Place;
}

export class Design {
  constructor(
    readonly top: ModuleIr,
    /** Every module once, those used before those that use them. */
    readonly modules: readonly ModuleIr[],
  ) {}

  /** All registers of all instances, depth first in the order of declaration. */
  registers(): RegisterInfo[] {
    return this.#collect((module, hierarchy) =>
      module.entities
        .filter(isState)
        .map((entity) => ({ ...common(entity, module, hierarchy), role: entity.role as RegisterInfo['role'] })),
    );
  }

  /** The ports of the top module. */
  ports(): PortInfo[] {
    return this.top.entities.filter(isPort).map((entity) => ({
      name: entity.name,
      direction: entity.role === 'output' ? 'output' : 'input',
      role: entity.role === 'clock' || entity.role === 'reset' ? entity.role : 'data',
      width: entity.type.width,
      signed: isSigned(entity.type),
      kind: entity.type.kind,
      doc: entity.doc,
      place: entity.place,
    }));
  }

  /** All memories of all instances. */
  memories(): MemoryInfo[] {
    return this.#collect((module, hierarchy) =>
      module.memories.map((memory) => ({
        path: [...hierarchy, memory.name].join('.'),
        hierarchy,
        module: module.name,
        name: memory.name,
        depth: memory.depth,
        width: memory.width,
        contentsFile: contentsFileOf(memory),
        readPorts: memory.reads.length,
        writePorts: memory.writes.length,
        place: memory.place,
      })),
    );
  }

  #collect<T>(list: (module: ModuleIr, hierarchy: readonly string[]) => T[]): T[] {
    const found: T[] = [];
    const visit = (module: ModuleIr, hierarchy: readonly string[]) => {
      found.push(...list(module, hierarchy));
      for (const instance of module.instances)
        for (const names of instancePaths(instance)) visit(instance.definition, [...hierarchy, ...names]);
    };
    visit(this.top, []);
    return found;
  }
}

/** Name of the file that holds a memory's contents, undefined for memories without contents. */
export function contentsFileOf(memory: MemoryIr): string | undefined {
  if (memory.contents === undefined) return undefined;
  return memory.contentsFile ?? `${memory.module.name}_${memory.name}.mem`;
}

/** Every module under `top` once, those used before those that use them. */
export function modulesUnder(top: ModuleIr): ModuleIr[] {
  const seen = new Set<ModuleIr>();
  const visit = (module: ModuleIr) => {
    if (seen.has(module)) return;
    for (const instance of module.instances as readonly InstanceIr[]) visit(instance.definition);
    seen.add(module);
  };
  visit(top);
  return [...seen];
}

function common(entity: Entity, module: ModuleIr, hierarchy: readonly string[]) {
  return {
    path: [...hierarchy, entity.name].join('.'),
    hierarchy,
    module: module.name,
    name: entity.name,
    width: entity.type.width,
    signed: isSigned(entity.type),
    kind: entity.type.kind,
    states: entity.type.kind === 'enum' ? entity.type.states : undefined,
    place: entity.place,
  };
}
