/**
 * 1,000 random networks with random options beside the interpreter, 40 of them in Verilator with the hostile stimulus, too; in pieces with a seed
 * each (`vitest -t 'piece 3 of'` runs one). SPINFIRE_SEED chooses other networks.
 */
import { expect, it } from 'vitest';
import { shifted } from '../slice.ts';
import { runCampaign } from './anything/campaign.ts';
import { differenceInterpreted, differenceInVerilator } from './anything/run.ts';

const kindsRun = new Set<string>();

const pieces = (count: number) => Array.from({ length: count }, (_, piece) => piece + 1);

it.each(pieces(40))(
  'piece %i of 40, 1,000 random networks with random options: golden model and hardware agree',
  async (piece) => {
    const tally = await runCampaign({ seed: shifted(1604 + piece, 10_000), cores: 25, differs: differenceInterpreted });
    console.log(tally);
    for (const kind of Object.keys(tally.ran)) kindsRun.add(kind);
  },
  3_600_000,
);

it('every kind of neuron and of engine was among the 1,000', () => {
  expect([...kindsRun].sort()).toEqual(['device', 'event', 'ideal', 'integer', 'telegraph', 'wide', 'window']);
});

it.each(pieces(8))(
  'Verilog, piece %i of 8, 40 random networks with random options: golden model and Verilog agree',
  async (piece) => {
    console.log(await runCampaign({ seed: shifted(4493 + piece, 10_000), cores: 5, differs: differenceInVerilator }));
  },
  3_600_000,
);
