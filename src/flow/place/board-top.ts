/** The top of a board: pins, PLL and reset around a core and its link, as Verilog. */
import type { Board } from './boards.ts';
import type { ClockSettings } from './clocks.ts';

/** What the top must know of the core. */
export interface LinkedCore {
  readonly name: string;
  readonly timeStepBits: number;
  readonly exitMarginBits: number | undefined;
  /** Width of the register bus's address, where the core has one. */
  readonly busBits: number | undefined;
  /** It watches over itself and has an alarm. */
  readonly hasMonitors: boolean;
}

/** One module `board`, which instantiates `<core>`, `<core>_link`, `board_reset` and the PLL. */
export function boardTop(board: Board, core: LinkedCore, clock: ClockSettings): string {
  const { pins } = board;
  const ports = [
    `  input  wire ${pins.clock}`,
    ...(pins.button ? [`  input  wire ${pins.button.port}`] : []),
    '  input  wire serial_in',
    '  output wire serial_out',
    ...Object.keys(pins.constants ?? {}).map((port) => `  output wire ${port}`),
    ...[pins.running, pins.alarm].flatMap((led) => (led ? [`  output wire ${led.port}`] : [])),
  ];
  const level = (signal: string, low: boolean | undefined) => (low ? `!${signal}` : signal);
  const lines = [
    '`default_nettype none',
    '',
    `// ${board.title} with the core ${core.name}: PLL, reset, serial link, core.`,
    'module board (',
    `${ports.join(',\n')}\n);`,
    '',
    '  wire clk;',
    '  wire locked;',
    '  wire rst;',
    '',
    ...pllLines(board, clock),
    '',
    '  board_reset board_reset (',
    '    .clk(clk),',
    '    .locked(locked),',
    `    .button(${pins.button ? level(pins.button.port, pins.button.low) : "1'b0"}),`,
    '    .rst(rst)',
    '  );',
    '',
    ...coreLines(core),
    '',
    ...Object.entries(pins.constants ?? {}).map(([port, value]) => `  assign ${port} = 1'b${value};`),
    ...(pins.running ? [`  assign ${pins.running.port} = ${level('locked', pins.running.low)};`] : []),
    ...(pins.alarm ? [`  assign ${pins.alarm.port} = ${level('alarm', pins.alarm.low)};`] : []),
    '',
    'endmodule',
    '',
    '`default_nettype wire',
    '',
  ];
  return lines.join('\n');
}

function coreLines({ name, timeStepBits, exitMarginBits, busBits, hasMonitors }: LinkedCore): string[] {
  const wire = (bits: number, wireName: string) => `  wire ${bits > 1 ? `[${bits - 1}:0] ` : ''}${wireName};`;
  const shared: [string, number][] = [
    ['time_steps', timeStepBits],
    ...(exitMarginBits === undefined ? [] : [['exit_margin', exitMarginBits] as [string, number]]),
    ...([
      ['skip_image', 1],
      ['image_dropped', 1],
      ['s_axis_tdata', 8],
      ['s_axis_tvalid', 1],
      ['s_axis_tready', 1],
    ] as [string, number][]),
    ...([
      ['s_axis_tlast', 1],
      ['s_axis_tuser', 1],
      ['m_axis_tdata', 32],
      ['m_axis_tvalid', 1],
    ] as [string, number][]),
    ...([
      ['m_axis_tready', 1],
      ['m_axis_tlast', 1],
    ] as [string, number][]),
  ];
  const connections = (list: readonly (readonly [string, string])[]) =>
    list.map(([port, value]) => `    .${port}(${value})`).join(',\n');
  const same = shared.map(([port]) => [port, port] as const);
  const bus = busBits !== undefined;
  const linkBus = ['access', 'write', 'address', 'write_data', 'read_data', 'ack'].map(
    (p) => [`core_bus_${p}`, `bus_${p}`] as const,
  );
  return [
    ...shared.map(([port, bits]) => wire(bits, port)),
    ...(bus
      ? [
          '  wire bus_access;',
          '  wire bus_write;',
          `  wire [${busBits - 1}:0] bus_address;`,
          '  wire [31:0] bus_write_data;',
        ]
      : []),
    ...(bus ? ['  wire [31:0] bus_read_data;', '  wire bus_ack;'] : []),
    '  wire core_reset;',
    '  wire alarm;',
    ...(hasMonitors ? ['  wire core_alarm;'] : []),
    '  wire frame_error;',
    '',
    `  ${name}_link link (`,
    connections([
      ['clk', 'clk'],
      ['rst', 'rst'],
      ['serial_in', 'serial_in'],
      ['serial_out', 'serial_out'],
      ['alarm', 'alarm'],
      ['core_reset', 'core_reset'],
      ...same,
      ...(bus ? linkBus : []),
      ...(hasMonitors ? [['core_alarm', 'core_alarm'] as const] : []),
    ]),
    '  );',
    '',
    `  ${name} core (`,
    connections([
      ...([
        ['clk', 'clk'],
        ['rst', 'rst || core_reset'],
        ['frame_error', 'frame_error'],
      ] as const),
      ...same,
      ...(bus
        ? ([
            ['wb_cyc', 'bus_access'],
            ['wb_stb', 'bus_access'],
            ['wb_we', 'bus_write'],
            ['wb_adr', 'bus_address'],
            ['wb_dat_w', 'bus_write_data'],
            ['wb_dat_r', 'bus_read_data'],
            ['wb_ack', 'bus_ack'],
          ] as const)
        : []),
      ...(hasMonitors ? [['alarm', 'core_alarm'] as const] : []),
    ]),
    '  );',
    '',
    '  // The link counts what was dropped.',
    '  wire unused = frame_error;',
  ];
}

