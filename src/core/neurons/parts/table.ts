/** From a potential to an address of a table. */
import {
  type Bool,
  bool,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  type SInt,
  sint,
  type UInt,
  uint,
  when,
} from '../../../hdl/index.ts';
import { type PotentialTable, signedBits, unsignedBits, wordBits } from '../../../plan/index.ts';

/** clamp(floor(v / 2^shift) + offset) to the table. */
export function tableAddress(m: ModuleBuilder, potential: SInt, curve: PotentialTable): UInt {
  const { table, tableShift, tableOffset } = curve;
  // Zeros first, then away with some bits: one form for every layer, so that the junctions of a core can be one module.
  const zeros = Math.max(0, -tableShift) + 1;
  const dropped = zeros + tableShift;
  m.constant('ZEROS', zeros);
  m.constant('DROPPED', dropped);
  const scaled =
    dropped >= potential.width + zeros
      ? mux(potential.isNegative(), lit(-1, sint(1)), 0)
      : m.name('padded', potential.shiftLeft(zeros)).shiftRight(dropped);
  const offset = lit(tableOffset, sint(signedBits(Math.min(0, tableOffset), Math.max(0, tableOffset))));
  const index = m.name('table_index', scaled.addGrow(offset));
  const bits = unsignedBits(table.length - 1);
  return clamped(index.extend(Math.max(index.width, bits + 2)), table.length);
}

/** The nearest of 0..entries-1; the index has at least two bits more than an address. */
export function clamped(index: SInt, entries: number): UInt {
  const address = index.slice(unsignedBits(entries - 1) - 1, 0);
  const above = index.greaterOrEqual(lit(entries, index.type));
  return mux(index.isNegative(), 0, mux(above, lit(entries - 1, address.type), address));
}

/** Ports through which the tables of a lane, `tables` of `entries` codes each, are read for their checksum. */
export function tableCheck(checked: boolean, entries: number, tables = 1) {
  return {
    checkGiven: when(checked, input(bool(), 'codes are read for the checksum')),
    checkAddress: when(checked, input(uint(unsignedBits(entries - 1)), 'of the code')),
    codes: when(checked, output(uint(tables * wordBits), 'one clock later')),
  };
}

/** The port of a table that is read. */
export interface ReadAt {
  readonly enable: Bool;
  readonly address: UInt;
}

interface CodeRead {
  readonly address: UInt;
  readonly draw: Bool;
  readonly check: { readonly checkGiven: Bool | undefined; readonly checkAddress: UInt | undefined };
}

/** The code of a draw, or the one that a check asks for between two draws. */
export function checkedCode(
  read: (at: ReadAt) => UInt,
  { address, draw, check: { checkGiven, checkAddress } }: CodeRead,
): UInt {
  if (!checkGiven || !checkAddress) return read({ enable: draw, address });
  return read({ enable: draw.or(checkGiven), address: mux(checkGiven, checkAddress, address) });
}

/** Codes in one word, the first in the low bits. */
export function sideBySide(codes: readonly number[]): bigint {
  return codes.reduceRight((word, code) => (word << BigInt(wordBits)) | BigInt(code), 0n);
}
