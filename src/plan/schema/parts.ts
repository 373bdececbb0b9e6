/** Pieces of the plan's schema. */
import { z } from 'zod';

/** Readonly through and through. */
export type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;

export const count = z.int().min(0);
export const positive = z.int().min(1);
export const u32 = z.int().min(0).max(0xffff_ffff);
/** A width that a datapath of 32 bits has room for. */
export const width = z.int().min(1).max(32);
export const integers = z.array(z.int());
export const share = z.number().min(0).max(1);
/** A code of 16 bits: a probability in 1/65536, 65535 is always. */
export const code = z.int().min(0).max(65535);

export const shape = z.strictObject({ height: positive, width: positive, channels: positive });

export const stream = z
  .strictObject({
    taps: z
      .array(z.int().min(0).max(31))
      .min(1)
      .describe('Exponents of the recurrence b[n+32] = XOR b[n+tap]; ascending, starts with 0, none above 32 - leap.'),
    leap: z.int().min(16).max(31).describe('Bits by which one word advances the stream.'),
    seed: u32.min(1).describe('State at (image 0, time step 0); bit i is b[i].'),
    wordsPerTimeStep: positive.describe('Words drawn in one time step: pixels of the image or neurons of the layer.'),
  })
  .describe('One stream of random words: an LFSR of degree 32, Fibonacci form.');

/** Names become those of Verilog modules and of files beside them: no path, nothing that a shell knows. */
export const verilogName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/);
