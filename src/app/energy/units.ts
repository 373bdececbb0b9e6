/** Quantities as people read them. */
import { percent } from '../accuracy.ts';

/** A quantity in SI units as people read it, `9.08 nJ`: three digits and a prefix from f to T; `-` for what is no number. */
export function engineering(value: number, unit: string): string {
  if (value === 0) return `0 ${unit}`;
  if (!Number.isFinite(value)) return '-';
  const prefixes = ['f', 'p', 'n', 'u', 'm', '', 'k', 'M', 'G', 'T'];
  const power = Math.max(-5, Math.min(4, Math.floor(Math.log10(Math.abs(value) * (1 + 1e-12)) / 3)));
  return `${Number((value / 1000 ** power).toPrecision(3))} ${prefixes[power + 5]}${unit}`;
}

export const joules = (value: number) => engineering(value, 'J');
export const seconds = (value: number) => engineering(value, 's');
export const area = (m2: number) => `${Number((m2 * 1e6).toPrecision(3))} mm2`;
export const times = (ratio: number) => `${Number(ratio.toPrecision(3))}x`;
export const right = (share: number | undefined) => (share === undefined ? '-' : percent(share));
export const some = (value: number) => Math.round(value).toLocaleString('en');

/** The same for an assumption, whose unit may be none, or a product that takes no prefix. */
export function engineeringOf(value: number, unit: string): string {
  if (unit === '' || /[2/]/.test(unit)) return `${Number(value.toPrecision(3))} ${unit}`.trim();
  return engineering(value, unit);
}
