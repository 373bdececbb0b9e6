/** What does not go together: the table refuses every pair of it, and the page shows the same table. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineCore, planCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { type AskedFor, checkFeatures, excludedBy, featureTable } from '../../src/plan/index.ts';

const plain: AskedFor = {
  ...{ encoding: 'direct', readout: 'potential', integer: false, device: false, telegraph: false, engines: ['window'] },
  ...{ timeLanes: 1, maxTimeSteps: 2, pixelLanes: 1, seeding: 'seeder', earlyExit: 'none', spikingLayers: 1 },
  ...{ carriesInput: false, rateWatch: false, lockupWatch: false, loads: false },
};

/** How to ask for each thing of the table, and for nothing else. */
const asking: Readonly<Record<string, Partial<AskedFor>>> = {
  'integer values in place of spikes': { integer: true, maxTimeSteps: 1 },
  'device behaviour': { device: true },
  'telegraphic neurons': { telegraph: true },
  'early exit': { earlyExit: 'margin' },
  'streams without a seeder': { seeding: 'none' },
  'Bernoulli encoding': { encoding: 'bernoulli' },
  'the count readout': { readout: 'count' },
  'direct encoding': { encoding: 'direct' },
  'a skip connection from the input': { carriesInput: true, encoding: 'bernoulli' },
  'several time lanes': { timeLanes: 2, maxTimeSteps: 4 },
  'several time steps': { maxTimeSteps: 2 },
  'all time steps in one pass': { timeLanes: 1, maxTimeSteps: 1 },
  'an event engine': { engines: ['event'] },
  'a wide engine': { engines: ['wide'] },
  'several pixels a beat': { pixelLanes: 2 },
  'several pixels a beat through the encoder': { pixelLanes: 2, encoding: 'bernoulli' },
  'a watch over spike rates': { rateWatch: true },
  'a watch over random streams': { lockupWatch: true },
  'weights that the host loads': { loads: true },
  'a core without a layer of neurons': { spikingLayers: 0 },
};

describe('what does not go together', () => {
  it.each(featureTable().map(({ one, other, reason }) => [one, other, reason] as const))(
    '%s and %s',
    (one, other, reason) => {
      let report = '';
      try {
        checkFeatures({ ...plain, ...asking[one], ...asking[other] });
      } catch (error) {
        report = (error as { report: string }).report;
      }
      expect(report).toContain(`${one} and ${other} do not go together`);
      expect(report).toContain(reason);
      expect(report).toMatch(/help: +(take|leave out|fold|put)/);
    },
  );

  it('and everything of it alone is taken', () => {
    for (const [words, more] of Object.entries(asking)) {
      // Pixels that come several at a time through an encoder are two things by themselves.
      expect(() => checkFeatures({ ...plain, ...more }), words).not.toThrow();
    }
  });

  it('tells the options of the command line what they do not go with', () => {
    expect(excludedBy('--sampling-ns')).toEqual(['--activation integer', '--realism']);
    expect(excludedBy('--activation integer')).toContain('--readout count');
    expect(excludedBy('--lanes')).toEqual([]);
    const page = readFileSync('docs/command-line.md', 'utf8');
    expect(page).toContain('looked at so often; not with --activation integer, --realism');
  });

  it('no pool stands behind the last layer, whatever reads it out', () => {
    const pooled = defineCore('pooled', (core) => {
      const image = core.input.image(4, 4, 1, { encoding: 'bernoulli' });
      const spikes = image
        .conv({ weights: [1], bias: [0] }, { kernel: 1 })
        .neurons({ curve: logisticCurve(70e-6, 12e-6) });
      core.readout.count(spikes.averagePool(2));
    });
    for (const readout of ['count', 'potential'] as const)
      expect(() => planCore({ ...pooled, readout })).toThrowError(
        expect.objectContaining({ report: expect.stringContaining('put a dense layer behind the pool') }),
      );
  });

  it('is on the page of the plan', () => {
    const rows = featureTable().map(({ one, other, reason }) => `| ${one} | ${other} | ${reason} |`);
    expect(readFileSync('docs/plan.md', 'utf8')).toContain(rows.join('\n'));
  });
});
