/** An energy study as tables: for the terminal, and with more of them for Markdown. */
import {
  type ChipLayer,
  chipParts,
  type DigitalEstimate,
  type HeadlineKey,
  paperRatio,
  type RatioInterval,
  type Sensitivity,
} from '../../estimate/index.ts';
import { markdownTable, type Table, type Tornado, textTable } from '../../report/index.ts';
import { percent } from '../accuracy.ts';
import type { EnergyStudy } from './study.ts';
import { economicTables, tradeTables } from './trade-tables.ts';
import { area, engineeringOf, joules, right, seconds, some, times } from './units.ts';

export function mainTable(study: EnergyStudy): Table {
  const { mtj, cmos, integer } = study;
  return {
    title: `Energy of an image, T = ${study.timeSteps}, mean of real images`,
    columns: ['', 'energy', 'neurons', 'neurons and synapses', 'area', 'latency', 'accuracy'],
    rows: [
      [
        study.chip.kind === 'built' ? 'MTJ chip' : 'MTJ chip, on paper',
        joules(mtj.totalJ),
        joules(mtj.neuronsJ),
        joules(mtj.neuronsAndSynapsesJ),
        area(mtj.area.totalM2),
        mtj.latency.unrolledS === undefined
          ? seconds(mtj.latency.sharedS)
          : `${seconds(mtj.latency.sharedS)} (${seconds(mtj.latency.unrolledS)} unrolled)`,
        chipRight(study),
      ],
      [
        'CMOS stochastic',
        joules(cmos.totalJ),
        joules(cmos.neuronsJ),
        joules(cmos.neuronsAndSynapsesJ),
        area(cmos.areaM2),
        seconds(cmos.latencyS),
        right(study.accuracy),
      ],
      ...(integer === undefined
        ? []
        : [
            [
              'CMOS integer',
              joules(integer.estimate.totalJ),
              joules(integer.estimate.neuronsJ),
              joules(integer.estimate.neuronsAndSynapsesJ),
              area(integer.estimate.areaM2),
              seconds(integer.estimate.latencyS),
              right(integer.accuracy),
            ],
          ]),
    ],
  };
}

/** What the drawn chips have right; on paper nobody has drawn one, so it is the core's. */
function chipRight({ chip, accuracy }: EnergyStudy): string {
  if (chip.accuracy === undefined) return right(accuracy);
  const { mean, deviation, chips } = chip.accuracy;
  return chips < 2 ? percent(mean) : `${percent(mean)} +- ${(100 * deviation).toFixed(2)}`;
}

const interval = (found: RatioInterval | undefined) =>
  found === undefined ? '-' : `${times(found.value)} (${times(found.low)} .. ${times(found.high)})`;

/** The small table: what the chip is compared with, in three scopes, each with what all bars together make of it. */
export function ratioTable({ intervals, extremes }: EnergyStudy): Table {
  const row = (name: string, keys: readonly (HeadlineKey | undefined)[]) => [
    name,
    ...keys.map((key) => (key === undefined ? '-' : interval(intervals[key]))),
  ];
  const integer =
    intervals['integer.wholeCore'] === undefined
      ? []
      : [
          row('integer CMOS (measured)', ['integer.neurons', 'integer.neuronsAndSynapses', 'integer.wholeCore']),
          row('the same, convolutions in an array of standing weights (measured netlist)', [
            undefined,
            'integerArray.neuronsAndSynapses',
            'integerArray.wholeCore',
          ]),
        ];
  const { least, most } = extremes;
  return {
    title: 'CMOS energy over MTJ energy (all bars as independent errors)',
    columns: ['against', 'neuron', 'synapse and neuron', 'whole chip'],
    rows: [
      row('stochastic CMOS (measured)', [
        'stochastic.neurons',
        'stochastic.neuronsAndSynapses',
        'stochastic.wholeCore',
      ]),
      row('the same, no idle clock and no repeated read at all (computed bound)', [undefined, undefined, 'gated']),
      row('the same, convolutions in an event-driven array (measured netlist)', [
        undefined,
        'stochasticArray.neuronsAndSynapses',
        'eventDriven',
      ]),
      ...integer,
      row('published accelerators, scaled (assumed)', [undefined, undefined, 'published']),
      row('stochastic CMOS, nothing but the analog part on the chip', [undefined, undefined, 'analogOnly']),
      [
        'stochastic CMOS, every assumption at its worst .. best',
        ...(['neurons', 'neuronsAndSynapses', 'wholeCore'] as const).map(
          (key) => `${times(least[key])} .. ${times(most[key])}`,
        ),
      ],
      ["the paper's abstract, against its own 45 nm baseline", '', '', `${paperRatio}x`],
    ],
  };
}

