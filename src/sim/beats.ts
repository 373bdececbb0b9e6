/** Beats of the input stream: several pixels side by side where the core takes them so. */

/** Beat number `beat` of the pixels: `pixelLanes` of them, 8 bits each, the first in the low bits; 0 beyond the end. */
export function beatOf(pixels: Uint8Array, beat: number, pixelLanes: number): number | bigint {
  if (pixelLanes === 1) return pixels[beat] ?? 0;
  let data = 0n;
  for (let i = pixelLanes - 1; i >= 0; i--) data = (data << 8n) | BigInt(pixels[beat * pixelLanes + i] ?? 0);
  return data;
}

/** The same byte in every pixel. */
export function repeatedByte(byte: number, pixelLanes: number): number | bigint {
  return pixelLanes === 1 ? byte : beatOf(new Uint8Array(pixelLanes).fill(byte), 0, pixelLanes);
}

/** A beat as 32-bit words, low first. */
export function beatWords(data: number | bigint, words: number): number[] {
  const bits = BigInt(data);
  return Array.from({ length: words }, (_, w) => Number((bits >> BigInt(32 * w)) & 0xffffffffn));
}
