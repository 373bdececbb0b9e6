/** What registers behind the bus are built with. */
import type { Bool, ModuleBuilder, PayloadType, SInt, SignalOf, UInt } from '../../hdl/index.ts';

/** One access of the bus. */
export interface BusAccess {
  readonly address: UInt;
  readonly data: UInt;
  /** Taken in this clock. */
  readonly taken: Bool;
  readonly writes: (address: number) => Bool;
  /** A register that can be read: address and value, of at most 32 bits. */
  readonly show: (address: number, value: UInt | Bool | SInt) => void;
}

interface Setting {
  readonly name: string;
  readonly address: number;
  readonly reset: number;
  /** Takes no writes while it holds. */
  readonly unless?: Bool;
}

/** A register of the bus that can be written and read, as wide as its type. */
export function setting<T extends PayloadType>(
  m: ModuleBuilder,
  bus: BusAccess,
  type: T,
  options: Setting,
): SignalOf<T> {
  const { name, address, reset, unless } = options;
  const register: UInt | SInt | Bool = m.register<PayloadType>(name, type, { reset });
  const writes = unless ? bus.writes(address).and(unless.not()) : bus.writes(address);
  const bits = bus.data.truncate(type.width);
  m.when(writes, () => {
    if (register.kind === 'bool') m.next(register, bits.bit(0));
    else if (register.kind === 'sint') m.next(register, bits.asSInt());
    else m.next(register, bits);
  });
  bus.show(address, register);
  return register as SignalOf<T>;
}

/** A register's value as the bus shows it. */
export function busWord(value: UInt | Bool | SInt): UInt {
  if (value.kind === 'bool') return value.asUInt().extend(32);
  return value.kind === 'sint' ? value.extend(32).asUInt() : value.extend(32);
}
