/** A few of the random networks with random options of `npm run regress`, by the interpreter of the hardware. */
import { expect, it } from 'vitest';
import { runCampaign } from './anything/campaign.ts';
import { differenceInterpreted } from './anything/run.ts';

it('random networks with random options: golden model and hardware agree, and what is refused has a reason', async () => {
  const { ran } = await runCampaign({ seed: 21, cores: 12, differs: differenceInterpreted });
  expect(Object.keys(ran)).toEqual(expect.arrayContaining(['device', 'event', 'ideal', 'integer', 'window']));
});
