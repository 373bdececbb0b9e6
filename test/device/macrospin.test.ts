import { describe, expect, it } from 'vitest';
import { gyromagneticRatioH } from '../../src/device/constants.ts';
import { upperGamma } from '../../src/device/interval.ts';
import { advance, createIntegrator, drawFromWell, energyKT, runTrials } from '../../src/device/macrospin.ts';
import { criticalCurrentA, type MtjParameters, perpendicularMtj, spinHallMtj } from '../../src/device/parameters.ts';
import { fillGaussians, randomKey, startTrial } from '../../src/device/random.ts';

const silence = new Float64Array(3 * 4096);

/** Moves `m` without noise for `seconds` at `driveA`; returns it. */
function quiet(parameters: MtjParameters, m: Float64Array, seconds: number, driveA = 0): Float64Array {
  const { coefficients } = createIntegrator({ ...parameters, temperatureK: 0, curieK: undefined });
  for (let left = Math.round(seconds / parameters.stepS); left > 0; left -= 4096) {
    advance(m, silence, Math.min(left, 4096), coefficients, driveA);
  }
  return m;
}

describe('deterministic motion', () => {
  it("precesses at Kittel's frequency and decays at the closed form's rate", () => {
    const parameters = spinHallMtj({ stepS: 0.05e-12 });
    const { coefficients, device } = createIntegrator({ ...parameters, temperatureK: 0, curieK: undefined });
    const [, h1, h2] = device.stiffnessAPerM.map((stiffness) => -stiffness) as [number, number, number];
    const scale = gyromagneticRatioH / (1 + parameters.damping ** 2);
    const rate = (scale * parameters.damping * (h1 + h2)) / 2;
    // Linearised, exact in the damping: omega^2 = gamma'^2 (1+alpha^2) H1 H2 - rate^2.
    const omega = Math.sqrt(scale * scale * (1 + parameters.damping ** 2) * h1 * h2 - rate * rate);
    const m = Float64Array.of(-1, 1e-4, 0);
    const crossings: number[] = [];
    const peaks: number[] = [];
    let before = m[1]!;
    let peak = 0;
    for (let i = 1; i <= 20_000; i += 1) {
      advance(m, silence, 1, coefficients, 0);
      peak = Math.max(peak, m[1]!);
      if (before < 0 && m[1]! >= 0) {
        crossings.push((i - m[1]! / (m[1]! - before)) * parameters.stepS);
        peaks.push(peak);
        peak = 0;
      }
      before = m[1]!;
    }
    const periods = crossings.length - 1;
    expect(periods).toBeGreaterThan(4);
    const span = crossings[periods]! - crossings[0]!;
    expect((2 * Math.PI * periods) / span / omega).toBeCloseTo(1, 3);
    expect(Math.log(peaks[1]! / peaks[periods]!) / ((span * (periods - 1)) / periods) / rate).toBeCloseTo(1, 2);
  });

  it('falls to the easy axis as tan(theta) = tan(theta0) exp(-alpha gamma H t), precessing as gamma H cos(theta)', () => {
    for (const damping of [0.02, 0.5]) {
      const parameters = perpendicularMtj({ damping, stepS: 0.1e-12 });
      const { device } = createIntegrator(parameters);
      const theta = 1.2;
      const m = Float64Array.of(Math.sin(theta), 0, Math.cos(theta));
      const seconds = 0.4e-9;
      quiet(parameters, m, seconds);
      const rate = (gyromagneticRatioH * device.anisotropyFieldAPerM) / (1 + damping ** 2);
      expect(Math.hypot(m[0]!, m[1]!) / m[2]!).toBeCloseTo(Math.tan(theta) * Math.exp(-damping * rate * seconds), 4);
      // Angle: integral of rate * cos(theta(t)) = (1/alpha) * (asinh(cot theta) at the end - at the start).
      const angle = (Math.asinh(m[2]! / Math.hypot(m[0]!, m[1]!)) - Math.asinh(1 / Math.tan(theta))) / damping;
      const measured = Math.atan2(m[1]!, m[0]!);
      expect(Math.cos(measured - angle)).toBeCloseTo(1, 4);
    }
  });

  it('keeps the energy without damping, to the second order of the step at least', () => {
    const drift = (stepS: number) => {
      const parameters = spinHallMtj({ damping: 0, stepS });
      const { energyKT: terms } = createIntegrator(parameters);
      const m = Float64Array.of(-Math.cos(0.9), Math.sin(0.9), 0);
      const start = energyKT(terms, m[0]!, m[1]!, m[2]!);
      quiet(parameters, m, 5e-9);
      expect(Math.hypot(m[0]!, m[1]!, m[2]!)).toBeCloseTo(1, 6);
      return Math.abs(energyKT(terms, m[0]!, m[1]!, m[2]!) - start);
    };
    // Of a barrier of 20 kT, in 5 ns, some 25 precessions.
    expect(drift(0.5e-12)).toBeLessThan(0.05);
    expect(drift(0.25e-12)).toBeLessThan(drift(0.5e-12) / 3);
  });

  it.each([
    ['in-plane, spins along the easy axis', spinHallMtj({ stepS: 0.25e-12 })],
    ['perpendicular, spin transfer', perpendicularMtj({ stepS: 0.25e-12 })],
  ])('grows or decays as (drive / critical - 1) says: %s', (_, parameters) => {
    const critical = criticalCurrentA(parameters);
    const { device } = createIntegrator(parameters);
    const easy = device.easyAxis;
    const hard = [0, 1, 2].filter((axis) => axis !== easy);
    const mean = -(device.stiffnessAPerM[hard[0]!]! + device.stiffnessAPerM[hard[1]!]!) / 2;
    const damped = (parameters.damping * gyromagneticRatioH * mean) / (1 + parameters.damping ** 2);
    for (const ratio of [0, 0.5, 0.9, 1.1, 2]) {
      const m = Float64Array.of(1e-5, 1e-5, 1e-5);
      m[easy] = -1;
      // Half the energy's logarithm is the amplitude's; whole precessions hide in the constant.
      const energy = () => -hard.reduce((sum, axis) => sum + device.stiffnessAPerM[axis]! * m[axis]! ** 2, 0);
      quiet(parameters, m, 0.5e-9, ratio * critical);
      const start = energy();
      const seconds = 3e-9;
      quiet(parameters, m, seconds, ratio * critical);
      const rate = Math.log(energy() / start) / 2 / seconds;
      expect(Math.abs(rate / damped - (ratio - 1)), `drive ${ratio} of critical`).toBeLessThan(0.08);
      if (ratio !== 0) expect(Math.sign(rate)).toBe(Math.sign(ratio - 1));
    }
  });

  it('loses its tilt at the critical current of a hard-axis spin current', () => {
    const parameters = perpendicularMtj({ torque: 'spin-hall', spinDirection: [0, 1, 0], damping: 0.2, stepS: 1e-12 });
    const critical = criticalCurrentA(parameters);
    const final = (driveA: number) => {
      const m = Float64Array.of(0, 0, -1);
      // Raised slowly, so that the state follows.
      for (let i = 1; i <= 200; i += 1) quiet(parameters, m, 0.2e-9, (driveA * i) / 200);
      return quiet(parameters, m, 10e-9, driveA);
    };
    // Below, H_k sin cos = torque: sin(2 theta) = drive / critical.
    const below = final(0.9 * critical);
    expect(2 * Math.abs(below[2]!) * Math.sqrt(1 - below[2]! ** 2)).toBeCloseTo(0.9, 2);
    expect(Math.abs(below[2]!)).toBeGreaterThan(0.7);
    expect(Math.abs(final(1.05 * critical)[2]!)).toBeLessThan(0.05);
  });
});

