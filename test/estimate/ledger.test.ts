import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { energyDevice, usualCurve, withDriver } from '../../src/app/index.ts';
import {
  logisticCurve,
  perpendicularMtj,
  readCurveFile,
  type SwitchingCurve,
  spinHallMtj,
} from '../../src/device/index.ts';
import { SpinfireError } from '../../src/errors/index.ts';
import {
  type ChipDevice,
  compare,
  estimateChip,
  headlineIntervals,
  ledgerTotal,
  parseAssumptions,
  sensitivities,
} from '../../src/estimate/index.ts';
import { countEvents } from '../../src/golden/index.ts';
import { temporaryFolder } from '../flow/fakes.ts';
import { assumptionsText, assumptionsWith, smallDevice, smallDigital, twoNeurons } from './small.ts';

const plan = twoNeurons();
const events = countEvents(plan, Uint8Array.of(255, 0), { timeSteps: 3 });
const inputs = { plan, events, device: smallDevice, digital: smallDigital };
const close = (found: number, expected: number) => expect(found / expected).toBeCloseTo(1, 9);

describe('the ledger', () => {
  it('holds every block of the CMOS core once, and charges the chip for what nobody modelled', () => {
    const { mtj, cmos, ledger, ratios, headline } = compare(inputs, assumptionsWith({ 'chip.pulseClockShare': 0 }));
    close(ledgerTotal(ledger, 'cmos'), cmos.totalJ);
    close(ledgerTotal(ledger, 'mtj'), mtj.totalJ);
    const of = (name: string) => ledger.find((line) => line.function === name)!;
    // The buffer's 2.1 pJ, the readout's 1.1 pJ and the top's 1.2 pJ; the encoder is done by devices.
    close(of('buffers, window selection').mtj.energyJ, 2.1e-12);
    close(of('sequencing').mtj.energyJ, 1.2e-12);
    close(of('readout').mtj.energyJ, 1.1e-12 + mtj.layers.at(-1)!.totalJ);
    close(of('encoder').mtj.energyJ, mtj.layers[0]!.totalJ);
    close(mtj.totalJ, mtj.analogJ + 2.1e-12 + 1.2e-12 + 1.1e-12);
    close(ratios.wholeCore, cmos.totalJ / mtj.totalJ);
    close(headline.analogOnly, cmos.totalJ / mtj.analogJ);
  });

  it('leaves the analog part alone where all shares are nothing', () => {
    const none = Object.fromEntries(
      ['imageMemory', 'buffers', 'pools', 'encoder', 'readout', 'sequencing', 'pulseClock'].map((name) => [
        `chip.${name}Share`,
        0,
      ]),
    );
    const { mtj } = compare(inputs, assumptionsWith(none));
    close(mtj.totalJ, mtj.analogJ);
  });

  it('shares the blocks of the core that it is compared with', () => {
    const integer = {
      core: {
        ...smallDigital,
        blocks: smallDigital.blocks.map((block) => ({ ...block, dynamicJ: block.dynamicJ / 2 })),
      },
      plan,
    };
    const { headline, integerEstimate, mtj } = compare(
      { ...inputs, integer },
      assumptionsWith({ 'chip.pulseClockShare': 0 }),
    );
    close(headline.integer!.wholeCore, integerEstimate!.totalJ / (mtj.analogJ + 1.6e-12 + 0.7e-12 + 0.6e-12));
    close(headline.integer!.neurons, integerEstimate!.neuronsJ / mtj.neuronsJ);
    // Two outputs of two inputs.
    const { headline: other } = compare(
      { ...inputs, integer },
      assumptionsWith({ 'cmos.macJ': 1e-12, 'chip.pulseClockShare': 0 }),
    );
    close(other.published, 4e-12 / (mtj.analogJ + 2.9e-12));
  });

  it('has an interval from all its bars, wider than any of them', () => {
    const file = parseAssumptions(assumptionsText, 'file');
    const bars = sensitivities(inputs, file);
    expect(bars.map(({ name }) => name)).toContain('buffersShare');
    const found = headlineIntervals(compare(inputs, file).headline, bars)['stochastic.wholeCore']!;
    for (const { atLow, atHigh, name } of bars) {
      expect(found.low, name).toBeLessThanOrEqual(Math.min(atLow.wholeCore, atHigh.wholeCore) * (1 + 1e-12));
      expect(found.high, name).toBeGreaterThanOrEqual(Math.max(atLow.wholeCore, atHigh.wholeCore) * (1 - 1e-12));
    }
    expect(headlineIntervals(compare(inputs, file).headline, [])['stochastic.wholeCore']).toEqual({
      value: found.value,
      low: found.value,
      high: found.value,
    });
  });
});

