/** Double-buffered lists of events for dense layers (docs/microarchitecture.md, "Event buffer"). */
import { component, concat, flip, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { clocked, eventLink, passLink } from '../links/index.ts';
import { banks } from '../parts/banks.ts';
import type { CoreShape } from '../stage.ts';

export interface EventBufferOptions extends Pick<CoreShape, 'passLanes' | 'imageBits'> {
  readonly name: string;
  readonly doc: string;
  /** Elements of a frame. */
  readonly elements: number;
  readonly elementBits: number;
}

/** Bits of an event list's wires. */
export function eventBits({ elements, elementBits }: Pick<EventBufferOptions, 'elements' | 'elementBits'>) {
  return { data: elementBits, index: unsignedBits(elements - 1), count: unsignedBits(elements) };
}

export function eventBuffer(options: EventBufferOptions) {
  const { elements, elementBits } = options;
  const bits = eventBits(options);
  const ports = { ...clocked, pass: flip(passLink(options, elementBits)), events: eventLink(options, bits) };
  return component(options.name, ports, (m, { pass, events }) => {
    m.doc(options.doc);
    m.section('Write side: only elements that are not zero are kept');
    const index = m.register('wr_index', uint(bits.index), { reset: 0, doc: 'element' });
    const count = m.register('wr_count', uint(bits.count), { reset: 0, doc: 'events so far' });
    const isEvent = m.name('is_event', pass.data.reduceOr());
    const commits = m.name('commits', pass.push.and(index.equals(elements - 1)));
    const total = m.name('total', count.addWrap(isEvent.asUInt().extend(bits.count)));
    m.when(commits, () => {
      m.next(index, 0);
      m.next(count, 0);
    }).elseWhen(pass.push, () => {
      m.next(index, index.addWrap(1));
      m.next(count, total);
    });
    const held = banks(m, 2, commits, events.release);
    m.assign(pass.free, held.free);
    m.assign(pass.committed, commits);
    m.assign(events.ready, held.full);
    m.assign(events.active, held.hold('active', pass.active, commits));
    m.assign(events.last, held.hold('last', pass.last, commits));
    m.assign(events.count, held.hold('count', total, commits));
    if (events.image && pass.image) m.assign(events.image, held.hold('image', pass.image, commits));

    m.section('Storage');
    const memory = m.memory('events', {
      depth: 2 ** (bits.index + 1),
      type: uint(bits.index + elementBits),
      contents: [],
      collision: 'undefined',
      doc: 'a word read while it is written is not used',
    });
    const address = held.writeAddress(count.truncate(bits.index));
    memory.write(address, concat(index, pass.data), pass.push.and(isEvent));
    const event = memory.read('rd_data', held.readAddress(events.address));
    m.waive('HDL022', event, 'the bank that is written is not full yet, the one that is read is');
    m.assign(events.index, event.slice(bits.index + elementBits - 1, elementBits));
    m.assign(events.data, event.slice(elementBits - 1, 0));
  });
}
