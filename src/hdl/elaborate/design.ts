/** A checked design: a tree of instances over modules. */
import type { Diagnostic } from '../diagnostics.ts';
import { instancePaths, type ModuleIr } from '../ir/module.ts';
import { isSigned, type ScalarType } from '../ir/types.ts';
import {
  isInput,
  isPort,
  isState,
  type LoweredModule,
  type MemoryReadNet,
  type RegisterNet,
} from '../lower/netlist.ts';
import type { Origin } from '../origin.ts';

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
  readonly origin: Origin;
}

/** A port of the top module, as Verilog names it. */
export interface PortInfo {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly role: 'clock' | 'reset' | 'data';
  readonly width: number;
  readonly signed: boolean;
  readonly kind: ScalarType['kind'];
  readonly doc: string | undefined;
  readonly origin: Origin;
}

/** A memory of one instance, as Verilog names it. */
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
  readonly origin: Origin;
}

/** A design that passed the rules: its modules once, and what one can ask of their instances. */
export class Design {
  constructor(
    readonly top: LoweredModule,
    /** Every module once, those used before those that use them. */
    readonly modules: readonly LoweredModule[],
    /** What is probably not as it was meant. */
    readonly warnings: readonly Diagnostic[] = [],
  ) {}

  /** All registers of all instances, depth first in the order of declaration. */
  registers(): RegisterInfo[] {
    return this.#collect((module, hierarchy) =>
      module.nets.filter(isState).map((net) => ({ ...common(net, module, hierarchy), role: net.role })),
    );
  }

  /** The ports of the top module. */
  ports(): PortInfo[] {
    return this.top.nets.filter(isPort).map((net) => ({
      name: net.name,
      direction: isInput(net) ? 'input' : 'output',
      role: net.role === 'clock' || net.role === 'reset' ? net.role : 'data',
      width: net.type.width,
      signed: isSigned(net.type),
      kind: net.type.kind,
      doc: net.doc,
      origin: net.origin,
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
        width: memory.type.width,
        contentsFile: memory.contentsFile,
        readPorts: memory.reads.length,
        writePorts: memory.writes.length,
        origin: memory.origin,
      })),
    );
  }

  #collect<T>(list: (module: LoweredModule, hierarchy: readonly string[]) => T[]): T[] {
    const found: T[] = [];
    const visit = (module: LoweredModule, hierarchy: readonly string[]) => {
      found.push(...list(module, hierarchy));
      for (const instance of module.instances)
        for (const names of instancePaths(instance)) visit(instance.definition, [...hierarchy, ...names]);
    };
    visit(this.top, []);
    return found;
  }
}

/** Every module under `top` once, those used before those that use them. */
export function modulesUnder(top: ModuleIr): ModuleIr[] {
  const seen = new Set<ModuleIr>();
  const visit = (module: ModuleIr) => {
    if (seen.has(module)) return;
    for (const instance of module.instances) visit(instance.definition);
    seen.add(module);
  };
  visit(top);
  return [...seen];
}

function common(net: RegisterNet | MemoryReadNet, module: LoweredModule, hierarchy: readonly string[]) {
  return {
    path: [...hierarchy, net.name].join('.'),
    hierarchy,
    module: module.name,
    name: net.name,
    width: net.type.width,
    signed: isSigned(net.type),
    kind: net.type.kind,
    states: net.type.kind === 'enum' ? net.type.states : undefined,
    origin: net.origin,
  };
}
