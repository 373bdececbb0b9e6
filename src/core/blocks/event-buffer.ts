/** Double-buffered lists of events for dense layers (docs/microarchitecture.md, "Event buffer"). */
import { bool, concat, defineModule, type ModuleBuilder, type ModuleDefinition, mux, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { bankSelect } from './parts.ts';

export interface EventBufferOptions {
  readonly name: string;
  readonly doc: string;
  /** Elements of a frame. */
  readonly elements: number;
  readonly elementBits: number;
  readonly passSteps: number;
  /** Bits of an image's number, with early exit. */
  readonly imageBits?: number | undefined;
}

export function eventBuffer(options: EventBufferOptions): ModuleDefinition {
  const { elements, elementBits, passSteps } = options;
  const indexBits = unsignedBits(elements - 1);
  const countBits = unsignedBits(elements);
  return defineModule(options.name, (m) => {
    m.doc(options.doc);
    m.clock('clk');
    m.reset('rst');
    const push = m.input('push', bool(), { doc: 'writes the next element; only while free' });
    const pushData = m.input('push_data', uint(elementBits));
    const pushActive = m.input('push_active', uint(passSteps));
    const pushLast = m.input('push_last', bool());
    const image = options.imageBits === undefined ? undefined : imagePorts(m, options.imageBits);
    const free = m.output('free', bool(), { doc: 'the bank being written has room for a frame' });
    const committed = m.output('committed', bool(), { doc: 'this push completes a frame' });
    const ready = m.output('ready', bool(), { doc: 'a frame waits to be read' });
    const active = m.output('active', uint(passSteps));
    const last = m.output('last', bool());
    const count = m.output('count', uint(countBits), { doc: 'events of the frame' });
    const readAddress = m.input('rd_addr', uint(indexBits));
    const eventIndex = m.output('event_index', uint(indexBits), { doc: 'which element it was' });
    const eventData = m.output('event_data', uint(elementBits));
    const release = m.input('rd_done', bool(), { doc: 'the frame has been read' });

    const writeBank = m.register('wr_bank', bool(), { reset: 0 });
    const readBank = m.register('rd_bank', bool(), { reset: 0 });
    const full0 = m.register('full_0', bool(), { reset: 0 });
    const full1 = m.register('full_1', bool(), { reset: 0 });
    const writeIndex = m.register('wr_index', uint(indexBits), { reset: 0, doc: 'element' });
    const writeCount = m.register('wr_count', uint(countBits), { reset: 0, doc: 'events so far' });

    m.section('Write side: only elements that are not zero are kept');
    const isEvent = m.name('is_event', pushData.reduceOr());
    const commits = m.name('commits', push.and(writeIndex.equals(elements - 1)));
    const total = m.name('total', writeCount.addWrap(isEvent.asUInt().extend(countBits)));
    m.assign(free, bankSelect(writeBank, full0, full1).not());
    m.assign(committed, commits);
    m.when(commits, () => {
      m.next(writeIndex, 0);
      m.next(writeCount, 0);
    }).elseWhen(push, () => {
      m.next(writeIndex, writeIndex.addWrap(1));
      m.next(writeCount, total);
    });

    m.section('Banks');
    m.when(commits, () => m.next(writeBank, writeBank.not()));
    m.when(release, () => m.next(readBank, readBank.not()));
    m.when(commits.and(writeBank.not()), () => m.next(full0, 1)).elseWhen(release.and(readBank.not()), () =>
      m.next(full0, 0),
    );
    m.when(commits.and(writeBank), () => m.next(full1, 1)).elseWhen(release.and(readBank), () => m.next(full1, 0));
    m.assign(ready, bankSelect(readBank, full0, full1));

    const active0 = m.register('active_0', uint(passSteps), { reset: 0 });
    const active1 = m.register('active_1', uint(passSteps), { reset: 0 });
    const last0 = m.register('last_0', bool(), { reset: 0 });
    const last1 = m.register('last_1', bool(), { reset: 0 });
    const count0 = m.register('count_0', uint(countBits), { reset: 0 });
    const count1 = m.register('count_1', uint(countBits), { reset: 0 });
    m.when(commits, () => {
      m.when(writeBank, () => {
        m.next(active1, pushActive);
        m.next(last1, pushLast);
        m.next(count1, total);
      }).otherwise(() => {
        m.next(active0, pushActive);
        m.next(last0, pushLast);
        m.next(count0, total);
      });
    });
    if (image) {
      const image0 = m.register('image_0', image.given.type, { reset: 0 });
      const image1 = m.register('image_1', image.given.type, { reset: 0 });
      m.when(commits, () => {
        m.when(writeBank, () => m.next(image1, image.given)).otherwise(() => m.next(image0, image.given));
      });
      m.assign(image.shown, mux(readBank, image1, image0));
    }
    m.assign(active, mux(readBank, active1, active0));
    m.assign(last, mux(readBank, last1, last0));
    m.assign(count, mux(readBank, count1, count0));

    m.section('Storage');
    const memory = m.memory('events', {
      depth: 2 ** (indexBits + 1),
      type: uint(indexBits + elementBits),
      contents: [],
      collision: 'undefined',
      doc: 'a word read while it is written is not used',
    });
    memory.write(concat(writeBank, writeCount.truncate(indexBits)), concat(writeIndex, pushData), push.and(isEvent));
    const event = memory.read('rd_data', concat(readBank, readAddress));
    m.waive('HDL022', event, 'the bank that is written is not full yet, the one that is read is');
    m.assign(eventIndex, event.slice(indexBits + elementBits - 1, elementBits));
    m.assign(eventData, event.slice(elementBits - 1, 0));
  });
}

function imagePorts(m: ModuleBuilder, bits: number) {
  return { given: m.input('push_image', uint(bits)), shown: m.output('image', uint(bits)) };
}
