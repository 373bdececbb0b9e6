/** The figures that are kept in generated/figures.json: which command says each, and where in its JSON. */

export interface Measurement {
  /** Of spinfire; `--json` is added. */
  readonly command: readonly string[];
  /** Where the result names its tools' versions: that of yosys, or a record of them. */
  readonly tools: string;
  /** Name, where it is in the result (`timing.fmaxMHz`), and its unit. */
  readonly figures: readonly (readonly [name: string, path: string, unit: string])[];
}

export const measurements: readonly Measurement[] = [
  {
    command: ['synth', 'digits', '--target', 'ice40'],
    tools: 'toolVersion',
    figures: [
      ['digits.ice40.luts', 'luts', 'LUT4'],
      ['digits.ice40.ffs', 'ffs', 'flip-flops'],
      ['digits.ice40.rams', 'rams', 'blocks of 4 kbit'],
    ],
  },
  {
    command: ['synth', 'digits', '--target', 'asic45'],
    tools: 'toolVersion',
    figures: [
      ['digits.asic45.cellArea', 'areaUm2', 'um2'],
      ['digits.asic45.memoryBits', 'memoryBits', 'bits'],
      ['digits.asic45.fmax', 'timing.fmaxMHz', 'MHz'],
    ],
  },
  {
    command: ['place', 'digits', '--board', 'icebreaker'],
    tools: 'tools',
    figures: [
      ['digits.icebreaker.fmax', 'fmaxMHz', 'MHz'],
      ['digits.icebreaker.luts', 'utilisation.luts.used', 'logic cells'],
    ],
  },
  {
    command: ['power', 'digits', '--target', 'asic45', '--mhz', '100', '--limit', '2', '--timesteps', '4'],
    tools: 'tools',
    figures: [
      ['digits.asic45.power', 'totalW', 'W at 100 MHz'],
      ['digits.asic45.energy', 'energyPerImageJ', 'J an image, T = 4'],
      ['digits.asic45.memoryArea', 'memoryAreaUm2', 'um2'],
    ],
  },
  {
    command: ['power', 'digits', '--target', 'ice40', '--board', 'icebreaker', '--limit', '2', '--timesteps', '4'],
    tools: 'tools',
    figures: [
      ['digits.icebreaker.power', 'powerW.typical', 'W'],
      ['digits.icebreaker.energy', 'energyPerImageJ.typical', 'J an image, T = 4'],
    ],
  },
];
