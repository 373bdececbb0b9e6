/** Boards: a folder of boards/ each, or a person's own. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BoardPins, LevelPin, PllPrimitive } from '../../core/index.ts';
import { badInput, ownValue } from '../../errors/index.ts';
import { boardNameLetters } from '../../link/index.ts';
import { readPlainFile, reasonOf, textOf } from '../../store/index.ts';
import { type BoardFile, boardSchema } from './schema.ts';

/** A family of parts that boards have. */
export type BoardFamily = BoardFile['family'];

/** Where a port of the top goes. */
export interface BoardPin {
  readonly pin: string;
  readonly io?: string | undefined;
  readonly pull?: 'up' | 'down' | undefined;
}

/** A board: its part, pins, clock and serial line. */
export interface Board {
  readonly name: string;
  /** By which a host knows it: the name, or of a person's own board what no other has (`ownCode`). At most 16 letters. */
  readonly code: string;
  readonly title: string;
  readonly family: BoardFamily;
  readonly part: NonNullable<BoardFile['part']>;
  /** The primitive that makes the core's clock; undefined: the core runs at that of the pin. */
  readonly pll: PllPrimitive | undefined;
  /** Names of the ports of the top. */
  readonly pins: BoardPins;
  /** The pin of each port. */
  readonly places: Readonly<Record<string, BoardPin>>;
  /** Lines of the person's own that follow the written ones. */
  readonly moreConstraints: string;
  /** The person's own top, as Verilog. */
  readonly ownTop: string | undefined;
  /** The usual ways to put a bitstream on the board: programs and their arguments, the first that is there is taken. */
  readonly flash: readonly (readonly [string, ...string[]])[];
  /** On the pin of the clock. */
  readonly clockMHz: number;
  /** What the core runs at unless something else is asked for. */
  readonly coreMHz: number;
  /** Bits a second of the serial line. */
  readonly baud: number;
  readonly luts: number;
  /** Block RAMs, of 4 kbit on iCE40, of 18 kbit on ECP5 and Gowin, of 36 kbit on Xilinx. */
  readonly rams: number;
  readonly dsps: number;
  /** Where parts and board are documented. */
  readonly documents: readonly string[];
}

/** The boards of a file: one, or one for each of its parts. @throws badInput when the file is not that of a board */
export function readBoards(path: string, name = nameOf(path)): Board[] {
  const text = readText(path, 'the file of the board');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw badInput('the file of the board is not JSON', { where: path, found: (error as Error).message });
  }
  const read = boardSchema.safeParse(data);
  if (!read.success)
    throw badInput('the file does not describe a board', { where: path, found: z.prettifyError(read.error) });
  const file = read.data;
  const { part, capacity, variants } = file;
  if (variants !== undefined)
    return Object.entries(variants).map(([key, variant]) =>
      boardOf(file, path, { name: `${name}-${key}`, ...variant }),
    );
  if (part === undefined || capacity === undefined)
    throw badInput('the file does not describe a board', {
      where: path,
      expected: '`part` and `capacity`, or `variants` that have them',
    });
  return [boardOf(file, path, { name, title: file.title, part, capacity })];
}

/** A person's own board, `FILE` or `FILE:VARIANT`. @throws badInput when there is no such board */
export function readBoard(words: string): Board {
  const [, path = words, variant] = /^(.*\.json):([^/\\:]+)$/.exec(words) ?? [];
  const boards = readBoards(path);
  const found = variant === undefined ? boards : boards.filter(({ name }) => name.endsWith(`-${variant}`));
  if (found.length === 1) return { ...found[0]!, code: ownCode(found[0]!) };
  throw badInput(
    variant === undefined ? 'the board comes with several parts' : 'the board does not come with this part',
    {
      where: words,
      expected: boards.map(({ name }) => `${path}:${name.slice(nameOf(path).length + 1)}`).join(', '),
    },
  );
}

/**
 * The name where it has room in BOARD and is no other board's; else its beginning and 24 bits of the SHA-256 of what stands in the file, so that a copy
 * that was changed, and two whose long names begin alike, are told apart.
 */
