import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CurveFileOptions,
  calibrate,
  decodeText,
  readCurveFile,
  type SwitchingCurve,
  writeCurveFile,
} from '../../src/device/index.ts';
import { SpinfireError } from '../../src/errors/index.ts';

const read = (text: string, options?: CurveFileOptions) => readCurveFile(text, 'lab.csv', options);

/** The whole message of the error that reading raises. */
function complaint(text: string, options?: CurveFileOptions): string {
  try {
    read(text, options);
  } catch (error) {
    if (!(error instanceof SpinfireError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message;
  }
  return 'no error';
}

describe('a curve file', () => {
  it('is read with units, comments and counts', () => {
    const curve = read(
      '\uFEFF# temperature: 300 K\r\n# pulse: 0.5 ns\r\n# source: here\r\nI (µA);k;n\r\n10,5;3;10\r\n5;0;10\r\n',
    );
    expect(curve).toEqual({
      name: 'lab',
      unit: 'A',
      temperatureK: 300,
      pulseS: 0.5e-9,
      source: 'here',
      points: [
        { currentA: 5e-6, probability: 0, trials: 10, stderr: 0 },
        { currentA: 10.5e-6, probability: 0.3, trials: 10, stderr: Math.sqrt(0.021) },
      ],
    });
  });

  it('takes the only column in amperes or volts as the drive, whatever its name', () => {
    const curve = read('sep=;\r\nStrom (µA);P_sw\r\n10,5;0,3\r\n5;0\r\n');
    expect(curve.unit).toBe('A');
    expect(curve.points.map(({ currentA }) => currentA)).toEqual([5e-6, 10.5e-6]);
    expect(read('Spannung (mV),P\n500,0\n700,1\n').points[1]!.currentA).toBe(0.7);
    // Which of two?
    expect(complaint('Strom (mA),Leckstrom (nA),P\n1,2,0\n2,2,1\n')).toContain('no column for a current');
    expect(complaint('id,I50 (uA),slope (uA)\na,70,12\nb,75,11\n', { where: { id: 'a' } })).toContain('is a set');
  });

  it.each([
    ['current_uA,P_sw', 10, 'A', 10e-6, 0.25],
    ['Current [mA],P', 0.01, 'A', 10e-6, 0.25],
    ['I / uA\tp', 10, 'A', 10e-6, 0.25],
    ['V,psw', 0.9, 'V', 0.9, 0.25],
    ['Write Voltage (mV),Switching Probability (%)', 900, 'V', 0.9, 0.0025],
    ['"I_q (nA)","probability"', 10000, 'A', 10e-6, 0.25],
  ])('is understood with the header %s', (header, drive, unit, si, probability) => {
    const separator = header.includes('\t') ? '\t' : ',';
    const curve = read(`${header}\n${drive}${separator}0.25\n${2 * drive}${separator}0.75\n`);
    expect(curve.unit).toBe(unit);
    expect(curve.points[0]!.currentA).toBeCloseTo(si, 12);
    expect(curve.points[0]!.probability).toBeCloseTo(probability, 12);
  });

  it('takes pulse and temperature from columns, and percent from cells', () => {
    const curve = read('t_p (ns),T (°C),voltage_V,prob\n0.75,25,0.8,10%\n0.75,25,0.9,90 %\n');
    expect(curve).toMatchObject({ pulseS: 0.75e-9, temperatureK: 298.15 });
    expect(curve.points.map((point) => point.probability)).toEqual([0.1, 0.9]);
  });

  it('pools repeated drives by their trials', () => {
    const { points } = read('I_uA,P,n\n10,0.5,10\n20,0.9,10\n10,0.2,30\n');
    expect(points[0]).toMatchObject({ currentA: 10e-6, trials: 40 });
    expect(points[0]!.probability).toBeCloseTo(0.275, 12);
  });

  it('has its columns and units named by option', () => {
    const options = { columns: { voltage: 'U_set', probability: 'result' }, units: { voltage: 'mV' } };
    expect(read('U_set,result,V\n-800,0.9,3\n-700,0.1,4\n', { ...options, negate: true })).toMatchObject({
      unit: 'V',
      points: [
        { currentA: 0.7, probability: 0.1 },
        { currentA: 0.8, probability: 0.9 },
      ],
    });
  });

  it('holds several devices and directions, one picked', () => {
    const text = readFileSync(new URL('../../models/devices/sot-mtj-measured-0p75ns.csv', import.meta.url), 'utf8');
    const curve = read(text, { where: { direction: 'P->AP' } });
    expect(curve).toMatchObject({ unit: 'V', pulseS: 0.75e-9 });
    expect(curve.points).toHaveLength(12);
    expect(curve.points[5]).toEqual({ currentA: 0.9, probability: 0.5, trials: 100, stderr: 0.05 });
    expect(complaint(text)).toBe(
      [
        'the table holds more than one curve',
        "  at:       lab.csv, column 'direction'",
        '  found:    AP->P, P->AP',
        "  help:     pick one, e.g. --where 'direction=AP->P', or behind the file's name in any command: 'FILE,direction=AP->P'",
      ].join('\n'),
    );
    expect(complaint(text, { where: { direction: 'up' } })).toMatch(/no line has direction = up[\s\S]*AP->P, P->AP/);
    expect(complaint(text, { where: { way: 'up' } })).toMatch(/no column 'way'[\s\S]*device_id, direction, V/);
    expect(complaint('pulse_ns,I_uA,P\n1,1,0\n1,2,1\n2,1,0\n2,2,1')).toMatch(/more than one curve[\s\S]*'pulse_ns=1'/);
    expect(read('pulse_ns,I_uA,P\n1,1,0\n1,2,1\n2,1,0\n2,2,1', { where: { pulse_ns: '2.0' } }).pulseS).toBe(2e-9);
  });

  it.each([
    ['', /holds no table/],
    ['I_uA,P\n', /holds no table/],
    ['1,2\n3,4\n', /lab\.csv:1[\s\S]*must name the columns|must name the columns[\s\S]*lab\.csv:1/],
    ['I_uA,P\n1,0\n2\n', /another number of cells[\s\S]*lab\.csv:3[\s\S]*found: +1[\s\S]*expected: +2/],
    ['I_uA,P\n1,0\n2,abc\n', /a number was expected[\s\S]*lab\.csv:3, column 'P'[\s\S]*abc/],
    ['I_uA,P\n1,0\n,1\n', /lab\.csv:3, column 'I_uA'[\s\S]*an empty cell/],
    ['I_uA,P\n1,0\n2,1.2\n', /must lie in 0\.\.1[\s\S]*lab\.csv:3[\s\S]*percent/],
    ['I_uA,P\n1,0\n2,NaN\n', /a number was expected/],
    ['I (A),P\n40,0\n60,1\n', /no junction survives[\s\S]*lab\.csv:2[\s\S]*40 A[\s\S]*write the unit/],
    ['I,P\n40,0\n60,1\n', /in what unit the current is[\s\S]*column 'I'[\s\S]*40 \.\. 60[\s\S]*--unit current=uA/],
    ['t_p,I_uA,P\n0.5,1,0\n0.5,2,1\n', /in what unit the pulse is[\s\S]*--unit pulse=ns/],
    ['temperature,I_uA,P\n25,1,0\n25,2,1\n', /in what unit the temperature is/],
    ['I_uA,k,n\n1,0,10\n2,11,10\n', /between 0 and the trials[\s\S]*lab\.csv:3[\s\S]*11 of 10/],
    ['I_uA,k,n\n1,0,10\n2,1.5,10\n', /must be an integer/],
    ['I_uA,k,n\n1,0,0\n2,1,0\n', /must be a positive integer/],
    ['I_uA,k\n1,0\n2,1\n', /no column for a probability, or both/],
    ['x,P\n1,0\n2,1\n', /no column for a current or a voltage/],
    ['I_uA,V,P\n1,1,0\n2,2,1\n', /which one drives the device/],
    ['I_uA,P,p_sw\n1,0,0\n2,1,1\n', /two columns look like the probability/],
    ['I_uA,P\n1,0\n1,1\n', /two different drives/],
    ['# pulse: 3 bananas\nI_uA,P\n1,0\n2,1\n', /comment on the pulse[\s\S]*3 bananas/],
    ['# temperature: -3 K\nI_uA,P\n1,0\n2,1\n', /temperature must be positive/],
  ])('is refused with a place: %j', (text, message) => {
    expect(complaint(text)).toMatch(message);
  });

  it('refuses a unit of another kind', () => {
    expect(complaint('I,P\n1,0\n2,1\n', { units: { current: 'mV' } })).toMatch(/no unit of current[\s\S]*uA/);
  });

  const rows = ['20', '60', '80', '120'].map((drive, i) => [drive, `0.${i + 1}`]);
  const lines = (separator: string) => rows.map((row) => row.join(separator)).join('\n');
  it.each([
    ['# current (uA),P_sw\n', ','],
    ['# made by savetxt\n# current (uA) P_sw\n', ' '],
    ['sep=;\nI (uA);P\n', ';'],
    ['current(uA)   P_sw\n', '   '],
    ['I / uA   P\n', ' '],
    ['I;P;\n\n(uA);-;\n', ';'],
    ['I\tP\nuA\t\n', '\t'],
  ])('is read as laboratories write it: %j', (header, separator) => {
    expect(read(header + lines(separator)).points).toEqual(
      [20e-6, 60e-6, 80e-6, 120e-6].map((currentA, i) => ({ currentA, probability: (i + 1) / 10 })),
    );
  });

  it('reads UTF-16, Latin-1, U+2212 and FORTRAN exponents', () => {
    const text = 'I (µA),P\n\u22122,0.25\n+2.5D+00,0.5\n';
    const utf16 = Buffer.from(text, 'utf16le');
    const swapped = Buffer.from(utf16).swap16();
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]);
    const latin = Buffer.from(text.replace('\u2212', '-'), 'latin1');
    for (const bytes of [Buffer.from(text), utf16, swapped, marked, latin]) {
      expect(read(decodeText(bytes)).points).toEqual([
        { currentA: -2e-6, probability: 0.25 },
        { currentA: 2.5e-6, probability: 0.5 },
      ]);
    }
  });

  it('takes repeats and single pulses together', () => {
    const repeats = Array.from({ length: 20 }, () => '20,0\n60,0.4\n80,1').join('\n');
    expect(read(`I (uA),P\n${repeats}\n`).points.map((point) => point.probability)).toEqual([0, 0.4, 1]);
    const pulses = read('I (uA),switched\n20,0\n20,1\n20,0\n20,0\n30,1\n30,1\n');
    expect(pulses.points.map(({ probability, trials }) => [probability, trials])).toEqual([
      [0.25, 4],
      [1, 2],
    ]);
  });

  it('is read in time that grows with its length', () => {
    const text = (count: number) =>
      `I (uA),P\n${Array.from({ length: count }, (_, i) => `${20 + (i % 7)},${(i % 7) / 6}\n`).join('')}`;
    const [small, large] = [text(20_000), text(320_000)];
    const time = (whole: string) => {
      const start = process.cpuUsage();
      expect(read(whole).points).toHaveLength(7);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    time(small);
    // Sixteen times the lines: quadratic reading would take 256 times as long.
    expect(time(large) / time(small)).toBeLessThan(80);
    const distinct = Array.from({ length: 200_000 }, (_, i) => `${i},${i / 200_000}\n`).join('');
    expect(calibrate(read(`I (nA),P\n${distinct}`)).slopeA).toBeGreaterThan(0);
  });

  it('is named when it is not monotone', () => {
    const symmetric = [-3, -2, -1, 0, 1, 2, 3].map((i) => `${i},${Math.abs(i) / 3}`).join('\n');
    expect(complaint(`V (V),P\n${symmetric}\n`)).toMatch(/not monotone[\s\S]*take one polarity/);
    expect(read(`V (V),P\n${symmetric}\n`, { where: { 'V (V)': '0..' } }).points).toHaveLength(4);
    expect(read(`V (V),P\n${symmetric}\n`, { where: { 'V (V)': '-3..0' }, negate: true }).points).toHaveLength(4);
    const hop = 'I (uA),P,n\n10,0.02,1000\n20,0.5,1000\n30,0.95,1000\n40,0.5,1000\n';
    expect(complaint(hop)).toMatch(/P 0.950 at 0.00003 A, 0.500 at 0.00004 A: 26 standard errors/);
    expect(read(hop.replaceAll('1000', '100')).points).toHaveLength(4);
    expect(read(`# shape: not monotone\n${hop}`).notMonotone).toBe(true);
  });

  it('comes back as it was written', () => {
    const point = fc.record({
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      step: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 9 }),
        fc.boolean(),
        fc.boolean(),
        (steps, volts, counted) => {
          let drive = 0;
          const curve: SwitchingCurve = {
            name: 'a device',
            unit: volts ? 'V' : 'A',
            temperatureK: 311.5,
            pulseS: 0.75e-9,
            source: 'a test: seeded',
            points: [...steps]
              .sort((a, b) => a.probability - b.probability)
              .map(({ probability, step }) => {
                drive += step * 1e-6;
                return {
                  currentA: Number(drive.toPrecision(9)),
                  probability,
                  ...(counted ? { trials: 50, stderr: 0.125 } : {}),
                };
              }),
          };
          expect(read(writeCurveFile(curve))).toEqual(curve);
        },
      ),
      { seed: 4, numRuns: 100 },
    );
  });
});
