/**
 * The macrospin under the stochastic Landau-Lifshitz-Gilbert-Slonczewski equation
 *
 *   dm/dt = -gamma m x H + alpha m x dm/dt + a m x (s x m),   a = I_s mu_B / (q M_s V),
 *
 * solved for dm/dt:  (1 + alpha^2) dm/dt = -m x W - alpha m x (m x W),  W = gamma (H + h) + a (m x s) + b s (b: field-like torque).
 * Brown's thermal field h has Gaussian components of variance 2 alpha k T / (gamma mu_0 M_s V dt). With gamma' = gamma/(1+alpha^2), the
 * Landau-Lifshitz constant, this is the usual alpha/(1+alpha^2) * 2kT/(gamma' mu_0 M_s V dt); only so is the equilibrium Boltzmann's
 * for every damping. Heun's scheme converges to the Stratonovich solution, which is the physical one.
 */
import { boltzmannJPerK, gyromagneticRatioH, vacuumPermeability } from './constants.ts';
import { type Macrospin, type MtjParameters, macrospin, pulseShape, settlingS } from './parameters.ts';
import { fillGaussians, nextUniform, type RandomState, randomKey, startTrial } from './random.ts';

/** Steps between two looks at the energy; also the length of a buffer of noise. */
const chunkSteps = 64;
/** A relaxing trial ends when its energy is this many kT below the lowest pass to the other well: it would have to climb that again. */
const exitKT = 8;
/** Directions in which the lowest pass is looked for. */
const passPoints = 720;

/** Constants of one device, time step included, as the loops want them. */
export interface Integrator {
  readonly parameters: MtjParameters;
  readonly device: Macrospin;
  /** Per step, dimensionless: stiffness and bias of W, standard deviation of its noise, torque for each ampere. */
  readonly coefficients: Float64Array;
  /** The same while the write pulse is on. */
  readonly written: Float64Array;
  /** Energy in kT = -(s_x mx^2 + s_y my^2 + s_z mz^2)/2 - b.m ; stiffness, then bias. */
  readonly energyKT: Float64Array;
  /** Relaxation may stop below this energy; -Infinity at 0 K or without a barrier to speak of. */
  readonly exitBelowKT: number;
}

// Places in `coefficients`.
const kx = 0;
const ky = 1;
const kz = 2;
const bx = 3;
const by = 4;
const bz = 5;
const sigma = 6;
const alpha = 7;
const ax = 8;
const ay = 9;
const az = 10;
const fx = 11;
const fy = 12;
const fz = 13;

export function createIntegrator(parameters: MtjParameters): Integrator {
  const device = macrospin(parameters);
  const { damping, stepS, temperatureK, biasFieldAPerM, fieldLikeRatio, vcmaFieldAPerM = 0 } = parameters;
  const scale = stepS / (1 + damping * damping);
  const thermalJ = boltzmannJPerK * temperatureK;
  const variance = (2 * damping * thermalJ) / (gyromagneticRatioH * vacuumPermeability * device.momentAM2 * stepS);
  const torque = device.spinDirection.map((s) => s * device.torquePerA * scale);
  const coefficients = Float64Array.from([
    ...device.stiffnessAPerM.map((stiffness) => gyromagneticRatioH * stiffness * scale),
    ...biasFieldAPerM.map((field) => gyromagneticRatioH * field * scale),
    gyromagneticRatioH * Math.sqrt(variance) * scale,
    damping,
    ...torque,
    ...torque.map((component) => component * fieldLikeRatio),
  ]);
  const perKT = (vacuumPermeability * device.momentAM2) / thermalJ;
  const energyKT = Float64Array.from([...device.stiffnessAPerM, ...biasFieldAPerM].map((field) => field * perKT));
  return {
    parameters,
    device,
    coefficients,
    written: underVoltage(coefficients, gyromagneticRatioH * vcmaFieldAPerM * scale),
    energyKT,
    exitBelowKT: temperatureK === 0 ? -Infinity : lowestPassKT(energyKT, device.easyAxis) - exitKT,
  };
}