function ownCode(board: Board): string {
  const known = ownValue(boardTable, board.name);
  const text = JSON.stringify(board);
  const isTaken = known !== undefined && JSON.stringify(known) !== text;
  if (!isTaken && /^[!-~]+$/.test(board.name) && board.name.length <= boardNameLetters) return board.name;
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 6);
  const letters = board.name.replaceAll(/[^!-~]/g, '-').slice(0, boardNameLetters - 1 - mark.length);
  return `${letters.replace(/-+$/, '')}-${mark}`;
}

/** That of its folder, as all are called board.json. */
function nameOf(path: string): string {
  const name = basename(path, '.json');
  return (name === 'board' ? basename(dirname(path)) : name).toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function readText(path: string, what: string): string {
  try {
    return textOf(readPlainFile(path));
  } catch (error) {
    throw badInput(`${what} cannot be read`, { where: path, found: reasonOf(error) }, error);
  }
}

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly part: Board['part'];
  readonly capacity: NonNullable<BoardFile['capacity']>;
}

function boardOf(file: BoardFile, path: string, { name, title, part, capacity }: Variant): Board {
  const { family, clock, serial, button, leds, levels = {}, flash, documents = [], top, constraints } = file;
  const places: Record<string, BoardPin> = {};
  const place = (port: string, { pin, io, pull }: BoardPin) => {
    const taken = Object.entries(places).find(([, other]) => other.pin === pin);
    if (taken !== undefined || Object.hasOwn(places, port))
      throw badInput('two ports of the board share a pin or a name', {
        where: path,
        found: `${port} and ${taken?.[0] ?? port} at ${pin}`,
      });
    places[port] = { pin, io, pull };
    return port;
  };
  const level = (port: string, pin: (BoardPin & { low?: boolean | undefined }) | undefined): LevelPin | undefined =>
    pin && { port: place(pin.low ? `${port}_n` : port, pin), low: pin.low ?? false };
  const clockPort = place(`clock_${String(clock.mhz).replace('.', '_')}mhz`, clock.pin);
  place('serial_in', serial.in);
  place('serial_out', serial.out);
  const pins = {
    clock: clockPort,
    button: level('button', button),
    running: level('led_running', leds?.running),
    alarm: level('led_alarm', leds?.alarm),
    constants: Object.fromEntries(Object.entries(levels).map(([port, pin]) => [place(port, pin), pin.level])),
  };
  return {
    ...{ name, code: name, title, family, part, pins, places, flash, documents, ...capacity },
    ...{ pll: clock.pll, clockMHz: clock.mhz, coreMHz: clock.coreMHz, baud: serial.baud },
    moreConstraints:
      constraints === undefined ? '' : readText(join(dirname(path), constraints), "the board's constraints"),
    ownTop: top === undefined ? undefined : readText(join(dirname(path), top), "the board's top"),
  };
}

/** The folder with a folder for each board. */
export const boardsFolder = fileURLToPath(new URL('../../../boards/', import.meta.url));

/** All boards that are known, by name. */
export const boardTable: Readonly<Record<string, Board>> = Object.fromEntries(
  readdirSync(boardsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => readBoards(join(boardsFolder, name, 'board.json'), name))
    .map((board) => [board.name, board]),
);

/** What `--board` takes, sorted as the folders of `boards/` are. */
export const boardNames: readonly string[] = Object.keys(boardTable);

/** The boards whose power can be measured. */
export const ice40BoardNames: readonly string[] = boardNames.filter(
  (name) => ownValue(boardTable, name)?.family === 'ice40',
);

/** Clock, pins, capacity and tools of a board of `boards/`. @throws badInput when there is none of this name, with those that there are */
export function knownBoard(name: string): Board {
  const board = ownValue(boardTable, name);
  if (board !== undefined) return board;
  throw badInput('there is no such board', {
    found: name,
    expected: `one of ${boardNames.join(', ')}`,
    help: '--board-file takes a board of your own',
  });
}

/** JSON Schema of a board's file. */
export function boardJsonSchema(): unknown {
  return z.toJSONSchema(boardSchema, { io: 'input' });
}
