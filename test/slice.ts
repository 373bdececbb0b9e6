/** Series too long for every change: `npm test` takes a fixed slice of them, `npm run regress` all. */
export const regress = process.env.SPINFIRE_REGRESS === '1';

/** @returns `short` in `npm test`, `long` in `npm run regress` */
export function slice(short: number, long: number): number {
  return regress ? long : short;
}

/** The fixed seed of a random series; SPINFIRE_SEED (1 when absent) moves on to others, `step` further each. */
export function shifted(seed: number, step: number): number {
  return seed + step * (Number(process.env.SPINFIRE_SEED ?? 1) - 1);
}
