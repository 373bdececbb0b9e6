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

/** The bus of a block of registers, seen from inside. */
export interface RegisterBus extends BusAccess {
  /** The host wants an access, whoever's the register is. */
  readonly asked: Bool;
  /** One clock after an access that was taken. */
  readonly ack: Bool;
  /** Closes the block, when all of its registers are shown: the word that the last access read, 0 where nothing is shown. */
  readonly readData: () => UInt;
}

/** The side of a Wishbone port that asks. */
interface Asking {
  readonly cyc: Bool;
  readonly stb: Bool;
  readonly we: Bool;
  readonly adr: UInt;
  readonly datW: UInt;
}

/**
 * Takes an access in one clock and acknowledges it in the next.
 *
 * @param registers those of the block: their addresses have names in the Verilog
 * @param mine which of the accesses are for this block, where it shares the port; all of them otherwise
 */
export function registerBus(
  m: ModuleBuilder,
  wb: Asking,
  registers: readonly Pick<BusRegister, 'name' | 'address'>[],
  mine?: (asked: Bool) => Bool,
): RegisterBus {
  const named = new Map(registers.map(({ name, address }) => [address, m.constant(`ADDR_${name}`, address)]));
  const at = (address: number) => named.get(address) ?? address;
  const ack = m.register('ack', bool(), { reset: 0 });
  const waits = wb.cyc.and(wb.stb).and(ack.not());
  const asked = mine ? m.name('bus_asked', waits) : waits;
  const taken = m.name('bus_access', mine ? mine(asked) : asked);
  const writing = m.name('write_access', taken.and(wb.we));
  m.next(ack, taken);
  const shown: { readonly address: number; readonly value: UInt }[] = [];
  return {
    ...{ address: wb.adr, data: wb.datW, taken, asked, ack },
    writes: (address) => writing.and(wb.adr.equals(at(address))),
    show: (address, value) => shown.push({ address, value: busWord(value) }),
    readData: () => {
      m.section('Reading');
      const readData = m.register('read_data', uint(32), { reset: 0 });
      const selected = m.wire('selected', uint(32));
      const choices = shown.map(({ address, value }) => [at(address), () => m.assign(selected, value)] as const);
      m.switchValue(wb.adr, choices, () => m.assign(selected, 0));
      m.when(taken, () => m.next(readData, selected));
      return readData;
    },
  };
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
function busWord(value: UInt | Bool | SInt): UInt {
  if (value.kind === 'bool') return value.asUInt().extend(32);
  return value.kind === 'sint' ? value.extend(32).asUInt() : value.extend(32);
}