function pllLines({ pll, pins, clockMHz }: Board, { macros }: ClockSettings): string[] {
  const value = (name: string) => macros[`SPINFIRE_${name}`]!;
  const instance = (
    parameters: readonly (readonly [string, string | number])[],
    ports: readonly (readonly [string, string])[],
  ) => [
    `  ${pll} #(`,
    parameters.map(([name, text]) => `    .${name}(${text})`).join(',\n'),
    '  ) pll (',
    ports.map(([name, text]) => `    .${name}(${text})`).join(',\n'),
    '  );',
  ];
  const text = (word: string) => `"${word}"`;
  if (pll === 'EHXPLLL') {
    const divider = value('CLKOP_DIV');
    return [
      '  // The output feeds back, so that it is in phase with the input when CPHASE is half of its divider, less one.',
      ...instance(
        [
          ...([
            ['CLKI_DIV', value('CLKI_DIV')],
            ['CLKFB_DIV', value('CLKFB_DIV')],
            ['FEEDBK_PATH', text('CLKOP')],
          ] as const),
          ...([
            ['CLKOP_ENABLE', text('ENABLED')],
            ['CLKOP_DIV', divider],
            ['CLKOP_CPHASE', `${divider} / 2 - 1`],
            ['CLKOP_FPHASE', 0],
          ] as const),
          ...['A', 'B', 'C', 'D'].map((output) => [`OUTDIVIDER_MUX${output}`, text(`DIV${output}`)] as const),
          ...['DPHASE_SOURCE', 'INTFB_WAKE', 'PLLRST_ENA', 'STDBY_ENABLE'].map(
            (name) => [name, text('DISABLED')] as const,
          ),
        ],
        [
          ...([
            ['CLKI', pins.clock],
            ['CLKFB', 'clk'],
            ['CLKOP', 'clk'],
            ['LOCK', 'locked'],
            ['RST', "1'b0"],
            ['STDBY', "1'b0"],
          ] as const),
          ...([
            ['PHASESEL0', "1'b0"],
            ['PHASESEL1', "1'b0"],
            ['PHASEDIR', "1'b1"],
            ['PHASESTEP', "1'b1"],
            ['PHASELOADREG', "1'b1"],
          ] as const),
          ...([
            ['PLLWAKESYNC', "1'b0"],
            ['ENCLKOP', "1'b0"],
          ] as const),
        ],
      ),
    ];
  }
  if (pll === 'rPLL') {
    const off = text('false');
    return instance(
      [
        ...([
          ['FCLKIN', text(`${clockMHz}`)],
          ['DYN_IDIV_SEL', off],
          ['IDIV_SEL', value('IDIV')],
          ['DYN_FBDIV_SEL', off],
          ['FBDIV_SEL', value('FBDIV')],
        ] as const),
        ...([
          ['DYN_ODIV_SEL', off],
          ['ODIV_SEL', value('ODIV')],
          ['DYN_SDIV_SEL', 2],
          ['PSDA_SEL', text('0000')],
          ['DUTYDA_SEL', text('1000')],
        ] as const),
        ...([
          ['DYN_DA_EN', off],
          ['CLKFB_SEL', text('internal')],
          ['CLKOUT_BYPASS', off],
          ['CLKOUTP_BYPASS', off],
          ['CLKOUTD_BYPASS', off],
        ] as const),
        ...([
          ['CLKOUTD_SRC', text('CLKOUT')],
          ['CLKOUTD3_SRC', text('CLKOUT')],
        ] as const),
      ],
      [
        ...([
          ['CLKIN', pins.clock],
          ['CLKFB', "1'b0"],
          ['CLKOUT', 'clk'],
          ['LOCK', 'locked'],
          ['RESET', "1'b0"],
          ['RESET_P', "1'b0"],
        ] as const),
        ...([
          ['FBDSEL', "6'd0"],
          ['IDSEL', "6'd0"],
          ['ODSEL', "6'd0"],
          ['PSDA', "4'd0"],
          ['DUTYDA', "4'd0"],
          ['FDLY', "4'd0"],
        ] as const),
      ],
    );
  }
  return instance(
    [
      ['FEEDBACK_PATH', text('SIMPLE')],
      ...['DIVR', 'DIVF', 'DIVQ', 'FILTER_RANGE'].map((name) => [name, value(name)] as const),
    ],
    [
      [pll === 'SB_PLL40_PAD' ? 'PACKAGEPIN' : 'REFERENCECLK', pins.clock],
      ...([
        ['PLLOUTGLOBAL', 'clk'],
        ['LOCK', 'locked'],
        ['RESETB', "1'b1"],
        ['BYPASS', "1'b0"],
      ] as const),
    ],
  );
}
