/**
 * Valid/ready streams. A word moves in every clock in which `valid` and `ready` are both true; `valid` does not wait for `ready`,
 * and a word that is offered stays until it is taken.
 */
import { input, type LinkPort, link, output, type Port, when } from '../component/ports.ts';
import { type BoolType, bool, type SIntType, type UIntType } from '../ir/types.ts';
import type { Bool } from '../values/signals.ts';

/** What one beat of a stream can carry. */
export type PayloadType = UIntType | SIntType | BoolType;

/** What a stream has besides data, valid and ready. */
export interface StreamOptions {
  /** The stream has packets: a `last` beside the data. */
  readonly packets?: boolean;
  /** What the words are. */
  readonly doc?: string;
}

/** The wires of a stream whose words are of type T. */
export type StreamFields<T extends PayloadType = PayloadType> = {
  readonly data: Port<'out', T>;
  readonly last: Port<'out', BoolType> | undefined;
  readonly valid: Port<'out', BoolType>;
  readonly ready: Port<'in', BoolType>;
};

/** A link of words of one type: `data`, `valid` and, with packets, `last` go forward, `ready` comes back. */
export function stream<T extends PayloadType>(
  type: T,
  { packets = false, doc }: StreamOptions = {},
): LinkPort<'stream', StreamFields<T>, 'gives'> {
  const last = packets ? output(bool(), 'of its packet') : undefined;
  return link('stream', {
    data: output(type, doc ?? 'the word'),
    last,
    valid: output(bool(), 'a word waits'),
    ready: input(bool(), 'it is taken'),
  });
}

/** What the wires of a stream are for. */
export interface AxiDocs {
  readonly data?: string;
  readonly last?: string;
  /** The stream has a `tuser` beside `tlast`. */
  readonly user?: string;
}

/** A stream under the names of AXI4-Stream: `tdata`, `tvalid`, `tlast` go forward, `tready` comes back. */
export function axiStream<T extends PayloadType>(type: T, docs: AxiDocs = {}) {
  return link('axi-stream', {
    tdata: output(type, docs.data ?? 'the word'),
    tvalid: output(bool(), 'a word waits'),
    tready: input(bool(), 'it is taken'),
    tlast: output(bool(), docs.last ?? 'the last word of its packet'),
    tuser: when(docs.user !== undefined, output(bool(), docs.user)),
  });
}

/** True in the clocks in which a word moves. */
export function transfers(end: { readonly valid: Bool; readonly ready: Bool }): Bool {
  return end.valid.and(end.ready);
}
