/** HDL014: a register reads registers of its own clock only; others change while it samples. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { type SignalNode, signalGraph } from '../elaborate/graph.ts';

export function clockCrossing(design: Design): Diagnostic[] {
  const clocks = design.top.nets.filter((net) => net.role === 'clock');
  const hasLocal = design.modules.some(({ nets }) => nets.some((net) => net.role === 'clock' && net.isLocal));
  if (clocks.length < 2 && !hasLocal) return [];
  const found: Diagnostic[] = [];
  const nodes = signalGraph(design);
  for (const node of nodes) {
    if (node.clock === undefined) continue;
    const own = rootClock(node.clock);
    for (const { register, path } of registersBefore(node)) {
      const other = rootClock(register.clock!);
      if (other === own || isWaived(node) || isWaived(register)) continue;
      const notes = [
        { text: `'${register.path}' is clocked by ${other.path} and declared`, origin: register.net.origin },
      ];
      found.push({
        rule: 'HDL014',
        summary: `'${register.path}' (${other.path}) is read by '${node.path}' (${own.path})`,
        label: `'${node.path}' takes its value here`,
        notes,
        path: [...path.map((step) => step.path), node.path].join(' -> '),
        help: `synchronise(m, name, signal, clock) for one bit, or m.waive('HDL014', ${register.net.name}, 'why it is stable')`,
        origin: node.nextOrigin ?? node.net.origin,
      });
    }
  }
  return found;
}

/** The clock of the top module that a clock input is connected to. */
function rootClock(node: SignalNode): SignalNode {
  const [source] = node.sources;
  return source === undefined ? node : rootClock(source);
}

/** Registers whose values reach `node` combinationally, each with one path. */
function registersBefore(node: SignalNode): { register: SignalNode; path: SignalNode[] }[] {
  const found: { register: SignalNode; path: SignalNode[] }[] = [];
  const seen = new Set<SignalNode>();
  const visit = (source: SignalNode, path: readonly SignalNode[]) => {
    if (seen.has(source)) return;
    seen.add(source);
    const here = [source, ...path];
    if (source.clock !== undefined) found.push({ register: source, path: here });
    else for (const next of source.sources) visit(next, here);
  };
  for (const source of node.nextSources) visit(source, []);
  return found;
}

function isWaived({ net, module }: SignalNode): boolean {
  return module.waivers.some((waiver) => waiver.rule === 'HDL014' && waiver.net === net);
}
