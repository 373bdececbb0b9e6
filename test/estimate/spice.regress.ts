/** One column and one neuron in ngspice against the formulas of the chip. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCore } from '../../src/app/index.ts';
import { arrayCircuit, readMargin, switchFilling, switchWidthM } from '../../src/estimate/array/circuit.ts';
import { effectiveConductances } from '../../src/estimate/array/network.ts';
import { cellConductances } from '../../src/estimate/array/tiles.ts';
import { valuesOf } from '../../src/estimate/assumptions.ts';
import { buildChip, type ChipChoice, parseParts } from '../../src/estimate/index.ts';
import { readEnergyJ } from '../../src/estimate/neuron.ts';
import { assumptionsWith, smallDevice } from './small.ts';

const missing = spawnSync('ngspice', ['--version']).error !== undefined;
if (missing)
  console.log('no ngspice here (apt-get install ngspice): the check of one column and one neuron is left out');

const parts = parseParts(
  readFileSync(new URL('../../models/chip/crossbars.json', import.meta.url), 'utf8'),
  'crossbars.json',
);
const choice: ChipChoice = {
  cell: 'rram',
  cellBits: 6,
  cellsPerWeight: 1,
  rowV: 0.2,
  tileRows: 128,
  pair: 'columns',
  driverOhm: 200,
  clampM2: 1e-12,
  clampMaxA: 4e-4,
  trimBits: 5,
  latchScale: 32,
  readV: 0.3,
  devices: 4,
};

/** Runs a netlist and returns what it prints as `name = value`. */
function spice(lines: readonly string[]): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-spice-'));
  try {
    writeFileSync(join(folder, 'circuit.cir'), `${['* spinfire', ...lines, '.end'].join('\n')}\n`);
    // It fails when a circuit asks for no plot; what it printed is what counts.
    const { stdout: text } = spawnSync('ngspice', ['-b', 'circuit.cir'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    return new Map(
      [...text.matchAll(/^(\S+)\s*=\s*([-+\d.eE]+)/gm)].map((found) => [found[1]!.toLowerCase(), Number(found[2])]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const near = (found: number | undefined, expected: number) => expect(found! / expected).toBeCloseTo(1, 1.3);
const within5 = (found: number | undefined, expected: number) => {
  expect(found, `expected ${expected}`).toBeDefined();
  expect(Math.abs(found! / expected - 1), `${found} for ${expected}`).toBeLessThan(0.05);
};

describe.skipIf(missing)('ngspice', () => {
  const { plan } = openCore('digits', { cwd: process.cwd() });
  const assumptions = assumptionsWith();
  const chip = buildChip(plan, smallDevice, assumptions, parts, choice);
  const layout = chip.layouts[1]!;
  const circuit = arrayCircuit(layout, chip.neuron, chip.cell, choice, parts.process);

  it('has the currents of every column of a tile', () => {
    const cells = cellConductances(layout, 0, chip.cell, choice, 1);
    const columns = cells[0]!.length;
    const wires = {
      row: circuit.segmentOhm,
      column: circuit.segmentOhm,
      driver: choice.driverOhm,
      clamp: circuit.clampOhm,
    };
    const reached = effectiveConductances(cells, wires);
    // Every third row spikes.
    const volts = (row: number) => (row % 3 === 0 ? choice.rowV : 0);
    const lines: string[] = [];
    cells.forEach((row, i) => {
      lines.push(`V${i} s${i} 0 ${volts(i)}`, `Rd${i} s${i} r${i}_0 ${wires.driver}`);
      row.forEach((conductance, j) => {
        // A cell that its spread took to nothing conducts nothing.
        if (conductance > 0) lines.push(`Rc${i}_${j} r${i}_${j} c${i}_${j} ${1 / conductance}`);
        if (j + 1 < columns) lines.push(`Rr${i}_${j} r${i}_${j} r${i}_${j + 1} ${wires.row}`);
        if (i + 1 < cells.length) lines.push(`Rk${i}_${j} c${i}_${j} c${i + 1}_${j} ${wires.column}`);
      });
    });
    const last = cells.length - 1;
    for (let j = 0; j < columns; j += 1) lines.push(`Rg${j} c${last}_${j} 0 ${wires.clamp}`);
    lines.push('.control', 'op', ...Array.from({ length: columns }, (_, j) => `print v(c${last}_${j})`), '.endc');
    const printed = spice(lines);
    for (let j = 0; j < columns; j += 1) {
      const current = printed.get(`v(c${last}_${j})`)! / wires.clamp;
      const ours = reached.reduce((sum, row, i) => sum + volts(i) * row[j]!, 0);
      expect(current / ours).toBeCloseTo(1, 4);
    }
  });

  it('has the time of a row, of a mirror and of the node that the devices share', () => {
    const { rowF, segmentOhm } = circuit;
    const cells = layout.layer.output.channels * 2;
    const row = Array.from({ length: cells }, (_, j) => [
      `R${j} n${j} n${j + 1} ${segmentOhm}`,
      `C${j} n${j + 1} 0 ${rowF / cells}`,
    ]).flat();
    const rowS = (choice.driverOhm + (segmentOhm * cells) / 2) * rowF;
    const at = spice([
      `V1 s 0 PULSE(0 1 0 1f 1f 1 2)`,
      `Rd s n0 ${choice.driverOhm}`,
      ...row,
      `.tran ${rowS / 200} ${8 * rowS}`,
      `.measure tran rise when v(n${cells})=0.63212`,
      '.control',
      'run',
      '.endc',
    ]);
    within5(at.get('rise'), rowS);
    const { neuron } = chip;
    const nodeS = switchFilling(neuron, parts.process, choice.devices);
    const drainF = choice.devices * switchWidthM(neuron, parts.process) * parts.process.drainFPerM;
    const node = spice([
      'I1 0 d PULSE(0 73u 0 1f 1f 1 2)',
      `C1 d 0 ${drainF}`,
      `Rs d h ${neuron.heavyMetalOhm * parts.process.switchShare}`,
      `Rh h 0 ${neuron.heavyMetalOhm}`,
      `.tran ${nodeS / 200} ${8 * nodeS}`,
      `.measure tran rise when v(h)=${73e-6 * neuron.heavyMetalOhm * 0.63212}`,
      '.control',
      'run',
      '.endc',
    ]);
    within5(node.get('rise'), nodeS);
  });

  it('has the mismatch of a mirror', () => {
    // Square-law transistors of overdrive 0.2 V, thresholds 2 mV apart.
    const k = 2e-4;
    const currents = spice([
      'Vd d 0 1.1',
      `Ir d g ${(k / 2) * 0.04}`,
      'M1 g g 0 0 one W=1u L=1u',
      'M2 o g 0 0 two W=1u L=1u',
      'Vo o 0 0.6',
      `.model one NMOS(LEVEL=1 VTO=0.3 KP=${k})`,
      `.model two NMOS(LEVEL=1 VTO=0.298 KP=${k})`,
      '.control',
      'op',
      'print i(Vo)',
      '.endc',
    ]);
    const error = -currents.get('i(vo)')! / ((k / 2) * 0.04) - 1;
    within5(error, (2 * 2e-3) / parts.process.overdriveV);
  });

  it('has the energy and the margin of a read, and the energy of a write', () => {
    const { neuron } = chip;
    const values = { ...valuesOf<'chip'>(assumptions.chip), readSupplyV: choice.readV, senseJ: 0 };
    const margin = readMargin(neuron, choice, parts.process, smallDevice.parameters);
    const { readS, writeS } = neuron;
    const read = (ohm: number) =>
      spice([
        `Vr a 0 PULSE(0 ${choice.readV} 10p 1p 1p ${readS} 1)`,
        `Rj a m ${neuron.referenceOhm}`,
        `Rm m 0 ${ohm}`,
        'Cm m 0 0.2f',
        `.tran 1p ${readS + 50e-12}`,
        `.measure tran charge integ i(Vr)`,
        `.measure tran level find v(m) at=${readS}`,
        '.control',
        'run',
        '.endc',
      ]);
    const [silent, spiked] = [read(neuron.parallelOhm), read(neuron.antiparallelOhm)];
    within5(-silent.get('charge')! * choice.readV, readEnergyJ(false, neuron, values));
    within5(-spiked.get('charge')! * choice.readV, readEnergyJ(true, neuron, values));
    within5((spiked.get('level')! - silent.get('level')!) / 2, margin.marginV);
    const currentA = 9e-5;
    const write = spice([
      'Vd d 0 1.1',
      `I1 d n PULSE(0 ${currentA} 10p 10p 10p ${writeS - 10e-12} 1)`,
      `Rs n h ${neuron.heavyMetalOhm * parts.process.switchShare}`,
      `Rh h 0 ${neuron.heavyMetalOhm}`,
      `.tran 0.5p ${writeS + 100e-12}`,
      '.measure tran charge integ i(Vd)',
      '.control',
      'run',
      '.endc',
    ]);
    within5(-write.get('charge')! * 1.1, currentA * 1.1 * writeS);
    near(chip.neuron.referenceOhm, Math.sqrt(neuron.parallelOhm * neuron.antiparallelOhm));
  });
});
