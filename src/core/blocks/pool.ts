/** Average pool: counts the spikes of each window (docs/microarchitecture.md, "Pool"). */
import { bool, concat, defineModule, lit, type ModuleDefinition, mux, uint } from '../../hdl/index.ts';
import type { LayerPlan } from '../../plan/index.ts';
import { unsignedBits } from '../plan/widths.ts';
import { counter } from './parts.ts';

export function poolModule(core: string, layer: LayerPlan, passSteps: number): ModuleDefinition {
  const pool = layer.pool!;
  const area = pool.height * pool.width;
  const channels = layer.output.channels;
  const countBits = unsignedBits(area);
  return defineModule(`${core}_${layer.name}_pool`, (m) => {
    m.doc(
      `Counts the spikes of each ${pool.height}x${pool.width} window of ${layer.name}; the next layer's weights hold the factor 1/${area}.`,
    );
    m.clock('clk');
    m.reset('rst');
    const valid = m.input('valid', bool());
    const spikes = m.input('spikes', uint(passSteps));
    const push = m.output('push', bool(), { doc: 'a window is complete' });
    const counts = m.output('counts', uint(passSteps * countBits));

    const channel = counter(m, 'channel', channels - 1);
    const position = counter(m, 'sub', area - 1);
    const ring = Array.from({ length: channels }, (_, i) =>
      m.register(`ring_${i}`, uint(passSteps * countBits), { reset: 0 }),
    );

    m.section('The channels pass by in a ring, window position by window position');
    const fresh = m.name('fresh_window', position === undefined ? lit(1, bool()) : position.equals(0));
    const sums = Array.from({ length: passSteps }, (_, t) => {
      const before = ring[0]!.slice((t + 1) * countBits - 1, t * countBits);
      const kept = mux(fresh, lit(0, before.type), before);
      return m.name(`count_${t}`, kept.addWrap(spikes.bit(t).asUInt().extend(countBits)));
    });
    const packed = m.name('packed_counts', concat(...sums.reverse()));
    m.when(valid, () => {
      ring.forEach((slot, i) => {
        m.next(slot, ring[i + 1] ?? packed);
      });
    });

    const channelEnd = m.name('at_last_channel', channel === undefined ? lit(1, bool()) : channel.equals(channels - 1));
    if (channel !== undefined) {
      m.when(valid, () => {
        m.when(channelEnd, () => m.next(channel, 0)).otherwise(() => m.next(channel, channel.addWrap(1)));
      });
    }
    const complete = m.name('window_complete', position === undefined ? lit(1, bool()) : position.equals(area - 1));
    if (position !== undefined) {
      m.when(valid.and(channelEnd), () => {
        m.when(complete, () => m.next(position, 0)).otherwise(() => m.next(position, position.addWrap(1)));
      });
    }
    m.assign(push, valid.and(complete));
    m.assign(counts, packed);
  });
}
