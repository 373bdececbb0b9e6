/** Operators that no recipe chooses: they keep addresses inside their memory and unknown values out of state. */
import { mux } from '../../../../src/hdl/index.ts';
import { asBool, asUnsigned, type Operator } from './operator.ts';

export const specialOperators: readonly Operator[] = [
  {
    // n: words of the memory. Zero while `init` holds, and beyond the last word.
    name: 'address',
    operands: ['bool', 'uint'],
    type: ([, address]) => address,
    build: ([init, given], n) => {
      const address = asUnsigned(given);
      const settled = mux(asBool(init), 0, address);
      return 2 ** address.width === n ? settled : mux(address.lessThan(n), settled, 0);
    },
    law: ([init, address], _, n) => (init === 0n && address! < BigInt(n) ? address! : 0n),
  },
];
