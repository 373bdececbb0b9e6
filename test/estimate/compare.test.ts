import { describe, expect, it } from 'vitest';
import {
  blockRole,
  breakEven,
  compare,
  digitalCore,
  estimateDigital,
  extremeRatios,
  runningCost,
  sensitivities,
} from '../../src/estimate/index.ts';
import { countEvents } from '../../src/golden/index.ts';
import { assumptionsWith, smallDevice, smallDigital, twoNeurons } from './small.ts';

const plan = twoNeurons();
const events = countEvents(plan, Uint8Array.of(255, 0), { timeSteps: 3 });
const inputs = { plan, events, device: smallDevice, digital: smallDigital };
const close = (found: number, expected: number) => expect(found / expected).toBeCloseTo(1, 6);

describe('a digital core', () => {
  it('is sorted into neurons, synapses and the rest', () => {
    expect(
      ['layer_neurons', 'layer', 'layer_buffer', 'layer_pool', 'encoder', 'readout', ''].map((name) =>
        blockRole(name, plan),
      ),
    ).toEqual(['neurons', 'synapses', 'rest', 'rest', 'rest', 'rest', 'rest']);
  });

  it('adds up by hand', () => {
    const estimate = estimateDigital(smallDigital, plan, assumptionsWith());
    close(estimate.totalJ, 24e-12);
    close(estimate.neuronsJ, 5.3e-12);
    close(estimate.neuronsAndSynapsesJ, 5.3e-12 + 12.2e-12);
    close(estimate.dynamicJ + estimate.leakageJ + estimate.memoryJ, estimate.totalJ);
    close(estimate.gatedJ, 24e-12 - 7e-12);
    close(estimate.areaM2, 1500e-12);
  });

  it('is scaled where its model is uncertain', () => {
    const assumptions = assumptionsWith({ 'cmos.wireScale': 1.5, 'cmos.clockTreeScale': 2, 'cmos.memoryScale': 0.5 });
    close(estimateDigital(smallDigital, plan, assumptions).totalJ, 3 * 12e-12 + 1e-12 + 0.5 * 11e-12);
  });

  it('has memories that leak as long as an image takes', () => {
    const leaking = estimateDigital(smallDigital, plan, assumptionsWith({ 'cmos.memoryLeakageW': 1e-8 }));
    // 80 bits for 100 cycles of 10 ns.
    close(leaking.totalJ, 24e-12 + 80 * 1e-8 * 1e-6);
    close(leaking.leakageJ, leaking.totalJ - leaking.dynamicJ - leaking.memoryJ);
  });

  it('comes from a power measurement: watts times the time of an image', () => {
    const core = digitalCore(
      'CMOS',
      {
        library: 'lib',
        voltage: 1.1,
        clockMHz: 100,
        images: 2,
        timeSteps: 3,
        cyclesPerImage: 1000,
        netlistHash: 'abc',
        areaUm2: 10,
        memoryAreaUm2: 20,
        idleW: 3e-4,
        modules: [
          { module: 'layer', internalW: 1e-3, switchingW: 5e-4, leakageW: 1e-4, memoryW: 2e-3, memoryBits: 512 },
          { module: '', internalW: 1e-4, switchingW: 0, leakageW: 0, memoryW: 0, memoryBits: 0 },
        ],
        memories: [{ reads: 2000, newReads: 500, accessJ: 1e-12 }],
        annotated: { cells: 10, measured: 9 },
        gating: { flipFlops: 40, gates: 5, meanOpen: 0.25 },
        tools: { yosys: '1' },
      },
      1500,
    );
    // 1,000 cycles at 100 MHz: 10 us.
    close(core.blocks[0]!.dynamicJ, 15e-9);
    close(core.blocks[0]!.leakageJ, 1e-9);
    close(core.blocks[0]!.memoryJ, 20e-9);
    close(core.gateableJ.clock, 3e-9 - 1e-9);
    expect(core.gateableJ.reads).toBe(0);
    close(core.latencyS, 15e-6);
    expect(core.blocks[0]!.memoryBits).toBe(512);
    expect(core.notes.join()).toMatch(/40 flip-flops behind 5 clock gates.* 25 %/);
  });
});

