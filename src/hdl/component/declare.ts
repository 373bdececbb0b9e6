/** From a record of ports to the signals that a component's description sees. */
import type { BuildContext } from '../builder/context.ts';
import { reference } from '../ir/expr.ts';
import type { EntityRole } from '../ir/module.ts';
import { wrap } from '../values/signals.ts';
import type { FlatPort, Inside, PortTree } from './ports.ts';
import { portValues } from './tree.ts';

/** Declares the ports in the order of the record. */
export function declarePorts<const P extends PortTree>(context: BuildContext, ports: P): Inside<P> {
  const leaf = (flat: FlatPort) => declarePort(context, flat);
  return portValues(ports, leaf, (side) => (side === 'gives' ? 'to' : 'from')) as Inside<P>;
}

function declarePort(context: BuildContext, { name, port, direction }: FlatPort): unknown {
  const { module } = context;
  const { doc, origin } = port;
  if (port.port === 'clock') return context.declareClock(name, doc, origin);
  if (port.port === 'reset') return context.declareReset(name, doc, origin);
  const role: EntityRole = direction === 'in' ? 'input' : 'output';
  const entity = context.declare({ role, name, type: port.type, module, origin, doc });
  return wrap(reference(entity), port.type);
}
