/** Pins and clock of a board in the words of each family's tools. */
import type { Board, BoardFamily, BoardPin } from './table.ts';

/** One pin of the top. */
interface PlacedPin extends BoardPin {
  readonly port: string;
}

type Writer = (pins: readonly PlacedPin[], board: Board) => string[];

const writers: Readonly<Record<BoardFamily, Writer>> = {
  ice40: (pins) => pins.map(({ port, pin, pull }) => `set_io ${pull === 'up' ? '-pullup yes ' : ''}${port} ${pin}`),
  ecp5: (pins, { clockMHz, pins: { clock } }) =>
    pins.flatMap(({ port, pin, io, pull }) => [
      `LOCATE COMP "${port}" SITE "${pin}";`,
      `IOBUF PORT "${port}" IO_TYPE=${io ?? 'LVCMOS33'}${pull ? ` PULLMODE=${pull.toUpperCase()}` : ''};`,
      ...(port === clock ? [`FREQUENCY PORT "${port}" ${clockMHz} MHZ;`] : []),
    ]),
  gowin: (pins) =>
    pins.flatMap(({ port, pin, io, pull }) => [
      `IO_LOC "${port}" ${pin};`,
      `IO_PORT "${port}" IO_TYPE=${io ?? 'LVCMOS33'}${pull ? ` PULL_MODE=${pull.toUpperCase()}` : ''};`,
    ]),
  xilinx: (pins, { clockMHz, pins: { clock } }) => [
    ...pins.map(({ port, pin, io, pull }) => {
      const properties = `PACKAGE_PIN ${pin} IOSTANDARD ${io ?? 'LVCMOS33'}${pull ? ` PULLTYPE PULL${pull.toUpperCase()}` : ''}`;
      return `set_property -dict { ${properties} } [get_ports ${port}]`;
    }),
    `create_clock -name ${clock} -period ${(1000 / clockMHz).toFixed(3)} [get_ports ${clock}]`,
    // The bits of the serial line and the button come at any time; they are synchronised.
    ...pins
      .filter(({ port }) => port !== clock)
      .map(({ port }) => `set_false_path ${port.match(/^(serial_in|button)/) ? '-from' : '-to'} [get_ports ${port}]`),
    'set_property CFGBVS VCCO [current_design]',
    'set_property CONFIG_VOLTAGE 3.3 [current_design]',
  ],
};

const comments: Readonly<Record<BoardFamily, string>> = { ice40: '#', ecp5: '#', gowin: '//', xilinx: '#' };

/** The text of a board's file of constraints. */
export function boardConstraints(board: Board): string {
  const { places, family, title, moreConstraints } = board;
  const pins = Object.entries(places).map(([port, place]) => ({ port, ...place }));
  const lines = [`${comments[family]} ${title}: pins and clock.`, ...writers[family](pins, board)];
  return `${lines.join('\n')}\n${moreConstraints}`;
}