describe('the ratio', () => {
  const assumptions = assumptionsWith();
  const usual = compare(inputs, assumptions).ratios;

  it('is CMOS over MTJ, in three scopes', () => {
    const { mtj, cmos, ratios } = compare(inputs, assumptions);
    close(ratios.wholeCore, cmos.totalJ / mtj.totalJ);
    close(ratios.neurons, cmos.neuronsJ / mtj.neuronsJ);
    close(ratios.neuronsAndSynapses, cmos.neuronsAndSynapsesJ / mtj.neuronsAndSynapsesJ);
  });

  it('puts arrays in place of convolutions: an addition for each input that spikes, a multiplication for each input', () => {
    const layer = {
      ...plan.layers[0]!,
      kind: 'convolution' as const,
      engine: { kind: 'window', inputBanks: 2 } as never,
    };
    const convolution = { ...plan, layers: [layer] };
    const integer = { core: smallDigital, plan: convolution };
    const prices = assumptionsWith({ 'cmos.spikeAdditionJ': 1e-12, 'cmos.arrayMacJ': 2e-12 });
    const { headline, cmos, integerEstimate, mtj } = compare({ ...inputs, plan: convolution, integer }, prices);
    const synapsesJ = cmos.neuronsAndSynapsesJ - cmos.neuronsJ;
    // Three active inputs in an image, two outputs; two inputs in a pass without chance.
    close(headline.stochasticArray.wholeCore, (cmos.totalJ - synapsesJ + 6e-12) / mtj.totalJ);
    close(headline.eventDriven, headline.stochasticArray.wholeCore);
    close(headline.stochasticArray.neuronsAndSynapses, (cmos.neuronsJ + 6e-12) / mtj.neuronsAndSynapsesJ);
    close(headline.stochasticArray.neurons, headline.stochastic.neurons);
    close(
      headline.integerArray!.wholeCore,
      headline.integer!.wholeCore * (1 - (synapsesJ - 4 * 2e-12) / integerEstimate!.totalJ),
    );
    // An event engine has no silent inputs, and a dense layer's weights are each used once: nothing would stand still.
    close(compare(inputs, prices).headline.eventDriven, usual.wholeCore);
    const dense = { ...plan, layers: [{ ...layer, kind: 'dense' as const }] };
    close(compare({ ...inputs, plan: dense }, prices).headline.eventDriven, usual.wholeCore);
  });

  it('has a floor: an addition for each active input and output', () => {
    const { floor } = compare(inputs, assumptionsWith({ 'cmos.additionJ': 2e-14 }));
    expect(floor.additions).toBe(3 * 2);
    close(floor.energyJ, 6 * 2e-14);
  });

  it('moves with each assumption to both sides of itself, widest first', async () => {
    const { parseAssumptions } = await import('../../src/estimate/index.ts');
    const { assumptionsText } = await import('./small.ts');
    const file = parseAssumptions(assumptionsText, 'file');
    const bars = sensitivities(inputs, file);
    expect(bars.map(({ name }) => name)).toContain('memoryScale');
    // Area, time and money move no ratio of energies.
    expect(bars.map(({ name }) => name)).not.toContain('neuronAreaM2');
    for (const { name, atLow, atHigh } of bars) {
      const [least, most] = [atLow.wholeCore, atHigh.wholeCore].sort((a, b) => a - b) as [number, number];
      expect(least, name).toBeLessThanOrEqual(usual.wholeCore * (1 + 1e-12));
      expect(most, name).toBeGreaterThanOrEqual(usual.wholeCore * (1 - 1e-12));
    }
    const { least, most } = extremeRatios(inputs, file, bars);
    for (const { name, atLow, atHigh } of bars) {
      expect(least.wholeCore, name).toBeLessThanOrEqual(Math.min(atLow.wholeCore, atHigh.wholeCore) * (1 + 1e-9));
      expect(most.wholeCore, name).toBeGreaterThanOrEqual(Math.max(atLow.wholeCore, atHigh.wholeCore) * (1 - 1e-9));
    }
  });
});

describe('running cost', () => {
  const assumptions = assumptionsWith({
    'economics.imagesPerSecond': 10,
    'economics.batteryWh': 1,
    'economics.supplyEfficiency': 0.5,
    'economics.electricityPerKWh': 0.36,
    'economics.lifetimeYears': 1,
    'economics.units': 1000,
  });
  const part = {
    name: 'part',
    energyPerImageJ: 1e-3,
    imagesPerSecond: 1000,
    sleepW: 0,
    unitPrice: 2,
    development: 1000,
  };

  it('by hand', () => {
    const cost = runningCost(part, assumptions);
    // 10 images of 1 mJ a second through a converter of 50 %: 20 mW.
    close(cost.meanW, 0.02);
    close(cost.dutyCycle!, 0.01);
    close(cost.batteryYears, 3600 / 0.02 / (365.25 * 86400));
    // A million images of 2 mJ: 2 kJ.
    close(cost.kWhPerMillionImages, 2000 / 3.6e6);
    close(cost.moneyPerMillionImages, (2000 / 3.6e6) * 0.36);
    close(cost.pricePerUnit, 3);
  });

  it('breaks even when the saved electricity has paid the difference', () => {
    const dear = { ...part, name: 'dear', energyPerImageJ: 5e-4, unitPrice: 3 };
    const result = breakEven(dear, part, assumptions);
    // 0.5 mJ, doubled by the converter: 1 mJ or 1e-10 money an image.
    close(result.savedPerImage, 1e-10);
    close(result.images!, 1e10);
    close(result.years!, 1e9 / (365.25 * 86400));
    close(result.imagesPerSecondWithinLife!, 1e10 / (365.25 * 86400));
    expect(breakEven({ ...dear, energyPerImageJ: 2e-3 }, part, assumptions).images).toBeUndefined();
    expect(breakEven({ ...dear, unitPrice: 1 }, part, assumptions).images).toBe(0);
  });
});
