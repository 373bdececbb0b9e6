/** Least-squares fit of a logistic function. */

export interface LogisticSample {
  readonly drive: number;
  readonly probability: number;
  /** 1 when absent. */
  readonly weight?: number;
}

/**
 * The centre and scale (> 0, both in the drive's unit) that minimise the weighted sum of (P - 1/(1+exp(-(I-centre)/scale)))^2,
 * by Levenberg-Marquardt on (centre, log scale). Undefined when the probability does not rise with the drive.
 */
export function logisticLeastSquares(
  samples: readonly LogisticSample[],
): { centre: number; scale: number } | undefined {
  const start = startingPoint(samples);
  if (start === undefined) return undefined;
  let { centre, scale } = start;
  let damping = 1e-3;
  let cost = costOf(samples, centre, scale);
  for (let iteration = 0; iteration < 200 && damping < 1e12; iteration += 1) {
    // Normal equations; the second unknown is log scale, so that the scale stays positive.
    let a11 = 0;
    let a12 = 0;
    let a22 = 0;
    let b1 = 0;
    let b2 = 0;
    for (const { drive, probability, weight = 1 } of samples) {
      const z = (drive - centre) / scale;
      const p = 1 / (1 + Math.exp(-z));
      const d = p * (1 - p);
      const d1 = -d / scale;
      const d2 = -d * z;
      const r = probability - p;
      a11 += weight * d1 * d1;
      a12 += weight * d1 * d2;
      a22 += weight * d2 * d2;
      b1 += weight * d1 * r;
      b2 += weight * d2 * r;
    }
    const c11 = a11 * (1 + damping);
    const c22 = a22 * (1 + damping);
    const determinant = c11 * c22 - a12 * a12;
    if (!(determinant > 0)) break;
    const step1 = (c22 * b1 - a12 * b2) / determinant;
    const step2 = (c11 * b2 - a12 * b1) / determinant;
    const nextCentre = centre + step1;
    const nextScale = scale * Math.exp(Math.min(Math.max(step2, -1), 1));
    const nextCost = costOf(samples, nextCentre, nextScale);
    if (nextCost <= cost) {
      const small = Math.abs(step1) < 1e-12 * scale && Math.abs(step2) < 1e-12;
      centre = nextCentre;
      scale = nextScale;
      cost = nextCost;
      damping = Math.max(damping / 10, 1e-12);
      if (small) break;
    } else {
      damping *= 10;
    }
  }
  return { centre, scale };
}

/** A straight line through the clamped log odds. */
function startingPoint(samples: readonly LogisticSample[]): { centre: number; scale: number } | undefined {
  let sum = 0;
  let x = 0;
  let y = 0;
  const odds = samples.map(({ drive, probability, weight = 1 }) => {
    const p = Math.min(Math.max(probability, 0.01), 0.99);
    const line = { drive, logit: Math.log(p / (1 - p)), weight: weight * p * (1 - p) };
    sum += line.weight;
    x += line.weight * line.drive;
    y += line.weight * line.logit;
    return line;
  });
  x /= sum;
  y /= sum;
  let xx = 0;
  let xy = 0;
  for (const { drive, logit, weight } of odds) {
    xx += weight * (drive - x) ** 2;
    xy += weight * (drive - x) * (logit - y);
  }
  const slope = xy / xx;
  if (!(slope > 0) || !Number.isFinite(slope)) return undefined;
  return { centre: x - y / slope, scale: 1 / slope };
}

function costOf(samples: readonly LogisticSample[], centre: number, scale: number): number {
  let cost = 0;
  for (const { drive, probability, weight = 1 } of samples) {
    cost += weight * (probability - 1 / (1 + Math.exp(-(drive - centre) / scale))) ** 2;
  }
  return cost;
}
