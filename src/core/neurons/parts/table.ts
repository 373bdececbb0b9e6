/** From a potential to an address of a table. */
import { lit, type ModuleBuilder, mux, type SInt, sint, type UInt } from '../../../hdl/index.ts';
import { type PotentialTable, signedBits, unsignedBits } from '../../../plan/index.ts';

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
