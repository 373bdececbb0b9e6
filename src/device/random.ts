/**
 * Random numbers for the Monte Carlo: xoshiro128** (Blackman and Vigna, 2018) seeded from a counter, so that a trial's numbers depend
 * only on (seed, drive, trial) and never on which worker runs it; Gaussians by a ziggurat of 256 layers (Marsaglia and Tsang,
 * J. Stat. Softw. 5 (2000)), with layer and abscissa from different bits (Doornik, 2005).
 */

/** The four 32-bit words of a generator. */
export type RandomState = Int32Array;

const layers = 256;
/** Where the tail begins, and the common area of the layers, for 256 layers. */
const tailStart = 3.6541528853610088;
const layerArea = 0.00492867323399;
/** Abscissa bits: a signed 24-bit number. */
const abscissaScale = 2 ** 23;

const abscissa = new Float64Array(layers + 1);
const height = new Float64Array(layers + 1);
/** Per layer: 24-bit numbers below `inside` in magnitude lie in the rectangle that the curve covers; `width` scales them. */
const inside = new Int32Array(layers);
const width = new Float64Array(layers);

fillZiggurat();

function fillZiggurat(): void {
  const density = (x: number) => Math.exp(-0.5 * x * x);
  abscissa[0] = layerArea / density(tailStart);
  abscissa[1] = tailStart;
  for (let i = 2; i < layers; i += 1) {
    const before = abscissa[i - 1]!;
    abscissa[i] = Math.sqrt(-2 * Math.log(layerArea / before + density(before)));
  }
  abscissa[layers] = 0;
  for (let i = 0; i <= layers; i += 1) height[i] = density(abscissa[i]!);
  for (let i = 0; i < layers; i += 1) {
    inside[i] = Math.floor((abscissa[i + 1]! / abscissa[i]!) * abscissaScale);
    width[i] = abscissa[i]! / abscissaScale;
  }
}

/** Finaliser of MurmurHash3: a bijection of 32-bit words in which every input bit reaches every output bit. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A key of 64 bits from a seed and a double, from which each trial's generator starts. */
export function randomKey(seed: number, drive: number): Int32Array {
  const words = new Int32Array(new Float64Array([seed, drive]).buffer);
  const key = new Int32Array(2);
  for (let i = 0; i < 4; i += 1) {
    key[0] = mix(key[0]! ^ mix(words[i]! + 0x9e3779b9 * (i + 1)));
    key[1] = mix(key[1]! + mix(words[i]! ^ Math.imul(0x7f4a7c15, i + 1)));
  }
  return key;
}

/** Starts `state` for trial number `trial` (0..2^32-1) of `key`. Different trials never share a state. */
export function startTrial(state: RandomState, key: Int32Array, trial: number): void {
  state[0] = mix(trial ^ key[0]!);
  state[1] = mix(state[0]! + key[1]! + 0x9e3779b9);
  state[2] = mix(state[1]! ^ (key[0]! + 0x3c6ef372));
  state[3] = mix(state[2]! + (key[1]! ^ 0x1b56c4e9));
  if ((state[0]! | state[1]! | state[2]! | state[3]!) === 0) state[0] = 1;
}

/** A uniform 32-bit word, signed. */
export function nextWord(state: RandomState): number {
  const s1 = state[1]!;
  const product = Math.imul(s1, 5);
  const result = Math.imul((product << 7) | (product >>> 25), 9);
  const t = s1 << 9;
  state[2]! ^= state[0]!;
  state[3]! ^= s1;
  state[1]! ^= state[2]!;
  state[0]! ^= state[3]!;
  state[2]! ^= t;
  state[3] = (state[3]! << 11) | (state[3]! >>> 21);
  return result;
}

/** Uniform in (0, 1), never 0 or 1. */
export function nextUniform(state: RandomState): number {
  return ((nextWord(state) >>> 0) + 0.5) / 4294967296;
}

/** Fills the first `count` places of `target` with independent standard Gaussians. */
export function fillGaussians(target: Float64Array, count: number, state: RandomState): void {
  // nextWord, written out: the state stays in registers.
  let s0 = state[0]!;
  let s1 = state[1]!;
  let s2 = state[2]!;
  let s3 = state[3]!;
  for (let i = 0; i < count; i += 1) {
    const product = Math.imul(s1, 5);
    const word = Math.imul((product << 7) | (product >>> 25), 9);
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    const layer = word & 255;
    const x = word >> 8;
    if ((x < 0 ? -x : x) < inside[layer]!) {
      target[i] = x * width[layer]!;
      continue;
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
    target[i] = rareGaussian(layer, x, state);
    s0 = state[0]!;
    s1 = state[1]!;
    s2 = state[2]!;
    s3 = state[3]!;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
}

/** The 1.2 % outside the rectangles: wedge, tail, or another try. */
function rareGaussian(firstLayer: number, firstX: number, state: RandomState): number {
  let layer = firstLayer;
  let x = firstX;
  for (;;) {
    if (Math.abs(x) < inside[layer]!) return x * width[layer]!;
    if (layer === 0) {
      let out: number;
      let up: number;
      do {
        out = -Math.log(nextUniform(state)) / tailStart;
        up = -Math.log(nextUniform(state));
      } while (2 * up < out * out);
      return x < 0 ? -(tailStart + out) : tailStart + out;
    }
    const value = x * width[layer]!;
    const y = height[layer]! + nextUniform(state) * (height[layer + 1]! - height[layer]!);
    if (y < Math.exp(-0.5 * value * value)) return value;
    const word = nextWord(state);
    layer = word & 255;
    x = word >> 8;
  }
}

/** `count` normal numbers of mean 0 and deviation 1; they depend on the seed and `what` alone, and more of them begin with the same. */
export function drawNormals(count: number, seed: number, what: number): Float64Array {
  const state = new Int32Array(4);
  startTrial(state, randomKey(seed, what), 0);
  const drawn = new Float64Array(count);
  fillGaussians(drawn, count, state);
  return drawn;
}