function underVoltage(coefficients: Float64Array, perStep: number): Float64Array {
  const written = coefficients.slice();
  written[kz]! += perStep;
  return written;
}

/** Energy in kT, 0 on the easy axis without bias field. */
export function energyKT(terms: Float64Array, mx: number, my: number, mz: number): number {
  return (
    -0.5 * (terms[0]! * mx * mx + terms[1]! * my * my + terms[2]! * mz * mz) -
    (terms[3]! * mx + terms[4]! * my + terms[5]! * mz)
  );
}

/** The lowest energy on the great circle between the two hemispheres: every way from one well to the other crosses it. */
function lowestPassKT(terms: Float64Array, easyAxis: 0 | 2): number {
  let lowest = Infinity;
  for (let i = 0; i < passPoints; i += 1) {
    const u = Math.cos((2 * Math.PI * i) / passPoints);
    const v = Math.sin((2 * Math.PI * i) / passPoints);
    lowest = Math.min(lowest, easyAxis === 0 ? energyKT(terms, 0, u, v) : energyKT(terms, u, v, 0));
  }
  return lowest;
}

/**
 * `steps` Heun steps of `m` (three components, in place) at drive `driveA`, with three Gaussians a step from `noise`.
 * Written flat: this loop is where the time goes.
 */
export function advance(m: Float64Array, noise: Float64Array, steps: number, c: Float64Array, driveA: number): void {
  let x = m[0]!;
  let y = m[1]!;
  let z = m[2]!;
  const cx = c[kx]!;
  const cy = c[ky]!;
  const cz = c[kz]!;
  const s = c[sigma]!;
  const damping = c[alpha]!;
  const tx = c[ax]! * driveA;
  const ty = c[ay]! * driveA;
  const tz = c[az]! * driveA;
  const ox = c[bx]! + c[fx]! * driveA;
  const oy = c[by]! + c[fy]! * driveA;
  const oz = c[bz]! + c[fz]! * driveA;
  for (let i = 0, n = 0; i < steps; i += 1, n += 3) {
    const hx = ox + s * noise[n]!;
    const hy = oy + s * noise[n + 1]!;
    const hz = oz + s * noise[n + 2]!;
    let wx = hx + cx * x + (y * tz - z * ty);
    let wy = hy + cy * y + (z * tx - x * tz);
    let wz = hz + cz * z + (x * ty - y * tx);
    let px = y * wz - z * wy;
    let py = z * wx - x * wz;
    let pz = x * wy - y * wx;
    const d1x = px + damping * (y * pz - z * py);
    const d1y = py + damping * (z * px - x * pz);
    const d1z = pz + damping * (x * py - y * px);
    const x1 = x - d1x;
    const y1 = y - d1y;
    const z1 = z - d1z;
    wx = hx + cx * x1 + (y1 * tz - z1 * ty);
    wy = hy + cy * y1 + (z1 * tx - x1 * tz);
    wz = hz + cz * z1 + (x1 * ty - y1 * tx);
    px = y1 * wz - z1 * wy;
    py = z1 * wx - x1 * wz;
    pz = x1 * wy - y1 * wx;
    x -= 0.5 * (d1x + px + damping * (y1 * pz - z1 * py));
    y -= 0.5 * (d1y + py + damping * (z1 * px - x1 * pz));
    z -= 0.5 * (d1z + pz + damping * (x1 * py - y1 * px));
    // Newton's step towards length 1: exact enough, since one Heun step leaves the sphere by very little.
    const shorten = 1.5 - 0.5 * (x * x + y * y + z * z);
    x *= shorten;
    y *= shorten;
    z *= shorten;
  }
  m[0] = x;
  m[1] = y;
  m[2] = z;
}

/**
 * Draws `m` from the Boltzmann law of the well of negative easy-axis magnetisation, without bias field: Gaussians in the equal-area
 * (Lambert) plane around the easy axis, whose energy there is at least half the quadratic one inside the hemisphere, and rejection.
 */
