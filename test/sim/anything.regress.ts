/** 1,000 random networks with random options beside the interpreter, 40 of them in Verilator with the hostile stimulus, too. */
import { expect, it } from 'vitest';
import { runCampaign } from './anything/campaign.ts';
import { differenceInterpreted, differenceInVerilator } from './anything/run.ts';

it('1,000 random networks with random options: golden model and hardware agree', async () => {
  const tally = await runCampaign({ seed: 1605, cores: 1000, differs: differenceInterpreted });
  console.log(tally);
  expect(Math.min(...Object.values(tally.ran))).toBeGreaterThan(20);
}, 3_600_000);

it('40 random networks with random options: golden model and Verilog agree', async () => {
  console.log(await runCampaign({ seed: 4494, cores: 40, differs: differenceInVerilator }));
}, 3_600_000);
