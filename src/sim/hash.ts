/**
 * The hash that stands for all signals of a window of cycles. Four chains of 32 bits take every fourth word each; every step is a
 * bijection of the chain's state, so a single wrong word always shows. Written again in sim/sampler.h.
 */
export class WindowHash {
  private readonly chains = new Uint32Array(4);

  reset(): void {
    this.chains.fill(1);
  }

  /** Takes the words of one cycle. */
  add(words: Uint32Array): void {
    let [a, b, c, d] = this.chains as unknown as [number, number, number, number];
    const whole = words.length & ~3;
    let i = 0;
    for (; i < whole; i += 4) {
      a = Math.imul(((a << 5) | (a >>> 27)) ^ words[i]!, multiplier);
      b = Math.imul(((b << 5) | (b >>> 27)) ^ words[i + 1]!, multiplier);
      c = Math.imul(((c << 5) | (c >>> 27)) ^ words[i + 2]!, multiplier);
      d = Math.imul(((d << 5) | (d >>> 27)) ^ words[i + 3]!, multiplier);
    }
    for (; i < words.length; i++) a = Math.imul(((a << 5) | (a >>> 27)) ^ words[i]!, multiplier);
    this.chains[0] = a;
    this.chains[1] = b;
    this.chains[2] = c;
    this.chains[3] = d;
  }

  /** 32 hexadecimal digits. */
  digest(): string {
    return Array.from(this.chains, (chain) => chain.toString(16).padStart(8, '0')).join('');
  }
}

const multiplier = 0x9e3779b1;
