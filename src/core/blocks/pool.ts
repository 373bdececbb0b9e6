/** Average pool: counts the spikes of each window (docs/microarchitecture.md, "Pool"). */
import { bool, concat, defineModule, lit, type ModuleDefinition, mux, uint } from '../../hdl/index.ts';
import type { LayerPlan } from '../../plan/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { counter } from './parts.ts';

/** `valueBits`: 1 for spikes; an integer core pools values of more bits. */
export function poolModule(core: string, layer: LayerPlan, passSteps: number, valueBits = 1): ModuleDefinition {
  const pool = layer.pool!;
  const area = pool.height * pool.width;
  const channels = layer.output.channels;
  const countBits = unsignedBits(area * (2 ** valueBits - 1));
  const verb = valueBits === 1 ? 'Counts the spikes' : 'Adds up the values';
  return defineModule(`${core}_${layer.name}_pool`, (m) => {
    m.doc(
      `${verb} of each ${pool.height}x${pool.width} window of ${layer.name}; the next layer's weights hold the factor 1/${area}.`,
    );
    m.clock('clk');
    m.reset('rst');
    const valid = m.input('valid', bool());
    const spikes = m.input(valueBits === 1 ? 'spikes' : 'values', uint(passSteps * valueBits));
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
      const own = spikes.slice((t + 1) * valueBits - 1, t * valueBits);
      return m.name(`count_${t}`, kept.addWrap(own.extend(countBits)));
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
