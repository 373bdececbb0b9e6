/** What potentials and pixels are compared with: an entry of a table, a number of 16 bits. */
import type { PotentialTable } from '../plan/schema/index.ts';

/** Where in the table a potential is looked up; those beyond its ends at the first or the last entry. */
export function tableAddress({ table, tableShift, tableOffset }: PotentialTable, potential: number): number {
  return Math.max(0, Math.min(table.length - 1, Math.floor(potential * 2 ** -tableShift) + tableOffset));
}

/** pixel / 255 in units of 2^-16, rounded: words below it make the pixel spike; 255 always does, 0 never. */
export function pixelThreshold(pixel: number): number {
  return pixel * 257 + (pixel >>> 7);
}
