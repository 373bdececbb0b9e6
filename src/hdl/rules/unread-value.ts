/** HDL021, a warning: what a register or a named value holds reaches an output, a memory or an instance. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { isPort, type LoweredModule, type Net } from '../lower/netlist.ts';
import { type Node, visitNodes } from '../lower/nodes.ts';
import { splitByTarget } from '../lower/processes.ts';
import { statementRoots } from '../lower/usage.ts';

export function unreadValue(design: Design): Diagnostic[] {
  return design.modules.flatMap((module) => (module.blackBox === undefined ? inModule(module) : []));
}

function inModule(module: LoweredModule): Diagnostic[] {
  const live = liveNets(module);
  return module.nets.flatMap((net): Diagnostic[] => {
    if (net.role !== 'register' && net.role !== 'named') return [];
    if (live.has(net) || module.unused.has(net) || module.refused.has(net)) return [];
    const what = net.role === 'register' ? 'register' : 'value';
    return [
      {
        rule: 'HDL021',
        summary: `${what} '${net.name}' of module '${module.name}' is read by nothing that leads to an output`,
        label: `'${net.name}' is declared here`,
        help: `remove it, or m.unused(${net.name}, 'why')`,
        origin: net.origin,
      },
    ];
  });
}

/** Nets that ports, memories and instances are computed from, over as many clocks as it takes. */
function liveNets(module: LoweredModule): Set<Net> {
  const causes = new Map<Net, readonly Node[]>();
  for (const net of module.nets) if (net.role === 'named') causes.set(net, [net.value]);
  for (const process of module.processes.flatMap((each) => splitByTarget(each, true))) {
    const roots = process.statements.flatMap((statement) => statementRoots(statement));
    for (const target of process.targets) causes.set(target, roots);
  }
  const live = new Set<Net>();
  const pending: Net[] = module.nets.filter(isPort);
  const seen = new Set<Node>();
  const reach = (roots: readonly Node[]) =>
    visitNodes(
      roots,
      (node) => {
        if (node.kind === 'net') pending.push(node.net);
      },
      seen,
    );
  for (const { inputs } of module.instances) reach([...inputs.values()]);
  for (const { reads, writes } of module.memories) {
    for (const { address, enable } of reads) reach(enable === undefined ? [address] : [address, enable]);
    for (const { address, data, enable } of writes) reach([address, data, enable]);
  }
  for (let net = pending.pop(); net !== undefined; net = pending.pop()) {
    if (live.has(net)) continue;
    live.add(net);
    reach(causes.get(net) ?? []);
    if (net.role === 'register' && net.reset !== undefined) pending.push(net.reset.signal);
  }
  return live;
}
