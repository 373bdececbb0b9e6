/** Demagnetisation factors of an elliptic cylinder. */

/** Along the length, the width and the thickness; they sum to 1. */
export interface DemagnetisationFactors {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Points over a quarter of the circle; the integrand is smooth and periodic, so the trapezoid rule converges fast. */
const quarterPoints = 512;

/**
 * Magnetometric (volume-averaged) factors of a uniformly magnetised elliptic cylinder; all three lengths are full axes in metres, > 0.
 *
 * From the Fourier-space form of Beleggia, De Graef, Millev, Goode and Rowlands, J. Phys. D 38 (2005) 3333: in elliptic polar
 * coordinates the radial integral is that of a circular cylinder, so N_z is the mean over the angle of the circular cylinder's
 * factor (Joseph, J. Appl. Phys. 37 (1966) 4639) at the aspect that the ellipse has in that direction; the in-plane rest is shared
 * out by the direction cosines.
 */
export function ellipticCylinder(lengthM: number, widthM: number, thicknessM: number): DemagnetisationFactors {
  let x = 0;
  let y = 0;
  let z = 0;
  for (let i = 0; i < quarterPoints; i += 1) {
    const angle = (Math.PI / 2) * ((i + 0.5) / quarterPoints);
    const cx = (2 * Math.cos(angle)) / lengthM;
    const cy = (2 * Math.sin(angle)) / widthM;
    const s2 = cx * cx + cy * cy;
    const normal = circularCylinder((thicknessM * Math.sqrt(s2)) / 2);
    z += normal;
    x += ((1 - normal) * cx * cx) / s2;
    y += ((1 - normal) * cy * cy) / s2;
  }
  return { x: x / quarterPoints, y: y / quarterPoints, z: z / quarterPoints };
}

/** Axial magnetometric factor of a circular cylinder, `aspect` = thickness / diameter > 0. */
export function circularCylinder(aspect: number): number {
  const { k, e } = ellipticIntegrals(1 / (1 + aspect * aspect));
  const root = Math.sqrt(1 + aspect * aspect);
  return 1 - (4 / (3 * Math.PI * aspect)) * (root * (aspect * aspect * k + (1 - aspect * aspect) * e) - 1);
}

/** Complete elliptic integrals K(m) and E(m), parameter m = k^2 in 0..1, by the arithmetic-geometric mean. */
export function ellipticIntegrals(m: number): { k: number; e: number } {
  let a = 1;
  let b = Math.sqrt(1 - m);
  let power = 0.5;
  let sum = power * m;
  for (let i = 0; i < 40 && Math.abs(a - b) > 1e-16 * a; i += 1) {
    const c = (a - b) / 2;
    const next = (a + b) / 2;
    b = Math.sqrt(a * b);
    a = next;
    power *= 2;
    sum += power * c * c;
  }
  const k = Math.PI / (2 * a);
  return { k, e: k * (1 - sum) };
}