export function ledgerTable({ ledger }: EnergyStudy): Table {
  const total = (side: 'mtj' | 'cmos') => joules(ledger.reduce((sum, line) => sum + line[side].energyJ, 0));
  return {
    title: 'Both sides of the ledger, energy of an image',
    columns: ['function', 'MTJ chip', 'by', 'figure is', 'stochastic CMOS', 'by'],
    rows: [
      ...ledger.map((line) => [
        line.function,
        joules(line.mtj.energyJ),
        line.mtj.by,
        line.mtj.basis,
        joules(line.cmos.energyJ),
        line.cmos.by,
      ]),
      ['all', total('mtj'), '', '', total('cmos'), ''],
    ],
  };
}

const partNames = {
  heavyMetalJ: 'heavy metal',
  driverJ: 'driver',
  readJ: 'read',
  resetJ: 'reset',
  crossbarJ: 'crossbar',
  rowsJ: 'row wires',
  clampsJ: 'clamps',
  peripheryJ: 'periphery',
} as const;

export function chipTable({ mtj }: EnergyStudy): Table {
  const row = (name: string, layer: Pick<ChipLayer, (typeof chipParts)[number] | 'totalJ'>) => [
    name,
    ...chipParts.map((part) => joules(layer[part])),
    joules(layer.totalJ),
  ];
  return {
    title: 'Analog part of the MTJ chip, energy of an image',
    columns: ['', ...chipParts.map((part) => partNames[part]), 'all'],
    rows: [...mtj.layers.map((layer) => row(layer.name, layer)), row('all', { ...mtj, totalJ: mtj.analogJ })],
  };
}

export function countTable({ mtj }: EnergyStudy): Table {
  const micro = (value: number) => (value * 1e6).toFixed(1);
  return {
    title: 'Events of an image, counted on real images, and the write currents that its potentials ask for',
    columns: ['', 'writes', 'reads', 'spikes', 'resets', 'active rows', 'mean current, uA', 'deviation, uA', 'clamped'],
    rows: mtj.layers
      .filter(({ counts }) => counts.reads + counts.activeRows > 0)
      .map(({ name, counts, writeCurrentA }) => [
        name,
        ...[counts.writes, counts.reads, counts.spikes, counts.resets, counts.activeRows].map(some),
        ...(counts.writes === 0
          ? ['-', '-', '-']
          : [micro(writeCurrentA.mean), micro(writeCurrentA.deviation), percent(writeCurrentA.clampedShare, 1)]),
      ]),
  };
}

function digitalTables({ cmos, integer }: EnergyStudy): Table[] {
  const stochastic = digitalTable('CMOS stochastic', cmos);
  return integer === undefined ? [stochastic] : [stochastic, digitalTable('CMOS integer', integer.estimate)];
}

function digitalTable(name: string, cmos: DigitalEstimate): Table {
  return {
    title: `${name} core, energy of an image (${some(cmos.cyclesPerImage)} cycles at ${cmos.clockHz / 1e6} MHz, ${cmos.images} images)`,
    columns: ['block', 'counted as', 'cells', 'leakage', 'memories', 'all'],
    rows: [
      ...cmos.blocks.map((block) => [
        block.name === '' ? '(top)' : block.name,
        block.role,
        joules(block.dynamicJ),
        joules(block.leakageJ),
        joules(block.memoryJ),
        joules(block.totalJ),
      ]),
      ['all', '', joules(cmos.dynamicJ), joules(cmos.leakageJ), joules(cmos.memoryJ), joules(cmos.totalJ)],
    ],
  };
}

function sensitivityTable(bars: readonly Sensitivity[]): Table {
  return {
    title: 'What each assumption does to the ratio (low end .. high end)',
    columns: ['assumption', 'value', 'low', 'high', 'whole core', 'neurons and synapses', 'neurons'],
    rows: bars.map(({ section, name, assumption, atLow, atHigh }) => [
      `${section}.${name}`,
      ...[assumption.value, assumption.low, assumption.high].map((value) => engineeringOf(value, assumption.unit)),
      ...(['wholeCore', 'neuronsAndSynapses', 'neurons'] as const).map(
        (key) => `${times(atLow[key])} .. ${times(atHigh[key])}`,
      ),
    ]),
  };
}

