/** Confidence intervals of a probability from k switches in n trials. */
import { badInput } from '../errors/index.ts';

/** A confidence interval of a probability, 0..1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of probability 0 < p < 1, by bisection on erfc; absolute error below 1e-12. */
export function normalQuantile(p: number): number {
  let low = -40;
  let high = 40;
  for (let i = 0; i < 120; i += 1) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Wilson's score interval: short, good coverage on average, never empty at k = 0 or n. */
export function wilson(k: number, n: number, confidence = 0.95): Interval {
  check(k, n, confidence);
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const p = k / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: k === 0 ? 0 : centre - half, high: k === n ? 1 : centre + half };
}

/** Clopper and Pearson's interval: covers at least `confidence` for every probability. */
export function clopperPearson(k: number, n: number, confidence = 0.95): Interval {
  check(k, n, confidence);
  const tail = (1 - confidence) / 2;
  return {
    low: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1),
    high: k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k),
  };
}

/** Interval of a measured point: Wilson's from its trials, otherwise normal from its standard error; undefined when it has neither. */
export function pointInterval(
  point: { readonly probability: number; readonly trials?: number; readonly stderr?: number },
  confidence = 0.95,
): Interval | undefined {
  const { probability, trials, stderr } = point;
  if (trials !== undefined) return wilson(Math.round(probability * trials), trials, confidence);
  if (stderr === undefined) return undefined;
  const half = normalQuantile(1 - (1 - confidence) / 2) * stderr;
  return { low: Math.max(0, probability - half), high: Math.min(1, probability + half) };
}

/** Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (DLMF 8.17.22). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  const tiny = 1e-300;
  let f = 1;
  let c = 1;
  let d = 0;
  for (let i = 0; i < 10_000; i += 1) {
    const m = i >> 1;
    const numerator =
      i === 0
        ? 1
        : i % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + numerator * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    const factor = c * d;
    f *= factor;
    if (Math.abs(1 - factor) < 1e-15) break;
  }
  return front * (f - 1);
}

/** Regularised upper incomplete gamma function Q(a, x): the tail of chi-square with 2a degrees of freedom at 2x. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let f = d;
  for (let n = 1; n < 10_000; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = numerator * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    f *= c * d;
    if (Math.abs(1 - c * d) < 1e-15) break;
  }
  return front * f;
}

/** ln Gamma(x), x > 0: Stirling's series after shifting x above 10; relative error below 1e-13. */
export function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 10; y += 1) shift += Math.log(y);
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Standard normal distribution function, through the incomplete gamma function. */
export function normalDistribution(x: number): number {
  const tail = 0.5 * upperGamma(0.5, (x * x) / 2);
  return x < 0 ? tail : 1 - tail;
}

function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 100; i += 1) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function check(k: number, n: number, confidence: number): void {
  if (!(Number.isInteger(k) && Number.isInteger(n) && n >= 1 && k >= 0 && k <= n)) {
    throw badInput('an interval needs k switches of n trials', { found: `${k} of ${n}` });
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw badInput('a confidence must lie between 0 and 1', { found: `${confidence}`, expected: 'such as 0.95' });
  }
}
