import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { storedSections } from '../../src/app/stored-results.ts';

it('shows of each target and board the newest result, and none of an earlier core', () => {
  const core = mkdtempSync(join(tmpdir(), 'spinfire-stored-'));
  onTestFinished(() => rmSync(core, { recursive: true }));
  const write = (path: string, value: object, seconds: number) => {
    const file = join(core, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
    utimesSync(file, seconds, seconds);
  };
  const synthesis = (luts: number) => ({ target: 'ice40', toolVersion: '0.23', luts, ffs: 1, rams: 2, dsps: 0 });
  write('plan.json', {}, 1000);
  write('build/synth/ice40-0a/result.json', synthesis(30), 1002);
  write('build/synth/ice40-0b/result.json', synthesis(20), 1001);
  write('build/synth/ecp5-0c/result.json', synthesis(10), 999);
  write('build/synth/activity-0d/result.json', { toggles: [] }, 1003);
  expect(storedSections({ directory: core, work: join(core, 'build') })).toEqual([
    {
      title: 'Area and timing',
      tables: [
        {
          columns: ['target', 'LUT', 'FF', 'RAM', 'DSP', 'cell area', 'clock', 'tool'],
          rows: [['ice40', '30', '1', '2', '0', '-', '-', 'yosys 0.23']],
        },
      ],
    },
  ]);
  const placed = {
    ...{ board: 'hx8k', clockMHz: 48, fmaxMHz: 40, timingMet: false, tools: { yosys: '0.23' } },
    utilisation: { luts: { used: 5, available: 7680 } },
    criticalPath: [{ signal: 'a' }, { signal: 'b' }],
  };
  write('build/place/hx8k-0e/result.json', placed, 1001);
  expect(storedSections({ directory: core, work: join(core, 'build') })[1]?.tables?.[0]?.rows).toEqual([
    ['hx8k', '40.0 MHz', '48 MHz MISSED', '5 of 7680', '0 of 0', 'a to b', 'yosys 0.23'],
  ]);
});
