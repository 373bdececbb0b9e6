/** What registers behind the bus are built with. */
import { type Bool, bool, type ModuleBuilder, type SInt, sint, type UInt, uint } from '../../hdl/index.ts';
import type { BusRegister } from './map.ts';

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
  /** Of the hardware's register. */
  readonly name: string;
  /** Takes no writes while it holds. */
  readonly unless?: Bool;
}

/** Kinds of value that the hardware sees in a register of the map. */
const kinds = { bool: () => bool(), uint, sint };
type Kind = keyof typeof kinds;
type ValueOf<K extends Kind> = { bool: Bool; uint: UInt; sint: SInt }[K];

/** A register of the map that can be written and read; its width and reset are the map's. */
export function setting<K extends Kind>(
  m: ModuleBuilder,
  bus: BusAccess,
  kind: K,
  { address, width, reset }: BusRegister,
  { name, unless }: Setting,
): ValueOf<K> {
  const register: UInt | SInt | Bool = m.register<ReturnType<(typeof kinds)[Kind]>>(name, kinds[kind](width), {
    reset,
  });
  const writes = unless ? bus.writes(address).and(unless.not()) : bus.writes(address);
  const bits = bus.data.truncate(width);
  m.when(writes, () => {
    if (register.kind === 'bool') m.next(register, bits.bit(0));
    else if (register.kind === 'sint') m.next(register, bits.asSInt());
    else m.next(register, bits);
  });
  bus.show(address, register);
  return register as ValueOf<K>;
}

/** A register's value as the bus shows it. */
export function busWord(value: UInt | Bool | SInt): UInt {
  if (value.kind === 'bool') return value.asUInt().extend(32);
  return value.kind === 'sint' ? value.extend(32).asUInt() : value.extend(32);
}
