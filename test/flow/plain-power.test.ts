/** Internal power under conditions: OpenSTA is given none, and then counts by the law that internal-power.ts learns. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { powerAt } from '../../src/estimate/index.ts';
import { mappedCellPower, type SynthesisResult, systemEnvironment, usualLiberty } from '../../src/flow/index.ts';
import { editGroups } from '../../src/flow/timing/internal-power.ts';
import { withPlainPower } from '../../src/flow/timing/plain-power.ts';
import { temporaryFolder } from './fakes.ts';

function group(when: string, pin: string, ...values: readonly number[]): string {
  const tables = ['rise_power', 'fall_power'].map((name, i) => `${name} (scalar) { values ("${values[i]}"); }`);
  const told = [when === '' ? '' : `when : "${when}";`, pin === '' ? '' : `related_pin : "${pin}";`, ...tables];
  return `internal_power () { ${told.join(' ')} }`;
}

/** Two inverters and two flip-flops: one of each kind with conditions, of the same mean energies, pJ. */
const library = `library (two) {
  delay_model : table_lookup; time_unit : "1ns"; voltage_unit : "1V"; current_unit : "1mA"; leakage_power_unit : "1nW";
  capacitive_load_unit (1, pf); input_threshold_pct_rise : 50; input_threshold_pct_fall : 50; output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;
  slew_lower_threshold_pct_rise : 20; slew_lower_threshold_pct_fall : 20; slew_upper_threshold_pct_rise : 80; slew_upper_threshold_pct_fall : 80; pulling_resistance_unit : "1kohm"; nom_voltage : 1.1; nom_process : 1; nom_temperature : 25;
  ${['plain', 'conditional']
    .map((kind) => {
      const power = (pin: string, rise: number, fall: number) =>
        kind === 'plain'
          ? group('', pin, rise, fall)
          : `${group('A', pin, rise + 0.004, fall - 0.002)} ${group('!A', pin, rise - 0.004, fall + 0.002)}`;
      return `cell (INV_${kind}) { area : 1; cell_leakage_power : 0;
    pin (A) { direction : input; capacitance : 0.001; }
    pin (Y) { direction : output; function : "!A"; ${power('A', 0.01, 0.006)} } }
  cell (DFF_${kind}) { area : 1; cell_leakage_power : 0; ff (IQ, IQN) { next_state : "D"; clocked_on : "CK"; }
    pin (D) { direction : input; capacitance : 0.001; }
    pin (CK) { direction : input; clock : true; capacitance : 0.001; ${power('', 0.014, 0.002)} }
    pin (Q) { direction : output; function : "IQ"; } }`;
    })
    .join('\n')}
}
`;

describe('a library with conditions on its internal power', () => {
  it('is taken together by related pin, with the mean of the tables', () => {
    const { text, merged, unlike } = withPlainPower(library);
    expect({ merged, unlike }).toEqual({ merged: 4, unlike: 0 });
    expect(text).not.toMatch(/when/);
    expect(text.match(/internal_power/g)).toHaveLength(4);
    const [, plain, conditional] = text.split('cell (INV_');
    const numbers = (part: string) =>
      (part.split('cell (DFF')[0]!.match(/values[^)]*\)/g) ?? []).map((all) => Number(/-?[\d.]+/.exec(all)![0]));
    expect(numbers(conditional!)).toEqual(numbers(plain!));
    const wide =
      'pin (Y) { internal_power () { when : "A"; rise_power (t) { values ("1, 2", \\\n "3, 4"); } } internal_power () { when : "B"; rise_power (t) { values ("3, 4", "5, 6"); } } }';
    expect(withPlainPower(wide).text).toMatch(/values \("2\.0+, 3\.0+", "4\.0+, 5\.0+"\)/);
    const other = wide.replace('"3, 4", "5, 6"', '"1, 2"');
    expect(withPlainPower(other).unlike).toBe(1);
    // Nothing to do for FreePDK45: the same text.
    const usual = readFileSync(usualLiberty, 'utf8');
    expect(withPlainPower(usual)).toEqual({ text: usual, merged: 0, unlike: 0 });
  });

  it('draws what the same library draws without them', async () => {
    const folder = temporaryFolder();
    const usual = readFileSync(usualLiberty, 'utf8');
    // Each group of the file twice, under a condition and its contrary, with values above and below: the mean is the file's own.
    const scaled = (own: string, factor: number) =>
      own.replace(/values\s*\(([^)]*)\)/g, (all) =>
        all.replace(/-?\d+\.\d+/g, (number) => `${Number(number) * factor}`),
      );
    const conditional = editGroups(usual, /\binternal_power\s*\([^)]*\)\s*\{/g, (own) =>
      [
        ['A', 1.5],
        ['!A', 0.5],
      ]
        .map(([when, factor]) => scaled(own, factor as number).replace('{', `{ when : "${when}";`))
        .join('\n'),
    );
    writeFileSync(join(folder, 'conditional.lib'), conditional);
    writeFileSync(
      join(folder, 'netlist.v'),
      `module top(clk, a, y, q);\n  input clk, a;\n  output y, q;\n  INVX1 i (.A(a), .Y(y));\n  DFFPOSX1 r (.CLK(clk), .D(y), .Q(q));\nendmodule\n`,
    );
    const synthesis = {
      top: 'top',
      directory: folder,
      files: { verilog: 'netlist.v', log: '' },
    } as unknown as SynthesisResult;
    // A model of wires that the library would put on every net of its own accord: ten times a pin.
    const wire = 'wire_load ("long") { capacitance : 0.02; resistance : 0; slope : 1; fanout_length (1, 1); }';
    writeFileSync(
      join(folder, 'wires.lib'),
      usual.replace(
        /(nom_voltage[^;]*;)/,
        `$1\n  ${wire}\n  default_wire_load : "long";\n  default_wire_load_mode : enclosed;`,
      ),
    );
    const powerOf = async (liberty: string) => {
      const run = { synthesis, liberty, periodNs: 10, defaultActivity: 0.1, outputDirectory: folder };
      const { instances } = await mappedCellPower(run, systemEnvironment(process.env, process.cwd()));
      const inverter = powerAt(instances.get('i')!, 1);
      const clock = powerAt(instances.get('r')!, 0).internalW;
      return { inverter: inverter.internalW, charged: inverter.switchingW, clock };
    };
    const [plain, under] = [await powerOf(usualLiberty), await powerOf(join(folder, 'conditional.lib'))];
    expect(plain.inverter).toBeGreaterThan(0);
    // By hand from the file: the clock's rise and fall, -0.246 and 14.310 fJ in 10 ns.
    expect(plain.clock / 14.064e-7).toBeCloseTo(1, 2);
    expect(under.clock / plain.clock).toBeCloseTo(1, 4);
    expect(under.inverter / plain.inverter).toBeCloseTo(1, 4);
    const wired = await powerOf(join(folder, 'wires.lib'));
    expect(plain.charged).toBeGreaterThan(0);
    expect(wired.charged / plain.charged).toBeCloseTo(1, 6);
  });
});
