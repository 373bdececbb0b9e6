import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boardNames, boardTable, place, systemEnvironment } from '../../src/flow/index.ts';
import { clocksPerBit, pllSettings } from '../../src/flow/place/clocks.ts';
import { designName, readPlacementReport, signalPlaces } from '../../src/flow/place/report.ts';
import { fakeWorld, messageOf, temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
const sum = fileURLToPath(new URL('fixtures/sum', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Placement is an extra: nextpnr and icestorm need not be here. */
const canPlace = ['yosys', 'nextpnr-ice40', 'icepack'].every((tool) => environment.which(tool) !== undefined);

const design = { directory: sum, top: 'sum', verilogFiles: ['sum.v'], pixels: 16, timeSteps: { value: 5, bits: 3 } };

describe.runIf(canPlace)('place', () => {
  it('makes a bitstream, says how fast it is and where the time goes', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const line = readFileSync(join(sum, 'sum.v'), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('reg [31:0] squares'));
    const sourceMap = [{ file: 'sum.v', line: line + 1, place: 'src/core/sum.ts:7' }];
    const options = { ...design, board: 'icebreaker' as const, outputDirectory: folder, seeds: [1, 2], sourceMap };
    const result = await place(options, environment);
    expect(result).toMatchObject({ board: 'icebreaker', top: 'sum', clockMHz: 20.25, baud: 115200, cached: false });
    expect(result.fmaxMHz).toBe(Math.max(...result.seeds.map(({ fmaxMHz }) => fmaxMHz)));
    expect(result.seeds.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(result.timingMet).toBe(result.fmaxMHz >= 20.25);
    const { luts, rams, pins, plls } = result.utilisation;
    expect(luts?.available).toBe(boardTable.icebreaker.luts);
    expect(rams).toEqual({ used: 0, available: boardTable.icebreaker.rams });
    expect(result.utilisation.dsps?.available).toBe(boardTable.icebreaker.dsps);
    expect(luts?.used).toBeGreaterThan(100);
    expect(pins?.used).toBe(5);
    expect(plls?.used).toBe(1);
    // The multiplication into squares is the slowest by far.
    const delay = result.criticalPath.reduce((all, { delayNs }) => all + delayNs, 0);
    expect(delay).toBeCloseTo(1000 / result.fmaxMHz, 1);
    expect(result.criticalPath.at(-1)).toMatchObject({ kind: 'setup' });
    expect(result.criticalPath.find(({ signal }) => signal.startsWith('squares'))?.place).toBe('src/core/sum.ts:7');
    // iCE40UP5K bitstreams have 104,090 bytes.
    expect(result.bitstreamBytes).toBe(104_090);
    for (const file of Object.values(result.files)) expect(existsSync(join(result.directory, file))).toBe(true);
    expect(await place(options, environment)).toEqual({ ...result, cached: true });
  });

  it.each(['upduino', 'hx8k'] as const)('places on %s too', { timeout: 120_000 }, async (board) => {
    const options = { ...design, board, outputDirectory: temporaryFolder(), seeds: [1] };
    const result = await place(options, environment);
    expect(result.utilisation.luts?.available).toBe(boardTable[board].luts);
    expect(result.utilisation.rams?.available).toBe(boardTable[board].rams);
    expect(result.fmaxMHz).toBeGreaterThan(10);
  });
});

describe('boards', () => {
  it.each(boardNames)('%s has a pin for every port, and a reachable clock', (name) => {
    const ports = readFileSync(join(root, 'rtl-templates', 'boards', `${name}.v`), 'utf8');
    const inTop = [...ports.slice(0, ports.indexOf(');')).matchAll(/^\s+(?:input|output) +wire (\w+)/gm)].map(
      ([, p]) => p,
    );
    const pins = readFileSync(join(root, 'constraints', name, `${name}.pcf`), 'utf8');
    const set = [...pins.matchAll(/^set_io (\w+) (\w+)$/gm)];
    expect(set.map(([, port]) => port).sort()).toEqual(inTop.sort());
    expect(new Set(set.map(([, , pin]) => pin)).size).toBe(set.length);
    const board = boardTable[name];
    const { outputMHz } = pllSettings(board.clockMHz, board.coreMHz);
    expect(outputMHz).toBe(board.coreMHz);
    expect(clocksPerBit(outputMHz, board.baud)).toBeGreaterThan(8);
  });

  it('sets the PLL as icepll does', () => {
    // icepll -i 12 -o 20.25, -o 48 and -i 100 -o 50.
    expect(pllSettings(12, 20.25)).toEqual({ divr: 0, divf: 53, divq: 5, filterRange: 1, outputMHz: 20.25 });
    expect(pllSettings(12, 48)).toMatchObject({ divr: 0, divf: 63, divq: 4, filterRange: 1, outputMHz: 48 });
    expect(pllSettings(100, 50).outputMHz).toBe(50);
    expect(() => pllSettings(12, 300)).toThrow('the PLL cannot make this clock');
    expect(() => pllSettings(12, 10)).toThrow('the PLL cannot make this clock');
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
    expect(readPlacementReport(JSON.stringify(report), 'x')).toEqual({
      fmaxMHz: 9,
      utilisation: { luts: { used: 10, available: 5280 } },
      path: [
        { kind: 'clk-to-q', delayNs: 1.4, signal: 'a' },
        { kind: 'routing', delayNs: 2, signal: 'lane.acc_0[3]' },
        { kind: 'setup', delayNs: 0.5, signal: 'b' },
      ],
    });
  });

  it('refuses what it cannot read', () => {
    expect(() => readPlacementReport('', 'x')).toThrow('the report of nextpnr cannot be read');
    expect(() => readPlacementReport('{}', 'x')).toThrow('the report of nextpnr cannot be read');
    expect(() => readPlacementReport('{"fmax": {}, "utilization": {}}', 'x')).toThrow('nextpnr found no clock');
  });

  it('finds where signals come from', () => {
    const netnames = {
      'serial.core.acc': { attributes: { src: 'board.v:3.1-4.2|core.v:9.3-9.30|core.v:12.14-12.17' } },
      'serial.core.acc_SB_LUT4_O': { attributes: { src: '/usr/share/yosys/techmap.v:200.24-200.41' } },
      'serial.core.sum': { attributes: { src: 'core.v:1.1-9.2' } },
      clk: { attributes: { src: 'board.v:3.1-3.4' } },
    };
    const text = JSON.stringify({ modules: { board: { netnames } } });
    const places = signalPlaces(text, 'board', [{ file: 'core.v', line: 10, place: 'src/core/x.ts:5' }]);
    expect([...places]).toEqual([
      ['acc', 'src/core/x.ts:5'],
      ['clk', 'board.v:3'],
    ]);
    expect(designName('serial.core.a$glb_clk')).toBe('a');
  });

  it('names what does not fit', async () => {
    const fits = 'ERROR: Unable to place cell "serial.core.x_SB_LUT4", no Bels remaining of type ICESTORM_LC';
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
        'nextpnr-ice40': says('(Version 0.4-1+b1)', `echo '${fits}' >&2; exit 1`),
        icepack: 'echo "Usage: icepack"',
      },
      { env: {} },
    );
    const work = place(
      { ...design, board: 'icebreaker', outputDirectory: join(world.folder, 'out') },
      world.environment,
    );
    expect(await messageOf(work, world.folder)).toMatchInlineSnapshot(`
      "the design does not fit the board
        found:    Unable to place cell "serial.core.x_SB_LUT4", no Bels remaining of type ICESTORM_LC
        expected: at most 5280 LUTs, 30 block RAMs and 8 DSPs on iCEBreaker
        help:     build the core with fewer lanes, or with --fit for this board"
    `);
  });
});