describe('thermal motion', () => {
  it.each([
    [0.1, 11],
    [0.8, 12],
  ])("reaches Boltzmann's law of the polar angle at damping %d", (damping, seed) => {
    // Perpendicular, 2 kT: both wells are visited. From the pole, long enough to forget it.
    const parameters = perpendicularMtj({ damping, barrierKT: 2, stepS: 1e-12 });
    const integrator = createIntegrator(parameters);
    const cells = 20;
    const samples = 4000;
    const counts = new Float64Array(cells);
    const state = new Int32Array(4);
    const noise = new Float64Array(3 * 512);
    const key = randomKey(seed, 0);
    const steps = damping < 0.5 ? 12 : 8;
    for (let trial = 0; trial < samples / 4; trial += 1) {
      startTrial(state, key, trial);
      const m = Float64Array.of(0, 0, trial % 2 === 0 ? 1 : -1);
      for (let sample = 0; sample < 4; sample += 1) {
        for (let i = 0; i < steps; i += 1) {
          fillGaussians(noise, noise.length, state);
          advance(m, noise, 512, integrator.coefficients, 0);
        }
        counts[Math.min(cells - 1, Math.floor(((m[2]! + 1) / 2) * cells))]! += 1;
      }
    }
    // Density of u = cos(theta): exp(2 u^2), in cells by Simpson's rule.
    const density = (u: number) => Math.exp(2 * u * u);
    const shares = Array.from({ length: cells }, (_, i) => {
      const a = -1 + (2 * i) / cells;
      const h = 2 / cells;
      return density(a) + 4 * density(a + h / 2) + density(a + h);
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    let chiSquare = 0;
    for (let i = 0; i < cells; i += 1) {
      const expected = (samples * shares[i]!) / total;
      chiSquare += (counts[i]! - expected) ** 2 / expected;
    }
    expect(upperGamma((cells - 1) / 2, chiSquare / 2), `seed ${seed}, chi-square ${chiSquare}`).toBeGreaterThan(1e-3);
  });

  it('starts from the Boltzmann law of its well, and stays in it', () => {
    const seed = 21;
    const parameters = spinHallMtj({ barrierKT: 6, damping: 0.1 });
    const integrator = createIntegrator(parameters);
    const terms = integrator.energyKT;
    // Reference by brute force over the half sphere: mean energy and its square, and the mean of m_x.
    const mean = [0, 0, 0];
    let weightSum = 0;
    for (let i = 0; i < 1200; i += 1) {
      const z = -1 + (2 * (i + 0.5)) / 1200;
      for (let j = 0; j < 400; j += 1) {
        const angle = Math.PI / 2 + (Math.PI * (j + 0.5)) / 400;
        const r = Math.sqrt(1 - z * z);
        const energy = energyKT(terms, r * Math.cos(angle), r * Math.sin(angle), z);
        const weight = Math.exp(-energy);
        weightSum += weight;
        mean[0]! += weight * energy;
        mean[1]! += weight * energy * energy;
        mean[2]! += weight * r * Math.cos(angle);
      }
    }
    const expected = mean.map((value) => value / weightSum) as [number, number, number];
    const sigma = Math.sqrt(expected[1] - expected[0] ** 2);
    const samples = 40_000;
    const state = new Int32Array(4);
    const m = new Float64Array(3);
    const noise = new Float64Array(3 * 64);
    let [energySum, xSum] = [0, 0];
    const later = { energy: 0, count: 0 };
    for (let trial = 0; trial < samples; trial += 1) {
      startTrial(state, randomKey(seed, 0), trial);
      drawFromWell(integrator, m, state, noise);
      expect(Math.hypot(m[0]!, m[1]!, m[2]!)).toBeCloseTo(1, 9);
      energySum += energyKT(terms, m[0]!, m[1]!, m[2]!);
      xSum += m[0]!;
      if (trial % 10 !== 0) continue;
      fillGaussians(noise, noise.length, state);
      advance(m, noise, 64, integrator.coefficients, 0);
      later.energy += energyKT(terms, m[0]!, m[1]!, m[2]!);
      later.count += 1;
    }
    const message = `seed ${seed}`;
    expect(Math.abs(energySum / samples - expected[0]), message).toBeLessThan((4 * sigma) / Math.sqrt(samples));
    expect(xSum / samples, message).toBeCloseTo(expected[2], 2);
    expect(Math.abs(later.energy / later.count - expected[0]), message).toBeLessThan(
      (4 * sigma) / Math.sqrt(later.count),
    );
  });

  it('converges weakly with the time step, at first order at least', () => {
    // The same Brownian path at steps of 0.5, 1, 2 and 4 ps; only means count. Strong noise, so that it is seen.
    const seed = 31;
    const at = (factor: number) => {
      const parameters = perpendicularMtj({ barrierKT: 5, damping: 0.3, stepS: factor * 0.5e-12 });
      return createIntegrator(parameters).coefficients;
    };
    const factors = [1, 2, 4, 8];
    const coefficients = factors.map(at);
    const fine = new Float64Array(3 * 512);
    const coarse = factors.map((factor) => new Float64Array((3 * 512) / factor));
    const sums = factors.map(() => 0);
    const squares = factors.map(() => 0);
    const state = new Int32Array(4);
    const trials = 6000;
    for (let trial = 0; trial < trials; trial += 1) {
      startTrial(state, randomKey(seed, 0), trial);
      fillGaussians(fine, fine.length, state);
      const ends = factors.map((factor, k) => {
        const noise = coarse[k]!;
        noise.fill(0);
        for (let i = 0; i < fine.length; i += 1) {
          noise[3 * Math.floor(Math.floor(i / 3) / factor) + (i % 3)]! += fine[i]! / Math.sqrt(factor);
        }
        const m = Float64Array.of(Math.sin(1), 0, Math.cos(1));
        advance(m, noise, 512 / factor, coefficients[k]!, 0);
        return m[2]!;
      });
      for (let k = 1; k < factors.length; k += 1) {
        sums[k]! += ends[k]! - ends[0]!;
        squares[k]! += (ends[k]! - ends[0]!) ** 2;
      }
    }
    const errors = sums.map((sum) => Math.abs(sum / trials));
    const noiseOf = (k: number) => Math.sqrt(squares[k]! / trials / trials);
    const message = `seed ${seed}, mean errors ${errors}, noise ${factors.map((_, k) => noiseOf(k))}`;
    expect(errors[3]!, message).toBeGreaterThan(4 * noiseOf(3));
    // Error(factor) = c (factor^p - 1): from 4 to 8 a factor of 7/3 at first order, 63/15 at second.
    expect(errors[3]! / errors[2]!, message).toBeGreaterThan(1.9);
    expect(errors[1]!, message).toBeLessThan(0.002);
  });
});

describe('write trials', () => {
  it('follow the reference curve of the paper device', () => {
    // Computed independently for this device with the same parameters, 1,500 trials a point.
    for (const [microamperes, reference] of [
      [40, 0.028],
      [60, 0.255],
      [80, 0.65],
      [120, 0.957],
    ] as const) {
      const seed = 41;
      const { switched } = runTrials({
        parameters: spinHallMtj(),
        driveA: microamperes * 1e-6,
        seed,
        firstTrial: 0,
        trials: 600,
      });
      const sigma = Math.sqrt(reference * (1 - reference) * (1 / 600 + 1 / 1500));
      expect(Math.abs(switched / 600 - reference), `seed ${seed}, ${microamperes} uA`).toBeLessThan(4 * sigma + 0.005);
    }
  });

  it('do not depend on how they are cut into blocks', () => {
    const block = { parameters: spinHallMtj(), driveA: 70e-6, seed: 3 };
    const whole = runTrials({ ...block, firstTrial: 0, trials: 60 });
    const first = runTrials({ ...block, firstTrial: 0, trials: 23 });
    const second = runTrials({ ...block, firstTrial: 23, trials: 37 });
    expect(first.switched + second.switched).toBe(whole.switched);
    expect(first.steps + second.steps).toBe(whole.steps);
  });

  it('hardly ever switch without drive, and need less current for a longer pulse', () => {
    const rate = (changes: Partial<MtjParameters>, driveA: number) =>
      runTrials({ parameters: spinHallMtj(changes), driveA, seed: 5, firstTrial: 0, trials: 300 }).switched / 300;
    expect(rate({}, 0)).toBe(0);
    expect(rate({}, -100e-6)).toBe(0);
    // Half at 42 uA for 1 ns, where 0.5 ns gives hardly any.
    expect(Math.abs(rate({ pulseS: 1e-9 }, 42e-6) - 0.5)).toBeLessThan(0.13);
  });

  it('write a perpendicular device', () => {
    const parameters = perpendicularMtj({ stepS: 1e-12 });
    const critical = criticalCurrentA(parameters);
    const rate = (driveA: number) =>
      runTrials({ parameters, driveA, seed: 6, firstTrial: 0, trials: 60 }).switched / 60;
    expect(rate(0.2 * critical)).toBe(0);
    expect(rate(4 * critical)).toBe(1);
  });

  it('give the same answer with and without the early end of relaxation', () => {
    // At 0 barrier height above the exit level nothing ends early: compare a read after 2 ns with the same trials at full length.
    const seed = 8;
    const trials = 400;
    const parameters = spinHallMtj();
    const early = runTrials({ parameters, driveA: 70e-6, seed, firstTrial: 0, trials });
    const integrator = createIntegrator(parameters);
    const state = new Int32Array(4);
    const noise = new Float64Array(3 * 64);
    const m = new Float64Array(3);
    let differ = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      startTrial(state, randomKey(seed, 70e-6), trial);
      drawFromWell(integrator, m, state, noise);
      const move = (steps: number, driveA: number) => {
        let sum = 0;
        for (let left = steps; left > 0; left -= 64) {
          const now = Math.min(left, 64);
          fillGaussians(noise, 3 * now, state);
          advance(m, noise, now, integrator.coefficients, driveA);
          sum += now * m[0]!;
        }
        return sum;
      };
      move(1000, 70e-6);
      move(4000, 0);
      const switched = move(1000, 0) > 0 ? 1 : 0;
      const one = runTrials({ parameters, driveA: 70e-6, seed, firstTrial: trial, trials: 1 }).switched;
      if (one !== switched) differ += 1;
    }
    expect(early.switched).toBeGreaterThan(0.35 * trials);
    expect(differ, `seed ${seed}`).toBeLessThanOrEqual(2);
  });
});