export function drawFromWell(integrator: Integrator, m: Float64Array, state: RandomState, scratch: Float64Array): void {
  const { easyAxis } = integrator.device;
  const terms = integrator.energyKT;
  const first = easyAxis === 0 ? 1 : 0;
  const second = easyAxis === 0 ? 2 : 1;
  m[easyAxis] = -1;
  m[first] = 0;
  m[second] = 0;
  if (integrator.parameters.temperatureK === 0) return;
  const a = -terms[first]!;
  const b = -terms[second]!;
  for (;;) {
    fillGaussians(scratch, 2, state);
    const u = scratch[0]! / Math.sqrt(a / 2);
    const v = scratch[1]! / Math.sqrt(b / 2);
    const square = u * u + v * v;
    if (square > 2) continue;
    const envelope = 0.25 * (a * u * u + b * v * v);
    const energy = (1 - square / 4) * 2 * envelope;
    if (nextUniform(state) >= Math.exp(envelope - energy)) continue;
    const scale = Math.sqrt(1 - square / 4);
    m[first] = u * scale;
    m[second] = v * scale;
    m[easyAxis] = square / 2 - 1;
    return;
  }
}

/** Trials first..first+count-1 at one drive. */
export interface TrialBlock {
  readonly parameters: MtjParameters;
  readonly driveA: number;
  readonly seed: number;
  readonly firstTrial: number;
  readonly trials: number;
}

/** How many write pulses of a block switched, and what they took. */
export interface TrialBlockResult {
  readonly switched: number;
  readonly trials: number;
  /** Heun steps that were made. */
  readonly steps: number;
}

/** Runs whole trials: start, settle, write, relax, read. The result depends on nothing but the block. */
export function runTrials(block: TrialBlock): TrialBlockResult {
  const integrator = createIntegrator(block.parameters);
  const { relaxationS, readS, stepS } = block.parameters;
  const { easyAxis } = integrator.device;
  const pulse = pulseShape(block.parameters);
  const settleSteps = Math.round(settlingS(block.parameters) / stepS);
  const relaxSteps = Math.round(relaxationS / stepS);
  const readSteps = Math.round(readS / stepS);
  const key = randomKey(block.seed, block.driveA);
  const state = new Int32Array(4);
  const noise = new Float64Array(3 * chunkSteps);
  const m = new Float64Array(3);
  let steps = 0;
  let switched = 0;

  /** Free or driven motion; true when it ended early because the well is decided. */
  const move = (count: number, driveA: number, mayEnd: boolean, c = integrator.coefficients): boolean => {
    for (let left = count; left > 0; left -= chunkSteps) {
      const now = Math.min(left, chunkSteps);
      if (mayEnd && energyKT(integrator.energyKT, m[0]!, m[1]!, m[2]!) < integrator.exitBelowKT) return true;
      fillGaussians(noise, 3 * now, state);
      advance(m, noise, now, c, driveA);
      steps += now;
    }
    return false;
  };

  for (let trial = block.firstTrial; trial < block.firstTrial + block.trials; trial += 1) {
    startTrial(state, key, trial);
    drawFromWell(integrator, m, state, noise);
    move(settleSteps, 0, false);
    for (const { steps: part, share } of pulse) move(part, share * block.driveA, false, integrator.written);
    let reading = 0;
    if (!move(relaxSteps, 0, true)) {
      for (let left = readSteps; left > 0; left -= chunkSteps) {
        if (move(Math.min(left, chunkSteps), 0, true)) {
          // The rest of the read sees this well.
          reading += left * Math.sign(m[easyAxis]!);
          break;
        }
        reading += Math.min(left, chunkSteps) * m[easyAxis]!;
      }
    }
    if (reading === 0) reading = m[easyAxis]!;
    if (reading > 0) switched += 1;
  }
  return { switched, trials: block.trials, steps };
}
