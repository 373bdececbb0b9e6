/** HDL013: the ports of a memory are those that block RAMs have. */
import type { Diagnostic, DiagnosticInput } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import type { LoweredMemory, LoweredModule } from '../lower/netlist.ts';
import type { Origin } from '../origin.ts';

export function memoryPorts(design: Design): Diagnostic[] {
  return design.modules.flatMap((module) => module.memories.flatMap((memory) => problems(module, memory)));
}

function problems(module: LoweredModule, memory: LoweredMemory): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (input: Omit<DiagnosticInput, 'rule'>, origin: Origin = memory.origin) => {
    found.push({ rule: 'HDL013', ...input, origin });
  };
  const name = `memory '${memory.name}' of module '${module.name}'`;
  const [first, second] = memory.writes;
  if (memory.dualPort) {
    if (memory.reads.length < 2) {
      report({
        summary: `${name} has ${memory.reads.length} of its two ports`,
        help: 'connect both with port(...), or use m.memory for one write port and read ports',
      });
    }
  } else if (first !== undefined && second !== undefined) {
    report(
      {
        summary: `${name} is written by two ports`,
        label: 'the second write port',
        notes: [{ text: 'the first is', origin: first.origin }],
        help: 'choose between the two with mux before one write, or use m.trueDualMemory',
      },
      second.origin,
    );
  }
  if (memory.reads.length === 0 && !readAsynchronously(module, memory)) {
    report({ summary: `${name} is never read`, label: 'declared here', help: 'read it, or remove it' });
  }
  if (first === undefined && memory.contents === undefined) {
    report({
      summary: `${name} is never written and has no contents`,
      label: 'declared here',
      help: 'give it contents, or write it',
    });
  }
  return found;
}

function readAsynchronously(module: LoweredModule, memory: LoweredMemory): boolean {
  return module.nodes.some((node) => node.kind === 'read' && node.memory === memory);
}
