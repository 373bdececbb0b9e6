/** Each monitor sees the fault that it is there for, and nothing on a healthy core. */
import { describe, expect, it } from 'vitest';
import { withRateLimits } from '../../src/app/index.ts';
import { buildHardware, buildLink, linkCore } from '../../src/core/index.ts';
import { countEvents } from '../../src/golden/index.ts';
import { interpret, type Simulation } from '../../src/hdl/index.ts';
import type { MonitorPlan, Plan } from '../../src/plan/index.ts';
import { type BusOperation, goldenReference, goldenResults, interpreterDut } from '../../src/sim/index.ts';
import { StimulusDriver } from '../../src/sim/stimulus.ts';
import { smallPlan } from './small-core.ts';
import { noise } from './temporary.ts';

const none: MonitorPlan = { abstain: null, rates: null, lockup: false, stall: null, activity: false };
const watching = (monitors: Partial<MonitorPlan>): Plan => ({ ...smallPlan(), monitors: { ...none, ...monitors } });
const pixels = noise(6 * 36, 1);
const STATUS = 33;

/** Every run ends with STATUS, then clears it and looks again. */
const look: readonly BusOperation[] = [
  { kind: 'read', address: STATUS },
  { kind: 'write', address: STATUS, data: 0xffffffff },
  { kind: 'read', address: STATUS },
];

interface Fault {
  /** Called before each clock. */
  readonly meddle?: (core: Simulation, cycle: number) => void;
  /** Clocks in which the sender is silent. */
  readonly silent?: readonly [number, number];
  /** Read before STATUS. */
  readonly reads?: readonly number[];
}

/** Six images through the hardware of a plan. */
function run(plan: Plan, { meddle, silent, reads = [] }: Fault = {}) {
  const core = interpret(buildHardware(plan));
  const dut = interpreterDut(core, goldenReference(plan).signals);
  const bus: BusOperation[] = [
    { kind: 'results', images: 6 },
    ...reads.map((address) => ({ kind: 'read' as const, address })),
    ...look,
  ];
  const driver = new StimulusDriver(
    { pixels, imageSize: 36, timeSteps: 4, bus: [{ kind: 'send', images: 6 }, ...bus] },
    6,
  );
  dut.reset();
  let alarmed = false;
  for (let cycle = 0; !driver.done; cycle += 1) {
    meddle?.(core, cycle);
    if (silent && cycle >= silent[0] && cycle < silent[1]) {
      dut.step({ timeSteps: 4, sAxisTdata: 0, sAxisTvalid: false, sAxisTlast: false, mAxisTready: true });
      continue;
    }
    driver.observe(dut.step(driver.drive()) as ReturnType<typeof goldenOutputs>);
    alarmed ||= core.peek('alarm') === 1n;
    if (cycle > 50_000) throw new Error('the core never finishes');
  }
  const answers = driver.busReads.slice(0, reads.length);
  const [status, cleared] = driver.busReads.slice(reads.length);
  return { core, results: driver.results, status: status!, cleared, alarmed, answers };
}
const goldenOutputs = (plan: Plan) =>
  goldenReference(plan).outputs({
    timeSteps: 1,
    sAxisTdata: 0,
    sAxisTvalid: false,
    sAxisTlast: false,
    mAxisTready: true,
  });

const leads = (scores: readonly number[]) => {
  const [best = 0, second = 0] = scores.toSorted((a, b) => b - a);
  return best - second;
};

