/** The read port of a memory that the watch over checksums shares, and the write port of the host. */
import { type Bool, type ModuleBuilder, mux, type UInt } from '../../hdl/index.ts';
import { folded } from './checksum.ts';
import type { CheckIn } from './links.ts';

/** What is asked for and can be given, as nobody else reads in this clock. */
export function checkGranted(m: ModuleBuilder, check: CheckIn, free: Bool): Bool {
  const given = m.name('checks_word', check.asked.and(free));
  m.assign(check.given, given);
  return given;
}

/** What the host writes, as the memory's port; undefined where it writes nothing. */
export function loadOf(check: CheckIn | undefined) {
  return check?.load && { write: check.load.write, index: check.address, code: check.load.row };
}
export type Loading = ReturnType<typeof loadOf>;

/** The word at `address`; where there is a check, the word that it asks for in clocks in which the port is `free`. */
export function checkedRead(
  m: ModuleBuilder,
  read: (address: UInt, load: Loading) => UInt,
  { address, free, check }: { readonly address: UInt; readonly free: Bool; readonly check: CheckIn | undefined },
): UInt {
  if (!check) return read(address, undefined);
  const given = checkGranted(m, check, free);
  const word = read(m.name('read_addr', mux(given, check.address, address)), loadOf(check));
  m.assign(check.data, folded(word));
  if (check.load) m.assign(check.load.word, word);
  return word;
}
