/**
 * Computes the shipped curves of the default device again (models/devices), after a change of its physics: `npx tsx scripts/default-device.ts`. The one at
 * 300 K, which cores are built with, has its tails measured with up to 1,000,000 pulses a point; minutes on two cores.
 */
import { writeFileSync } from 'node:fs';
import { reportCurve, runCalibration, spinHallMtj, writeCurveFile } from '../src/device/index.ts';

const reconstructed = 'device reconstructed after arXiv:1605.04494';
const tailTrials = 1_000_000;

async function compute(
  temperatureK: number,
  tails: number,
  file: string,
  about: Readonly<Record<string, string>> = {},
) {
  const report = await runCalibration({ parameters: spinHallMtj({ temperatureK }), tailTrials: tails });
  const curve = reportCurve(report);
  writeFileSync(
    new URL(`../models/devices/${file}`, import.meta.url),
    writeCurveFile({ ...curve, source: `${curve.source}; ${reconstructed}`, ...about }),
  );
  console.log(`${file}: I50 ${(report.i50A * 1e6).toFixed(2)} uA, slope ${(report.slopeA * 1e6).toFixed(2)} uA`);
}

for (const temperatureK of [250, 300, 350, 400]) {
  await compute(temperatureK, 0, `spin-hall-family/${temperatureK}K-0p5ns.csv`);
}
await compute(300, tailTrials, 'spin-hall-300K-0p5ns.csv', { name: 'spin-hall-300K-0p5ns' });
