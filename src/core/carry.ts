/** Channels that a layer hands on beside its own (docs/microarchitecture.md, "Carried channels"). */
import { component, counter, flip, type ModuleBuilder, mux } from '../hdl/index.ts';
import { unsignedBits } from '../plan/index.ts';
import { type CarryIn, carryLink, clocked, type PassIn, passLink } from './links/index.ts';
import { passOn } from './links/pass-on.ts';
import { fitted, packed, parts } from './parts/fit.ts';
import type { Stage } from './stage.ts';

/** Elements on their way from a layer, and the largest value that they can have. */
export interface Elements {
  readonly pass: PassIn;
  readonly largest: number;
}

/** The neurons' elements, behind those that the engine hands on, where there are such. */
export function withCarried(m: ModuleBuilder, stage: Stage, own: Elements, carried: CarryIn | undefined): Elements {
  const { carry, name } = stage.layer;
  if (!carry || !carried) return own;
  const largest = Math.max(own.largest, carry.max);
  const module = carryModule(stage, carry.count, { own: unsignedBits(own.largest), joined: unsignedBits(largest) });
  return { pass: m.place(`${name}_carry`, module, { own: own.pass, carried }).joined, largest };
}

function carryModule(stage: Stage, count: number, bits: { readonly own: number; readonly joined: number }) {
  const { core, layer, passLanes } = stage;
  const ports = {
    ...clocked,
    own: flip(passLink(stage, passLanes * bits.own)),
    carried: flip(carryLink(passLanes * layer.valueBits)),
    joined: passLink(stage, passLanes * bits.joined),
  };
  return component(
    `${core}_${layer.name}_carry`,
    ports,
    (m, { own, carried, joined }) => {
      m.doc(
        'Puts the inputs that a layer hands on in front of its neurons, position by position: a layer further on sees them, too.',
      );
      const channel = counter(m, 'channel', count + layer.output.channels, { doc: 'the one that comes next' });
      const push = m.name('push_any', own.push.or(carried.push));
      m.when(push, () => channel.step());
      m.assign(carried.turn, channel.value.lessThan(m.constant('CARRIED', count)));
      const widened = (values: typeof own.data, width: number) =>
        packed(parts(values, width).map((value) => fitted(value, bits.joined)));
      m.assign(joined.push, push);
      m.assign(joined.data, mux(carried.push, widened(carried.data, layer.valueBits), widened(own.data, bits.own)));
      passOn(m, own, joined);
    },
    { family: `${core}_carry` },
  );
}
