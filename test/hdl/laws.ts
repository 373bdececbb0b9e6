/** The laws of the operators, written once more in plain BigInt arithmetic: what each method computes from two operands. */
import { concat, mux, type SInt, type Signal, select, sum, type UInt } from '../../src/hdl/index.ts';

/** Unsigned operands of 4 and 3 bits, signed ones of 4 and 3 bits over the same inputs. */
export interface Operands {
  readonly a: UInt;
  readonly b: UInt;
  readonly s: SInt;
  readonly t: SInt;
}

export interface Law {
  readonly name: string;
  readonly width: number;
  readonly build: (operands: Operands) => Signal;
  /** a: 0..15, b: 0..7, s: -8..7, t: -4..3. The result is taken modulo 2^width. */
  readonly law: (a: bigint, b: bigint, s: bigint, t: bigint) => bigint;
}

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
const clamp = (value: bigint, low: bigint, high: bigint): bigint => (value < low ? low : value > high ? high : value);
const parity = (value: bigint): bigint => BigInt(value.toString(2).replaceAll('0', '').length % 2);

export const laws: readonly Law[] = [
  { name: 'u_add_grow', width: 5, build: ({ a, b }) => a.addGrow(b), law: (a, b) => a + b },
  { name: 'u_add_grow_other', width: 5, build: ({ a, b }) => b.addGrow(a), law: (a, b) => a + b },
  { name: 'u_add_wrap', width: 4, build: ({ a, b }) => a.addWrap(b.extend(4)), law: (a, b) => a + b },
  { name: 'u_add_wrap_literal', width: 4, build: ({ a }) => a.addWrap(11), law: (a) => a + 11n },
  {
    name: 'u_add_saturate',
    width: 4,
    build: ({ a, b }) => a.addSaturate(b.extend(4)),
    law: (a, b) => clamp(a + b, 0n, 15n),
  },
  { name: 'u_sub_wrap', width: 4, build: ({ a, b }) => a.subWrap(b.extend(4)), law: (a, b) => a - b },
  { name: 'u_sub_grow', width: 5, build: ({ a, b }) => a.subGrow(b), law: (a, b) => a - b },
  { name: 'u_mul_full', width: 7, build: ({ a, b }) => a.mulFull(b), law: (a, b) => a * b },
  { name: 'u_and', width: 4, build: ({ a, b }) => a.and(b.extend(4)), law: (a, b) => a & b },
  { name: 'u_or', width: 4, build: ({ a, b }) => a.or(b.extend(4)), law: (a, b) => a | b },
  { name: 'u_xor', width: 4, build: ({ a, b }) => a.xor(b.extend(4)), law: (a, b) => a ^ b },
  { name: 'u_not', width: 4, build: ({ a }) => a.not(), law: (a) => 15n - a },
  { name: 'u_not_in_sum', width: 6, build: ({ a, b }) => a.not().addGrow(b).extend(6), law: (a, b) => 15n - a + b },
  { name: 'u_shift_left', width: 6, build: ({ a }) => a.shiftLeft(2), law: (a) => a * 4n },
  { name: 'u_shift_right', width: 3, build: ({ a }) => a.shiftRight(1), law: (a) => a / 2n },
  { name: 'u_shift_left_by', width: 4, build: ({ a, b }) => a.shiftLeftBy(b), law: (a, b) => a << b },
  { name: 'u_shift_right_by', width: 4, build: ({ a, b }) => a.shiftRightBy(b), law: (a, b) => a >> b },
  { name: 'u_equals', width: 1, build: ({ a, b }) => a.equals(b.extend(4)), law: (a, b) => truth(a === b) },
  { name: 'u_not_equals', width: 1, build: ({ a, b }) => a.notEquals(b.extend(4)), law: (a, b) => truth(a !== b) },
  { name: 'u_less', width: 1, build: ({ a, b }) => a.lessThan(b.extend(4)), law: (a, b) => truth(a < b) },
  { name: 'u_less_equal', width: 1, build: ({ a, b }) => a.lessOrEqual(b.extend(4)), law: (a, b) => truth(a <= b) },
  { name: 'u_greater', width: 1, build: ({ a, b }) => a.greaterThan(b.extend(4)), law: (a, b) => truth(a > b) },
  {
    name: 'u_greater_equal',
    width: 1,
    build: ({ a, b }) => a.greaterOrEqual(b.extend(4)),
    law: (a, b) => truth(a >= b),
  },
  {
    name: 'u_less_of_signed_bits',
    width: 1,
    build: ({ s, t }) => s.asUInt().lessThan(t.extend(4).asUInt()),
    law: (_a, _b, s, t) => truth(BigInt.asUintN(4, s) < BigInt.asUintN(4, t)),
  },
  {
    name: 'u_less_of_signed_signals',
    width: 1,
    build: ({ s }) => s.asUInt().lessThan(s.addWrap(s).asUInt()),
    law: (_a, _b, s) => truth(BigInt.asUintN(4, s) < BigInt.asUintN(4, 2n * s)),
  },
  { name: 'u_bit', width: 1, build: ({ a }) => a.bit(2), law: (a) => (a >> 2n) & 1n },
  { name: 'u_slice', width: 2, build: ({ a }) => a.slice(2, 1), law: (a) => (a >> 1n) & 3n },
  { name: 'u_slice_of_sum', width: 2, build: ({ a, b }) => a.addGrow(b).slice(4, 3), law: (a, b) => (a + b) >> 3n },
  { name: 'u_extend', width: 9, build: ({ a }) => a.extend(9), law: (a) => a },
  { name: 'u_truncate', width: 2, build: ({ a }) => a.truncate(2), law: (a) => a },
  { name: 'u_saturate', width: 2, build: ({ a }) => a.saturate(2), law: (a) => clamp(a, 0n, 3n) },
  { name: 'u_to_sint', width: 5, build: ({ a }) => a.toSInt(), law: (a) => a },
  { name: 'u_as_sint', width: 6, build: ({ a }) => a.asSInt().extend(6), law: (a) => BigInt.asIntN(4, a) },
  { name: 'u_reduce_or', width: 1, build: ({ a }) => a.reduceOr(), law: (a) => truth(a !== 0n) },
  { name: 'u_reduce_and', width: 1, build: ({ a }) => a.reduceAnd(), law: (a) => truth(a === 15n) },
  { name: 'u_reduce_xor', width: 1, build: ({ a }) => a.reduceXor(), law: (a) => parity(a) },
  { name: 's_add_grow', width: 5, build: ({ s, t }) => s.addGrow(t), law: (_a, _b, s, t) => s + t },
  { name: 's_add_wrap', width: 4, build: ({ s, t }) => s.addWrap(t.extend(4)), law: (_a, _b, s, t) => s + t },
  { name: 's_add_literal', width: 5, build: ({ s }) => s.addGrow(-5), law: (_a, _b, s) => s - 5n },
  {
    name: 's_add_saturate',
    width: 4,
    build: ({ s, t }) => s.addSaturate(t.extend(4)),
    law: (_a, _b, s, t) => clamp(s + t, -8n, 7n),
  },
  { name: 's_sub_grow', width: 5, build: ({ s, t }) => s.subGrow(t), law: (_a, _b, s, t) => s - t },
  { name: 's_sub_wrap', width: 4, build: ({ s, t }) => s.subWrap(t.extend(4)), law: (_a, _b, s, t) => s - t },
  { name: 's_mul_full', width: 7, build: ({ s, t }) => s.mulFull(t), law: (_a, _b, s, t) => s * t },
  { name: 's_mul_unsigned', width: 8, build: ({ s, b }) => s.mulFull(b.toSInt()), law: (_a, b, s) => s * b },
  {
    name: 's_mul_of_sum',
    width: 9,
    build: ({ s, t }) => s.addGrow(t).mulFull(s),
    law: (_a, _b, s, t) => (s + t) * s,
  },
  { name: 's_negate', width: 5, build: ({ s }) => s.negateGrow(), law: (_a, _b, s) => -s },
  { name: 's_shift_left', width: 6, build: ({ s }) => s.shiftLeft(2), law: (_a, _b, s) => s * 4n },
  { name: 's_shift_right', width: 5, build: ({ s }) => s.shiftRight(2).extend(5), law: (_a, _b, s) => s >> 2n },
  { name: 's_shift_left_by', width: 4, build: ({ s, b }) => s.shiftLeftBy(b), law: (_a, b, s) => s << b },
  { name: 's_shift_right_by', width: 4, build: ({ s, b }) => s.shiftRightBy(b), law: (_a, b, s) => s >> b },
  {
    name: 's_shift_beside_unsigned',
    width: 4,
    build: ({ a, b, s }) => s.shiftRightBy(b).asUInt().addWrap(a),
    law: (a, b, s) => (s >> b) + a,
  },
  { name: 's_equals', width: 1, build: ({ s, t }) => s.equals(t.extend(4)), law: (_a, _b, s, t) => truth(s === t) },
  { name: 's_less', width: 1, build: ({ s, t }) => s.lessThan(t.extend(4)), law: (_a, _b, s, t) => truth(s < t) },
  { name: 's_less_literal', width: 1, build: ({ s }) => s.lessThan(-3), law: (_a, _b, s) => truth(s < -3n) },
  { name: 's_least_literal', width: 1, build: ({ s }) => s.lessOrEqual(-8), law: (_a, _b, s) => truth(s <= -8n) },
  {
    name: 's_greater_of_bits',
    width: 1,
    build: ({ a, t }) => a.asSInt().greaterThan(t.extend(4)),
    law: (a, _b, _s, t) => truth(BigInt.asIntN(4, a) > t),
  },
  {
    name: 's_greater_equal_of_sums',
    width: 1,
    build: ({ s, t }) => s.addGrow(t).greaterOrEqual(s.subGrow(t)),
    law: (_a, _b, s, t) => truth(s + t >= s - t),
  },
  { name: 's_extend', width: 8, build: ({ s }) => s.extend(8), law: (_a, _b, s) => s },
  { name: 's_extend_sum', width: 8, build: ({ s, t }) => s.addGrow(t).extend(8), law: (_a, _b, s, t) => s + t },
  { name: 's_truncate', width: 2, build: ({ s }) => s.truncate(2), law: (_a, _b, s) => s },
  { name: 's_saturate', width: 3, build: ({ s }) => s.saturate(3), law: (_a, _b, s) => clamp(s, -4n, 3n) },
  { name: 's_is_negative', width: 1, build: ({ s }) => s.isNegative(), law: (_a, _b, s) => truth(s < 0n) },
  { name: 's_as_uint', width: 6, build: ({ s }) => s.asUInt().extend(6), law: (_a, _b, s) => BigInt.asUintN(4, s) },
  {
    name: 'b_logic',
    width: 1,
    build: ({ a, b }) =>
      a
        .bit(0)
        .and(b.bit(0))
        .or(a.bit(1).xor(b.bit(1).not())),
    law: (a, b) => (a & b & 1n) | (((a >> 1n) ^ (b >> 1n) ^ 1n) & 1n),
  },
  { name: 'b_equals', width: 1, build: ({ a, b }) => a.bit(0).equals(b.bit(0)), law: (a, b) => 1n - ((a ^ b) & 1n) },
  {
    name: 'concat',
    width: 8,
    build: ({ a, b }) => concat(b, a, a.bit(3)),
    law: (a, b) => (b << 5n) | (a << 1n) | (a >> 3n),
  },
  { name: 'mux_u', width: 4, build: ({ a, b }) => mux(a.bit(0), a, b.extend(4)), law: (a, b) => (a & 1n ? a : b) },
  {
    name: 'mux_s_extended',
    width: 6,
    build: ({ a, s, t }) => mux(a.bit(0), s, t.extend(4)).extend(6),
    law: (a, _b, s, t) => (a & 1n ? s : t),
  },
  { name: 'sum_u', width: 6, build: ({ a, b }) => sum([a, b, a]), law: (a, b) => a + b + a },
  { name: 'sum_s', width: 6, build: ({ s, t }) => sum([s, t, s, t]), law: (_a, _b, s, t) => 2n * (s + t) },
  {
    name: 'select_u',
    width: 4,
    build: ({ a, b }) => select(b, [a, a.addWrap(1), a.not(), b.extend(4), a.xor(5)]),
    law: (a, b) => [a, a + 1n, 15n - a, b][Number(b)] ?? a ^ 5n,
  },
  {
    name: 'select_s',
    width: 5,
    build: ({ b, s, t }) => select(b.truncate(1), [s, t.extend(4)]).extend(5),
    law: (_a, b, s, t) => (b & 1n ? t : s),
  },
];
