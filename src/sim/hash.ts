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
      a = mix(a, words[i]!);
      b = mix(b, words[i + 1]!);
      c = mix(c, words[i + 2]!);
      d = mix(d, words[i + 3]!);
    }
    for (; i < words.length; i++) a = mix(a, words[i]!);
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

// The shift keeps a wrong top bit, which the multiplication leaves where it is, from cancelling against one wrong bit of the next word.
function mix(chain: number, word: number): number {
  const product = Math.imul(chain ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