/** Why the ratio is not the paper's: what we know of the paper, and what ours rests on. */
export function caveats({ mtj, cmos, device, chip }: EnergyStudy): string[] {
  const share = (part: number) => percent(part / mtj.analogJ, 0);
  return [
    `device: ${device}; its parameters are reconstructed, not confirmed in the paper's text`,
    `of the paper only the abstract's ${paperRatio}x against a 45 nm CMOS baseline is known; its component energies and its baseline's design are not, so a difference cannot be taken apart`,
    `of the analog energy ${share(mtj.heavyMetalJ)} is I^2 R t in the heavy metal; ${share(mtj.driverJ + mtj.resetJ)} is spent by sources at the supply, ${share(mtj.crossbarJ)} in the crossbars, ${share(mtj.clampsJ)} in their clamps, ${share(mtj.peripheryJ)} in periphery that is assumed, not designed`,
    ...chipNotes(chip),
    'what nobody has modelled on the chip (image memory, buffers, readout logic, sequencing) is charged as the measured CMOS block; its bar reaches from nothing to that block',
    ...cmos.notes.map((note) => `CMOS: ${note}`),
  ];
}

function chipNotes(chip: EnergyStudy['chip']): string[] {
  const reasons = chip.refused.slice(0, 4).join('; ');
  if (chip.kind === 'paper') {
    return [
      'THE CHIP IS ON PAPER: crossbars without wire resistance, columns that take any current, conductances without spread; spinfire chip says what those do',
      ...(reasons === '' ? [] : [`none of the chips that were tried can be built: ${reasons}`]),
    ];
  }
  const words = Object.entries(chip.choice).map(([name, value]) => `${name} ${value}`);
  return [
    `the chip is one that could be built (spinfire chip): ${words.join(', ')}; energy, area and accuracy are of this same chip, its accuracy counted with its own sums`,
    ...(reasons === '' ? [] : [`the chosen chip cannot be built, this is the cheapest that can: ${reasons}`]),
  ];
}

/** An energy study for the terminal: its tables as text, then what the figures leave out, as paragraphs. */
export function studyText(study: EnergyStudy): string {
  return [
    textTable(mainTable(study)),
    textTable(ratioTable(study)),
    textTable(ledgerTable(study)),
    textTable(chipTable(study)),
    textTable(countTable(study)),
    ...digitalTables(study).map(textTable),
    ...tradeTables(study).map(textTable),
    ...economicTables(study).map(textTable),
    caveats(study)
      .map((line) => `note: ${line}`)
      .join('\n'),
  ].join('\n\n');
}

/** All tables and notes, for a page. */
export function studyTables(study: EnergyStudy): {
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
} {
  const tables = [
    mainTable(study),
    ratioTable(study),
    ledgerTable(study),
    chipTable(study),
    countTable(study),
    ...digitalTables(study),
  ];
  return {
    tables: [...tables, sensitivityTable(study.bars), ...tradeTables(study), ...economicTables(study)],
    notes: caveats(study),
  };
}

/** An energy study as Markdown, with all tables. */
export function studyMarkdown(name: string, study: EnergyStudy): string {
  return [
    `# Energy of ${name}`,
    markdownTable(mainTable(study)),
    markdownTable(ratioTable(study)),
    markdownTable(ledgerTable(study)),
    markdownTable(chipTable(study)),
    markdownTable(countTable(study)),
    ...digitalTables(study).map(markdownTable),
    markdownTable(sensitivityTable(study.bars)),
    ...tradeTables(study).map(markdownTable),
    ...economicTables(study).map(markdownTable),
    caveats(study)
      .map((line) => `- ${line}`)
      .join('\n'),
    '',
  ].join('\n\n');
}

/** Bars of the chart: assumptions that move the ratio by at least a per cent. */
export function studyTornado(name: string, study: EnergyStudy): Tornado {
  const width = ({ atLow, atHigh }: Sensitivity) => Math.abs(Math.log(atLow.wholeCore / atHigh.wholeCore));
  return {
    title: `${name}: CMOS energy over MTJ energy, whole core`,
    subtitle: 'Each assumption alone, from its low to its high end',
    xTitle: 'ratio',
    value: study.ratios.wholeCore,
    reference: { value: paperRatio, name: "the paper's" },
    bars: study.bars
      .filter((bar) => width(bar) >= 0.01)
      .sort((a, b) => width(b) - width(a))
      .map(({ section, name: own, assumption, atLow, atHigh }) => ({
        name: `${section}.${own}`,
        atLow: atLow.wholeCore,
        atHigh: atHigh.wholeCore,
        low: engineeringOf(assumption.low, assumption.unit),
        high: engineeringOf(assumption.high, assumption.unit),
      })),
  };
}
