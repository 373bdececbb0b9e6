/** What a person reads of an energy study: which chip it is, what it has right, and what the table says. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { studyEnergy, studyMarkdown, studyText } from '../../src/app/index.ts';
import { parseAssumptions, parseParts } from '../../src/estimate/index.ts';
import { assumptionsText, smallDevice, smallDigital, twoNeurons } from '../estimate/small.ts';

const parts = parseParts(
  readFileSync(new URL('../../models/chip/crossbars.json', import.meta.url), 'utf8'),
  'crossbars.json',
);
const plan = twoNeurons();
const quiet = { step: async (_: string, work: (tell: () => void) => unknown) => work(() => {}) } as never;
const inputs = {
  plan,
  data: {
    pixels: Uint8Array.of(255, 0, 255, 0),
    labels: Uint8Array.of(0, 0),
    count: 2,
    rows: 1,
    columns: 2,
    notes: [],
  },
  timeSteps: 3,
  device: smallDevice,
  assumptions: parseAssumptions(assumptionsText, 'assumptions.json'),
  digital: smallDigital,
  integer: { core: smallDigital, plan },
};

it('names the chip that could be built, its accuracy, and the ratios beside the paper with their intervals', async () => {
  const chosen = { ...parts.chosen, latchScale: 32 };
  const study = await studyEnergy({ ...inputs, chip: { parts: { ...parts, chosen }, chips: 2 } }, quiet);
  expect(study.chip).toMatchObject({ kind: 'built', refused: [], choice: { cell: 'pcm', latchScale: 32 } });
  expect(study.chip.accuracy!.chips).toBe(2);
  const text = studyText(study);
  expect(text).toMatch(/MTJ chip {2,}\S+ [a-z]+J/);
  expect(text).toMatch(
    /stochastic CMOS \(measured\) +\S+x \(\S+x \.\. \S+x\) +\S+x \(\S+x \.\. \S+x\) +\S+x \(\S+x \.\. \S+x\)/,
  );
  expect(text).toMatch(/integer CMOS \(measured\) +\S+x \(/);
  expect(text).toMatch(/published accelerators, scaled \(assumed\)[^\n]*x \(/);
  expect(text).toMatch(/convolutions in an event-driven array \(measured netlist\)/);
  expect(text).toMatch(/array of standing weights \(measured netlist\)/);
  expect(text).toMatch(/the paper's abstract[^\n]*20x/);
  expect(text).toMatch(/not modelled/);
  expect(text).toMatch(/note: the chip is one that could be built[^\n]*cell pcm/);
  expect(studyMarkdown('two', study)).toMatch(/process\.clampRestShare/);
});

it('says loudly that a chip is on paper, and why', async () => {
  const choices = { ...parts.choices, rowV: [0.5] };
  const chosen = { ...parts.chosen, rowV: 0.5 };
  const study = await studyEnergy({ ...inputs, chip: { parts: { ...parts, chosen, choices }, chips: 1 } }, quiet);
  expect(study.chip.kind).toBe('paper');
  const text = studyText(study);
  expect(text).toMatch(/MTJ chip, on paper/);
  expect(text).toMatch(/THE CHIP IS ON PAPER/);
  expect(text).toMatch(/can be built: [^\n]*disturb cells/);
});