describe('monitors', () => {
  it('an answer whose lead is too small says so, and is counted', () => {
    const margins = goldenResults(smallPlan(), { pixels, timeSteps: 4 }).map(({ scores }) => leads(scores));
    const below = margins.toSorted((a, b) => a - b)[3]!;
    const few = margins.filter((margin) => margin < below).length;
    const { results, status, cleared, alarmed, answers } = run(watching({ abstain: { below } }), { reads: [34, 35] });
    expect(results.map(({ abstains }) => abstains)).toEqual(margins.map((margin) => margin < below));
    expect(answers).toEqual([below, few]);
    // No alarm: it is an answer like others.
    expect({ few: few > 0, status, cleared, alarmed }).toEqual({ few: true, status: 1, cleared: 0, alarmed: false });
    expect(run(watching({ abstain: { below: 0 } })).status).toBe(0);
  });

  it.each([
    ['spikes all the time', 65535, 9],
    ['never spikes', 0, 8],
  ])('a layer that %s is seen by its rate', (_, code, bit) => {
    const healthy = withRateLimits(
      watching({
        rates: [
          { low: 0, high: 1 },
          { low: 0, high: 1 },
        ],
      }),
      pixels,
    );
    expect(run(healthy)).toMatchObject({ status: 0, alarmed: false });
    const [first, ...others] = healthy.layers;
    const neuron = { ...first!.neuron, table: new Array(64).fill(code) } as Plan['layers'][number]['neuron'];
    const { status, alarmed, cleared } = run({ ...healthy, layers: [{ ...first!, neuron }, ...others] });
    expect(status & (3 << 8)).toBe(1 << bit);
    expect({ alarmed, cleared }).toEqual({ alarmed: true, cleared: 0 });
  });

  it.each(['encoder', 'conv1_neurons', 'hidden_neurons'])(
    'a stream of the %s that stands still is started again',
    (block) => {
      const meddle = (core: Simulation, cycle: number) => {
        if (cycle === 200) core.upset(`${block}.seeder.seed`, 0n);
      };
      expect(run(watching({ lockup: true }))).toMatchObject({ status: 0, alarmed: false });
      const seen = run(watching({ lockup: true }), { meddle });
      expect(seen).toMatchObject({ status: 2, cleared: 0, alarmed: true });
      expect(seen.core.peek(`${block}.seeder.seed`)).not.toBe(0n);
      // Nobody watches: it stays for ever.
      expect(run(watching({ activity: true }), { meddle }).core.peek(`${block}.seeder.seed`)).toBe(0n);
    },
  );

  it('a sender that stops in the middle of an image is seen, and the answers are right nevertheless', () => {
    const plan = watching({ stall: { bits: 8 } });
    expect(run(plan)).toMatchObject({ status: 0, alarmed: false });
    const stopped = run(plan, { silent: [20, 20 + 300] });
    expect(stopped).toMatchObject({ status: 4, cleared: 0, alarmed: true });
    const expected = goldenResults(smallPlan(), { pixels, timeSteps: 4 }).map(({ scores }) => scores);
    expect(stopped.results.map(({ scores }) => scores)).toEqual(expected);
    // One clock less than the counter takes.
    expect(run(plan, { silent: [20, 20 + 254] }).status).toBe(0);
  });

  it('counts the spikes and time steps that the golden model counts', () => {
    const plan = watching({ activity: true });
    const layers = [0, 1].map((index) => 128 + 16 * index + 2);
    const { answers, status } = run(plan, { reads: [36, 38, ...layers] });
    const events = countEvents(smallPlan(), pixels, { timeSteps: 4 });
    expect(answers).toEqual([24, events.inputSpikes, ...events.layers.slice(0, 2).map(({ spikes }) => spikes)]);
    expect(status).toBe(0);
  });

  it('one wrong bit in any memory of weights or tables is seen within one check', () => {
    const CHECK = 39;
    const core = interpret(buildHardware(watching({ checksum: true })));
    core.reset();
    const access = (address: number, data?: number): number => {
      core.poke('wb_cyc', 1);
      core.poke('wb_stb', 1);
      core.poke('wb_adr', address);
      core.poke('wb_we', data === undefined ? 0 : 1);
      core.poke('wb_dat_w', data ?? 0);
      core.step();
      core.poke('wb_cyc', 0);
      const read = Number(core.peek('wb_dat_r'));
      core.step();
      return read;
    };
    const check = () => {
      const before = access(CHECK + 1);
      access(CHECK, 1);
      for (let clock = 0; access(CHECK) === 1; clock += 1) if (clock > 5000) throw new Error('the check never ends');
      return { checks: access(CHECK + 1) - before, wrong: access(CHECK + 2), status: access(STATUS) };
    };
    expect(check()).toEqual({ checks: 1, wrong: 0, status: 0 });
    for (const [bit, memory] of [
      'conv1.weights.contents',
      'conv1_neurons.lane[1].switching_table.contents',
      'hidden.weights.contents',
      'hidden_neurons.lane[0].switching_table.contents',
      'out.weights.contents',
    ].entries()) {
      const address = bit % 3;
      const good = core.peekMemory(memory, address);
      core.upset(memory, good ^ (1n << BigInt(bit)), address);
      expect(check()).toEqual({ checks: 1, wrong: 2 ** bit, status: 8 });
      expect(core.peek('alarm')).toBe(1n);
      core.upset(memory, good, address);
      expect(check()).toEqual({ checks: 1, wrong: 0, status: 8 });
      access(STATUS, 8);
      expect(core.peek('alarm')).toBe(0n);
    }
    // Nobody asks: it stands still, and the core's energy is its own again.
    const before = access(CHECK + 1);
    core.step(3000);
    expect(access(CHECK + 1)).toBe(before);
  });

  it('checks go on while images come, one after the other', () => {
    const { answers, status } = run(watching({ checksum: true }), { reads: [40, 41] });
    expect(answers[0]).toBeGreaterThan(0);
    expect({ wrong: answers[1], status }).toEqual({ wrong: 0, status: 0 });
  });

  it('the alarm of a core reaches the LED of its board', () => {
    const settings = { coreHash: 1, clockHz: 1e6, board: 'hx8k', clocksPerBit: 8 };
    const link = interpret(buildLink(linkCore(watching({ lockup: true }), settings)));
    link.reset();
    link.poke('serial_in', 1);
    link.step(3);
    expect(link.peek('alarm')).toBe(0n);
    link.poke('core_alarm', 1);
    link.step(2);
    expect(link.peek('alarm')).toBe(1n);
  });

  it('a core without work stands still: no register changes', () => {
    const { core } = run(watching({ abstain: { below: 3 }, activity: true, lockup: true, stall: { bits: 6 } }));
    const paths = goldenReference(watching({ activity: true }))
      .signals.map(({ path }) => path)
      .filter((path) => path.includes('.'));
    const before = paths.map((path) => core.peek(path));
    for (let clock = 0; clock < 200; clock += 1) {
      core.step();
      expect(paths.filter((path, i) => core.peek(path) !== before[i])).toEqual([]);
    }
  });
});
