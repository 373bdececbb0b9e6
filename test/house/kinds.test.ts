/** What a kind of neuron costs the house: files outside its own folders that know the telegraphic neuron, as docs/telegraph.md counts them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** These know the device itself, which is older than the neuron: files of dwell times, and the energy of a junction that is never written. */
const ofTheDevice = [
  /^app\/(device-file|frontier|report-page|energy\/study)\.ts$/,
  /^cli\/(core-options|commands\/calibrate)\.ts$/,
  /^estimate\//,
];

const known = [
  'app/design.ts',
  'cli/design-options.ts',
  'core/index.ts',
  'core/neurons/index.ts',
  'device/index.ts',
  'golden/check/neurons.ts',
  'golden/cycle/neurons/index.ts',
  'golden/functional/neurons/index.ts',
  'plan/maker/neurons.ts',
  'plan/neurons/index.ts',
  'plan/schema/features.ts',
  'plan/schema/neuron.ts',
];

it('the telegraphic neuron is known to twelve files beside its folders', () => {
  const found = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/telegraph(\/|\.ts$)/.test(name))
    .filter((name) => !ofTheDevice.some((pattern) => pattern.test(name)))
    .filter((name) => /telegraph|samplingNs: \{/i.test(readFileSync(join('src', name), 'utf8')));
  expect(found.sort()).toEqual(known);
  expect(readFileSync('docs/telegraph.md', 'utf8')).toContain('twelve files');
});