describe('devices of other kinds', () => {
  const chipOf = (curve: SwitchingCurve, telegraphS?: number) =>
    estimateChip(
      plan,
      events,
      { curve, parameters: spinHallMtj(), ...(telegraphS === undefined ? {} : { telegraphS }) },
      assumptionsWith(),
    );

  it('a curve over volts costs what the current through its resistance does', () => {
    const volts = { ...logisticCurve(0.08, 0.01, { unit: 'V' }), pulseS: 1e-9, writeResistanceOhm: 1000 };
    const amperes = { ...logisticCurve(80e-6, 10e-6), pulseS: 1e-9, writeResistanceOhm: 1000 };
    close(chipOf(volts).totalJ, chipOf(amperes).totalJ);
    expect(() => chipOf(logisticCurve(0.08, 0.01, { unit: 'V' }))).toThrow(/needs the resistance/);
  });

  it('the write driver reaches as far as the device needs: a measured one, 0.78 pJ a write where it was published', () => {
    const path = 'models/devices/sot-mtj-measured-0p75ns.csv';
    const curve = readCurveFile(readFileSync(path, 'utf8'), path, { where: { direction: 'P->AP' } });
    const device: ChipDevice = { curve, parameters: spinHallMtj() };
    const chip = estimateChip(plan, events, device, withDriver(assumptionsWith(), device));
    const { writeCurrentA, heavyMetalJ, counts } = chip.layers.find(({ name }) => name === 'layer')!;
    expect(writeCurrentA.clampedShare).toBe(0);
    expect(writeCurrentA.mean).toBeGreaterThan(1.1e-3);
    expect(heavyMetalJ / counts.writes / 0.78e-12).toBeCloseTo(1, 1);
    // P = 0.999 lies 6.9 slopes above P = 1/2, 895.7 mV of 23.5 mV each over 776 ohm.
    expect(chip.circuit.resetA).toBeGreaterThan(1.3e-3);
    const { driverMaxA } = withDriver(assumptionsWith(), device).chip;
    expect(driverMaxA.low).toBeLessThan(driverMaxA.value);
    expect(driverMaxA.high).toBeGreaterThan(driverMaxA.value);
  });

  it('a driver that somebody states is taken, or refused where it cannot switch the device', () => {
    const device: ChipDevice = {
      curve: { ...logisticCurve(400e-6, 20e-6), pulseS: 1e-9, writeResistanceOhm: 1000 },
      parameters: spinHallMtj(),
    };
    const stated = assumptionsWith({ 'chip.driverMaxA': 450e-6 });
    expect(withDriver(stated, device)).toBe(stated);
    expect(() => withDriver(assumptionsWith({ 'chip.driverMaxA': 250e-6 }), device)).toThrow(
      /cannot switch the device/,
    );
    const usual = withDriver(assumptionsWith(), { ...device, curve: usualCurve() });
    expect(usual.chip.driverMaxA.value).toBe(200e-6);
  });

  it('spin transfer writes through the junction, not through a strip', () => {
    const curve = { ...logisticCurve(30e-6, 3e-6), pulseS: 5e-9 };
    const { circuit } = estimateChip(plan, events, { curve, parameters: perpendicularMtj() }, assumptionsWith());
    // 15 ohm um2 over a circle of 40 nm.
    close(circuit.heavyMetalOhm, 15e-12 / (Math.PI * 20e-9 ** 2));
  });

  it('a telegraphic device is biased for its whole step, both ways, and never reset', () => {
    const curve = { ...logisticCurve(0, 3e-6), writeResistanceOhm: 1000 };
    const chip = chipOf(curve, 44e-6);
    const layer = chip.layers.find(({ name }) => name === 'layer')!;
    expect(chip.resetJ).toBe(0);
    // v0 = 5, v1 = -4, z = v / 4: 3.75 uA and -3 uA for 44 us through 1 kohm in three steps.
    close(layer.heavyMetalJ, 3 * 1000 * 44e-6 * (3.75e-6 ** 2 + 3e-6 ** 2));
    expect(chip.latency.stepS).toBeCloseTo(44e-6 + 0.5e-9, 12);
    expect(layer.writeCurrentA.clampedShare).toBe(0);
  });

  it('a measured curve brings its pulse and resistance, or is asked for them', async () => {
    const folder = temporaryFolder();
    const progress = { step: async <Result>(_: string, work: (tell: () => void) => Promise<Result>) => work(() => {}) };
    const complaint = async (text: string) => {
      writeFileSync(join(folder, 'own.csv'), text);
      try {
        await energyDevice(plan, { device: 'own.csv' }, { cwd: folder }, progress as never);
      } catch (error) {
        if (error instanceof SpinfireError) return error.message;
        throw error;
      }
      return 'no error';
    };
    const curve = 'I (uA),P\n60,0.1\n80,0.5\n100,0.9\n';
    expect(await complaint(curve)).toMatch(/needs its own pulse[\s\S]*write resistance[\s\S]*pulse/);
    expect(await complaint(`# pulse: 1 ns\n${curve}`)).toMatch(/without a resistance/);
    // Both there: the next check, whether the core was built for this device, speaks.
    expect(await complaint(`# pulse: 1 ns\n# write resistance: 1 kohm\n${curve}`)).toMatch(/of another device/);
  });
});
