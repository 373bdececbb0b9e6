/** Average pool: counts the spikes of each window (docs/microarchitecture.md, "Pool"). */
import {
  bool,
  component,
  counter,
  flip,
  type Inside,
  input,
  type ModuleBuilder,
  mux,
  output,
  type UInt,
  uint,
} from '../hdl/index.ts';
import { unsignedBits } from '../plan/index.ts';
import type { Elements } from './carry.ts';
import { clocked, type PassIn, passLink } from './links/index.ts';
import { passOn } from './links/pass-on.ts';
import { packed, parts } from './parts/fit.ts';
import { slots } from './parts/slots.ts';
import type { Stage } from './stage.ts';

/** The spikes (or values, up to `largest`) of a layer on their way to the next one, pooled where the plan says so. */
export function pooled(m: ModuleBuilder, stage: Stage, { pass: spikes, largest }: Elements): PassIn {
  const { name, pool } = stage.layer;
  // A window of one position needs no counting.
  if (pool === null || pool.height * pool.width === 1) return spikes;
  return m.place(`${name}_pool`, poolModule(stage, pool, largest), { spikes }).sums;
}

function poolModule(stage: Stage, pool: { readonly height: number; readonly width: number }, largest: number) {
  const { core, layer, passLanes } = stage;
  const area = pool.height * pool.width;
  const valueBits = unsignedBits(largest);
  const countBits = unsignedBits(area * largest);
  const ports = {
    ...clocked,
    spikes: flip(passLink(stage, passLanes * valueBits)),
    sums: passLink(stage, passLanes * countBits),
  };
  const describe = (m: ModuleBuilder, { spikes, sums }: Inside<typeof ports>) => {
    const verb = valueBits === 1 ? 'Counts the spikes' : 'Adds up the values';
    m.doc(`${verb} of each ${pool.height}x${pool.width} window; the next layer's weights hold the factor 1/${area}.`);
    m.section('The channels pass by in turn, window position by window position');
    const channels = (layer.carry?.count ?? 0) + layer.output.channels;
    const channel = counter(m, 'channel', channels, { last: 'at_last_channel', next: 'next_channel' });
    const position = counter(m, 'position', area, { last: 'window_complete' });
    m.when(spikes.push, () => channel.step());
    m.when(spikes.push.and(channel.atLast), () => position.step());
    const names = { memory: 'counts', word: 'kept' };
    const kept = slots<UInt>(m, names, uint(passLanes * countBits), channel, spikes.push);
    const fresh = m.name('fresh_window', position.atFirst);
    const { count } = m.placeArray('step', passLanes, countOfStep(layer.name, valueBits, countBits), {
      ...{ fresh, soFar: parts(kept.current, countBits), value: parts(spikes.data, valueBits) },
    });
    const joined = packed(count);
    kept.write(joined, spikes.push);
    m.assign(sums.push, spikes.push.and(position.atLast));
    m.assign(sums.data, joined);
    passOn(m, spikes, sums);
  };
  return component(`${core}_${layer.name}_pool`, ports, describe, { family: `${core}_pool` });
}

/** What one time step of the pass has counted at this position. */
function countOfStep(layer: string, valueBits: number, countBits: number) {
  const ports = {
    fresh: input(bool(), 'the window begins'),
    soFar: input(uint(countBits), 'at the positions before'),
    value: input(uint(valueBits), 'at this one'),
    count: output(uint(countBits), 'with this position'),
  };
  return component(
    `${layer}_count`,
    ports,
    (m, { fresh, soFar, value, count }) => m.assign(count, mux(fresh, 0, soFar).addWrap(value.extend(countBits))),
    { loopBody: true },
  );
}
