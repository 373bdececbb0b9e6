/** The read port of a memory that the watch over checksums shares. */
import { type Bool, type ModuleBuilder, mux, type UInt } from '../../hdl/index.ts';
import { folded } from './checksum.ts';
import type { CheckIn } from './links.ts';

/** What is asked for and can be given, as nobody else reads in this clock. */
export function checkGranted(m: ModuleBuilder, check: CheckIn, free: Bool): Bool {
  const given = m.name('checks_word', check.asked.and(free));
  m.assign(check.given, given);
  return given;
}

/** The word at `address`; where there is a check, the word that it asks for in clocks in which the port is `free`. */
export function checkedRead(
  m: ModuleBuilder,
  read: (address: UInt) => UInt,
  { address, free, check }: { readonly address: UInt; readonly free: Bool; readonly check: CheckIn | undefined },
): UInt {
  if (!check) return read(address);
  const given = checkGranted(m, check, free);
  const word = read(m.name('read_addr', mux(given, check.address, address)));
  m.assign(check.data, folded(word));
  return word;
}
