/**
 * Valid/ready streams. A word moves in every clock in which `valid` and `ready` are both true; `valid` does not wait for `ready`,
 * and a word that is offered stays until it is taken.
 */
import type { ModuleBuilder } from '../builder/builder.ts';
import type { ModuleDefinition } from '../builder/module.ts';
import type { DeclareOptions } from '../builder/options.ts';
import { designError } from '../diagnostics.ts';
import { type BoolType, bool, describeType, type SIntType, sameType, type UIntType } from '../ir/types.ts';
import type { Bool, SInt, UInt } from '../values/signals.ts';

export type PayloadType = UIntType | SIntType | BoolType;
export type Payload = UInt | SInt | Bool;

/** One end of a stream. On a source one reads data and valid and drives ready; on a sink it is the other way round. */
export interface Stream {
  readonly side: 'source' | 'sink';
  readonly name: string;
  readonly data: Payload;
  readonly valid: Bool;
  readonly ready: Bool;
  /** Marks the last word of a packet, where the stream has packets. */
  readonly last: Bool | undefined;
}

export interface StreamOptions extends DeclareOptions {
  /** The stream has packets: a `last` beside the data. */
  readonly packets?: boolean;
}

/** Ports of a stream that comes into the module: `<name>_data`, `<name>_valid`, `<name>_ready` and, with packets, `<name>_last`. */
export function inputStream(m: ModuleBuilder, name: string, type: PayloadType, options: StreamOptions = {}): Stream {
  const data = m.input(`${name}_data`, type, options);
  const last = options.packets ? m.input(`${name}_last`, bool()) : undefined;
  const valid = m.input(`${name}_valid`, bool());
  return { side: 'source', name, data, valid, ready: m.output(`${name}_ready`, bool()), last };
}

/** Ports of a stream that leaves the module. */
export function outputStream(m: ModuleBuilder, name: string, type: PayloadType, options: StreamOptions = {}): Stream {
  const data = m.output(`${name}_data`, type, options);
  const last = options.packets ? m.output(`${name}_last`, bool()) : undefined;
  const valid = m.output(`${name}_valid`, bool());
  return { side: 'sink', name, data, valid, ready: m.input(`${name}_ready`, bool()), last };
}

/** The same wires seen from the other end. */
export function flip(stream: Stream): Stream {
  return { ...stream, side: stream.side === 'source' ? 'sink' : 'source' };
}

/** A stream inside the module; give its sink to the producer and the flipped one to the consumer. */
export function wireStream(m: ModuleBuilder, name: string, type: PayloadType, options: StreamOptions = {}): Stream {
  const data = m.wire(`${name}_data`, type, options);
  const last = options.packets ? m.wire(`${name}_last`, bool()) : undefined;
  return {
    side: 'sink',
    name,
    data,
    valid: m.wire(`${name}_valid`, bool()),
    ready: m.wire(`${name}_ready`, bool()),
    last,
  };
}

/** Joins a source to a sink of the same type. */
export function connectStreams(m: ModuleBuilder, source: Stream, sink: Stream): void {
  const problem = mismatch(source, sink);
  if (problem !== undefined) {
    throw designError({
      rule: 'HDL002',
      summary: `streams '${source.name}' and '${sink.name}' can't be connected: ${problem}`,
      help: 'connectStreams(m, source, sink); both of one type, both with packets or both without',
    });
  }
  m.assign(sink.data, source.data);
  if (sink.last !== undefined && source.last !== undefined) m.assign(sink.last, source.last);
  m.assign(sink.valid, source.valid);
  m.assign(source.ready, sink.ready);
}

/** True in the clocks in which a word moves. */
export function transfers(stream: Stream): Bool {
  return stream.valid.and(stream.ready);
}

/** Instantiates a buffer behind a source; returns its output as a source. */
export function buffered(m: ModuleBuilder, name: string, definition: ModuleDefinition, source: Stream): Stream {
  const { type } = source.data;
  const packets = source.last !== undefined;
  const output = wireStream(m, name, type, { packets });
  const instance = m.instance(`${name}_buffer`, definition, {
    s_data: source.data,
    s_valid: source.valid,
    ...(source.last ? { s_last: source.last } : {}),
    m_ready: output.ready,
  });
  m.assign(source.ready, instance.bool('s_ready'));
  m.assign(output.valid, instance.bool('m_valid'));
  m.assign(output.data, instance.out.m_data as typeof output.data);
  if (output.last) m.assign(output.last, instance.bool('m_last'));
  return { ...output, side: 'source' };
}

function mismatch(source: Stream, sink: Stream): string | undefined {
  if (source.side !== 'source' || sink.side !== 'sink')
    return `'${source.name}' is a ${source.side} and '${sink.name}' a ${sink.side}`;
  if (!sameType(source.data.type, sink.data.type)) {
    return `${describeType(source.data.type)} meets ${describeType(sink.data.type)}`;
  }
  if ((source.last === undefined) !== (sink.last === undefined)) return 'only one of them has packets';
  return undefined;
}
