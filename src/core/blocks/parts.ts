/** Small pieces that several blocks share. */
import { type Bool, type ModuleBuilder, mux, type UInt, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';

/** Picks by a one-bit bank number. */
export function bankSelect(bank: Bool, zero: Bool, one: Bool): Bool {
  return mux(bank, one, zero);
}

/** A counter register 0..max that does not exist when there is nothing to count. */
export function counter(m: ModuleBuilder, name: string, max: number): UInt | undefined {
  return max === 0 ? undefined : m.register(name, uint(unsignedBits(max)), { reset: 0 });
}

/** Adds a constant that may be negative, at the address's own width. */
export function offsetBy(address: UInt, delta: number): UInt {
  if (delta === 0) return address;
  return delta > 0 ? address.addWrap(delta) : address.subWrap(-delta);
}
