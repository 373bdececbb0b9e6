/** The figures that are kept in generated/figures.json: which command says each, and where in its JSON. */

export interface Measurement {
  /** Of spinfire; `--json` is added. */
  readonly command: readonly string[];
  /** Of spinfire too, run before it. */
  readonly first?: readonly string[];
  /** Where the result names its tools' versions: a record of them, or for each tool its own place. */
  readonly tools: string | Readonly<Record<string, string>>;
  /** Name, where it is in the result (`timing.fmaxMHz`), and its unit. */
  readonly figures: readonly (readonly [name: string, path: string, unit: string])[];
}

export const measurements: readonly Measurement[] = [
  {
    command: ['synth', 'digits', '--target', 'ice40'],
    tools: { yosys: 'toolVersion' },
    figures: [
      ['digits.ice40.luts', 'luts', 'LUT4'],
      ['digits.ice40.ffs', 'ffs', 'flip-flops'],
      ['digits.ice40.rams', 'rams', 'blocks of 4 kbit'],
    ],
  },
  {
    command: ['synth', 'digits', '--target', 'asic45'],
    tools: { yosys: 'toolVersion', opensta: 'timing.toolVersion' },
    figures: [
      ['digits.asic45.cellArea', 'areaUm2', 'um2'],
      ['digits.asic45.memoryBits', 'memoryBits', 'bits'],
      ['digits.asic45.fmax', 'timing.fmaxMHz', 'MHz'],
    ],
  },
  {
    command: ['place', 'digits', '--board', 'hx8k'],
    tools: 'tools',
    figures: [
      ['digits.hx8k.fmax', 'fmaxMHz', 'MHz'],
      ['digits.hx8k.luts', 'utilisation.luts.used', 'logic cells'],
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
  {
    first: [
      ...['build', 'models/digits-cnn.onnx', '--activation', 'integer', '--lanes', '44'],
      ...['-o', 'build/figures/integer', '--name', 'digits_integer'],
    ],
    command: ['energy', 'digits', '--integer', 'build/figures/integer', '--cmos-images', '1'],
    tools: 'tools',
    figures: [
      ['digits.mtj.energy', 'mtj.totalJ', 'J an image, T = 8'],
      ['digits.cmos.energy', 'cmos.totalJ', 'J an image, T = 8'],
      ['digits.integer.energy', 'integer.estimate.totalJ', 'J an image'],
      ['digits.energyRatio.wholeCore', 'ratios.wholeCore', 'CMOS over MTJ'],
      ['digits.energyRatio.neurons', 'ratios.neurons', 'CMOS over MTJ'],
      ['digits.energyRatio.integer', 'integer.ratios.wholeCore', 'CMOS integer over MTJ'],
      ['digits.energyRatio.eventDriven', 'headline.eventDriven', 'CMOS with event-driven arrays over MTJ'],
      ['digits.energyRatio.integerArray', 'headline.integerArray.wholeCore', 'CMOS integer in arrays over MTJ'],
    ],
  },
];
