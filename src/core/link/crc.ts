/** The link's CRC over a byte in one clock. */
import { type Bool, concat, lit, type ModuleBuilder, type UInt, uint } from '../../hdl/index.ts';
import { crc16 } from '../../link/index.ts';

/** The register after a byte. */
export function crcAfter(m: ModuleBuilder, register: UInt, byte: UInt): UInt {
  m.comment('CRC-16/X-25, eight steps at once');
  // Each bit as the bits of register and byte whose XOR it is.
  let bits: Bool[][] = Array.from({ length: 16 }, (_, i) => [register.bit(i)]);
  for (let step = 0; step < 8; step += 1) {
    const feedback = toggle(bits[0]!, [byte.bit(step)]);
    bits = bits.map((_, i) => {
      const shifted = bits[i + 1] ?? [];
      return (crc16.polynomial >> i) & 1 ? toggle(shifted, feedback) : shifted;
    });
  }
  const next = bits.map((terms) =>
    terms.length === 0
      ? lit(0, uint(1))
      : concat(...terms)
          .reduceXor()
          .asUInt(),
  );
  return concat(...next.reverse());
}

/** Terms that occur twice cancel. */
function toggle(terms: readonly Bool[], more: readonly Bool[]): Bool[] {
  const kept = new Set(terms);
  for (const term of more) if (!kept.delete(term)) kept.add(term);
  return [...kept];
}
