/** The chip that can be built, in the ledger. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { choose } from '../../src/app/energy/built.ts';
import {
  buildChip,
  builtCurrents,
  type ChipChoice,
  chipParts,
  compare,
  estimateArray,
  headlineIntervals,
  parseAssumptions,
  parseParts,
  sensitivities,
} from '../../src/estimate/index.ts';
import { countEvents } from '../../src/golden/index.ts';
import { assumptionsText, assumptionsWith, smallDevice, smallDigital, twoNeurons } from './small.ts';

const partsText = readFileSync(new URL('../../models/chip/crossbars.json', import.meta.url), 'utf8');
const parts = parseParts(partsText, 'crossbars.json');
const plan = twoNeurons();
const pixels = Uint8Array.of(255, 0);
const events = countEvents(plan, pixels, { timeSteps: 3 });
const choice: ChipChoice = { ...parts.chosen, latchScale: 32 };
const assumptions = assumptionsWith();
const currents = builtCurrents(plan, smallDevice, assumptions, { parts, choice }, pixels, 3);
const inputs = {
  plan,
  events,
  device: smallDevice,
  digital: smallDigital,
  built: { parts, choice, currents },
};
const close = (found: number, expected: number) => expect(found / expected).toBeCloseTo(1, 9);

describe('the built chip in the ledger', () => {
  const { mtj, ratios, headline } = compare(inputs, assumptions);
  const chip = buildChip(plan, smallDevice, assumptions, parts, choice);
  const array = estimateArray(chip, plan, events, currents, smallDevice, assumptions, parts);

  it('has the energy, area and time that `chip` gives it', () => {
    close(mtj.analogJ, array.totalJ);
    close(mtj.area.totalM2, array.areaM2);
    close(mtj.latency.sharedS, array.latencyS);
    close(mtj.clampsJ, array.clampsJ);
    close(mtj.heavyMetalJ + mtj.driverJ - others('heavyMetalJ') - others('driverJ'), array.writeJ);
    close(headline.analogOnly, compare(inputs, assumptions).cmos.totalJ / array.totalJ);
    expect(ratios.wholeCore).toBeLessThan(compare({ ...inputs, built: undefined }, assumptions).ratios.wholeCore);
  });

  it('adds up, layer by layer and part by part', () => {
    for (const layer of mtj.layers) {
      const sum = chipParts.reduce((total, part) => total + layer[part], 0);
      if (layer.totalJ > 0) close(sum, layer.totalJ);
    }
    close(
      chipParts.reduce((total, part) => total + mtj[part], 0),
      mtj.analogJ,
    );
    const own = mtj.layers.find(({ name }) => name === 'layer')!;
    close(mtj.neuronsJ, own.totalJ - own.crossbarJ - own.rowsJ - own.clampsJ);
  });

  it('pays for a source that stays on', () => {
    const on = compare(inputs, assumptionsWith({ 'chip.biasExtraS': 3e-9, 'chip.pulseClockShare': 0 })).mtj;
    const off = compare(inputs, assumptionsWith({ 'chip.pulseClockShare': 0 })).mtj;
    // Six writes of the layer at 80 uA from 1.1 V.
    close(on.analogJ - off.analogJ, 6 * 80e-6 * 1.1 * 3e-9);
  });

  it('has the bars of its process beside those of the assumptions', () => {
    const file = parseAssumptions(assumptionsText, 'file');
    const bars = sensitivities(inputs, file);
    const rest = bars.find(({ name }) => name === 'clampRestShare')!;
    expect(rest.section).toBe('process');
    expect(rest.atLow.neuronsAndSynapses).toBeGreaterThan(rest.atHigh.neuronsAndSynapses);
    // What the chip computes itself is no assumption any more.
    for (const gone of ['crossbarRowV', 'virtualGroundJ', 'cellCapacitanceF', 'crosspointAreaM2'])
      expect(bars.map(({ name }) => name)).not.toContain(gone);
    const { headline: found } = compare(inputs, file);
    const without = bars.filter(({ section }) => section !== 'process');
    const key = 'stochastic.neuronsAndSynapses';
    expect(headlineIntervals(found, bars)[key]!.high).toBeGreaterThan(headlineIntervals(found, without)[key]!.high);
  });

  function others(part: 'heavyMetalJ' | 'driverJ') {
    return mtj.layers.filter(({ name }) => name !== 'layer').reduce((sum, layer) => sum + layer[part], 0);
  }
});

describe('which chip stands in the table', () => {
  const candidate = { plan, device: smallDevice, assumptions, events, eventPixels: pixels, parts };
  it('is the chosen one', () => {
    const { taken, refused } = choose({ ...candidate, parts: { ...parts, chosen: choice } });
    expect({ choice: taken?.built.choice, refused }).toEqual({ choice, refused: [] });
  });
  it('is the cheapest that can be built where the chosen one cannot, with the reason', () => {
    const wrong = { ...choice, rowV: 0.5 };
    const found = choose({ ...candidate, parts: { ...parts, chosen: wrong } });
    expect(found.refused.join()).toMatch(/disturb cells/);
    expect(found.taken!.built.choice.rowV).toBe(0.2);
  });
  it('is none where nothing can be built', () => {
    const wrong = { ...choice, rowV: 0.5 };
    const choices = { ...parts.choices, rowV: [0.5] };
    const found = choose({ ...candidate, parts: { ...parts, chosen: wrong, choices } });
    expect(found.taken).toBeUndefined();
    expect(found.refused.length).toBeGreaterThan(0);
    expect(choose({ ...candidate, plan: { ...plan, neuron: { kind: 'telegraph' } as never } }).taken).toBeUndefined();
  });
});
