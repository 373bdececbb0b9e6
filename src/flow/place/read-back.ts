/** The design that a bitstream holds, read back from it by other programs than those that wrote it. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFailed } from '../../errors/index.ts';
import { withTemporaryFolder } from '../../store/index.ts';
import { boardConstraints } from '../boards/constraints.ts';
import type { Board } from '../boards/table.ts';
import { familyModels } from '../synthesis/family-models.ts';
import type { ToolEnvironment } from '../tools/environment.ts';
import { findIfThere } from '../tools/find.ts';
import { runTool } from '../tools/run.ts';
import type { ToolName } from '../tools/table.ts';
import type { BoardNetlist } from './netlist.ts';
import type { PlaceResult } from './place.ts';
import { carriesOnGowin, placedOnGowin, readFromGowin } from './read-back-gowin.ts';

interface ReadBackOptions {
  readonly board: Board;
  readonly placed: Pick<PlaceResult, 'directory' | 'files'>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * iCE40: the bits of the bitstream as gates and flip-flops, by IceStorm's icebox_vlog; what the placer, the router and the packer made of the netlist is
 * in it. Undefined for other families, and where the program is not there.
 */
export async function bitstreamNetlist(
  { board, placed, signal }: ReadBackOptions,
  design: BoardNetlist['design'],
  environment: ToolEnvironment,
): Promise<BoardNetlist | undefined> {
  const icebox = board.family === 'ice40' ? await findIfThere('icebox_vlog', environment) : undefined;
  const icepack = icebox && (await findIfThere('icepack', environment));
  if (icebox === undefined || icepack === undefined) return undefined;
  const text = await withTemporaryFolder(async (cwd) => {
    const run = { cwd, signal, env: environment.env };
    const bitstream = join(placed.directory, placed.files.bitstream);
    await runTool(icepack, ['-u', bitstream, 'back.asc'], { ...run, logFile: join(cwd, 'unpack.log') });
    await writeFile(join(cwd, 'pins.pcf'), boardConstraints(board));
    const args = ['-s', '-n', 'board', '-p', 'pins.pcf', 'back.asc'];
    const { stdout } = await runTool(icebox, args, { ...run, logFile: join(cwd, 'icebox.log') });
    return portsOnce(padToPll(stdout, bitstream));
  });
  const types = new Set([...text.matchAll(/^(SB_\w+) #?\(/gm)].map(([, type]) => type!));
  const cells = (text.match(/\/\* (?:FF|LUT|CARRY) |^SB_/gm) ?? []).length;
  return {
    design,
    files: [{ path: 'netlist.v', text }, ...(await familyModels('ice40', types, environment))],
    cells,
  };
}

/**
 * A PLL that is fed by its own pad has no wire to it that a bit could make, so that icebox_vlog leaves both ends open: they are joined here, as the silicon does.
 * @throws checkFailed when any other port leads nowhere
 */
export function padToPll(verilog: string, where: string): string {
  const open = [...verilog.matchAll(/^\/\/ Warning: unmatched port '(\w+)'/gm)].map(([, port]) => port!);
  const [, pad] = /^SB_PLL40_PAD #\([\s\S]*?\.PACKAGEPIN\((\w+)\)/m.exec(verilog) ?? [];
  if (open.length === 0) return verilog;
  if (open.length === 1 && pad !== undefined)
    return verilog.replace(/^endmodule/m, `assign ${pad} = ${open[0]};\n\nendmodule`);
  throw checkFailed('a pin of the bitstream leads nowhere', {
    where,
    found: `nothing behind ${open.join(', ')}`,
    expected: 'every pin of the board used',
  });
}

/** icebox_vlog declares a port again as wire or register, which simulators refuse. */
export function portsOnce(verilog: string): string {
  const [header = ''] = /^module board \([^)]*\);/m.exec(verilog) ?? [];
  const ports = new Set([...header.matchAll(/(?:input|output|inout) (\w+)/g)].map(([, name]) => name!));
  const registers = new Map<string, string>();
  const declared = verilog.replace(/^(wire|reg) (.*);$/gm, (_, kind: string, list: string) => {
    const kept = list.split(', ').filter((item) => {
      const [name = '', value] = item.split(' = ');
      if (!ports.has(name)) return true;
      if (kind === 'reg') registers.set(name, value ?? '0');
      return false;
    });
    return kept.length === 0 ? '' : `${kind} ${kept.join(', ')};`;
  });
  const asRegisters = header.replace(/output (\w+)/g, (port, name: string) =>
    registers.has(name) ? `output reg ${name} = ${registers.get(name)}` : port,
  );
  return declared.replace(header, asRegisters);
}

/**
 * Settings that the packer was given and those that are read out of the bitstream. iCE40: rows of bits, by icepack; ECP5: truth tables, routed wires and contents of memories, by ecpunpack;
 * Gowin: truth tables and kinds of flip-flops, by gowin_unpack. Undefined for other families, and where the program is not there. @throws checkFailed where they differ
 */
export async function bitstreamConfiguration(
  { board, placed, signal }: ReadBackOptions,
  environment: ToolEnvironment,
): Promise<{ readonly settings: number } | undefined> {
  const reader = readers[board.family];
  const program = reader && (await findIfThere(reader.program, environment));
  if (reader === undefined || program === undefined) return undefined;
  const bitstream = join(placed.directory, placed.files.bitstream);
  const text = await withTemporaryFolder(async (cwd) => {
    await copyFile(bitstream, join(cwd, 'bitstream'));
    const run = { cwd, signal, env: environment.env, logFile: join(cwd, 'unpack.log') };
    await runTool(program, reader.args(board.part), run);
    return readFile(join(cwd, 'back'), 'utf8');
  });
  const configuration = await readFile(join(placed.directory, placed.files.configuration), 'utf8');
  const given = reader.given(configuration);
  const read = reader.read(text, given, configuration);
  const lost = [...given].find((setting) => !read.has(setting));
  const added = [...read].find((setting) => !given.has(setting));
  if (lost === undefined && added === undefined) return { settings: given.size };
  throw checkFailed('the bitstream holds another design than was placed', {
    where: bitstream,
    found: added ?? 'nothing in place of it',
    expected: lost ?? 'nothing',
    help: 'another version of the packer may be right; tell its makers',
  });
}

interface Reader {
  readonly program: ToolName;
  /** Reads the file `bitstream`, writes the file `back`. */
  args(part: Board['part']): readonly string[];
  given(configuration: string): Set<string>;
  read(back: string, given: ReadonlySet<string>, configuration: string): Set<string>;
}

const readers: Readonly<Partial<Record<Board['family'], Reader>>> = {
  ice40: {
    program: 'icepack',
    args: () => ['-u', 'bitstream', 'back'],
    given: bitsOfTiles,
    read: bitsOfTiles,
  },
  ecp5: {
    program: 'ecpunpack',
    // The dies of 12F and 25F are the same: the name of the part that was placed on is told, not the one that the bitstream is for.
    args: () => ['--input', 'bitstream', '--textcfg', 'back'],
    given: configurationOf,
    read: configurationOf,
  },
  gowin: {
    program: 'gowin_unpack',
    args: ({ family }) => ['-d', family ?? '', '-o', 'back', 'bitstream'],
    given: placedOnGowin,
    read: (back, given, configuration) => readFromGowin(back, given, carriesOnGowin(configuration)),
  },
};

/** Rows of bits of IceStorm's text, each with its place; rows of zeros are those of what is not used. */
export function bitsOfTiles(text: string): Set<string> {
  const settings = new Set<string>();
  for (const block of text.split(/\n(?=\.)/)) {
    const [head = '', ...rows] = block.trim().split('\n');
    if (/^\.(?:comment|sym|device)\b/.test(head)) continue;
    if (head.startsWith('.extra_bit')) settings.add(head);
    for (const [index, row] of rows.entries()) if (/[1-9a-f]/.test(row)) settings.add(`${head} row ${index}: ${row}`);
  }
  return settings;
}

/**
 * Truth tables, wires and memories of a textual configuration, each with its place. Names of what a tile does besides (its modes, its pins' levels) are not
 * among them: the same bits have several, and those that are nothing's default are left out when they are read.
 */
export function configurationOf(text: string): Set<string> {
  const settings = new Set<string>();
  for (const block of text.split(/\n(?=\.)/)) {
    const [head = '', ...lines] = block.trim().split('\n');
    if (head.startsWith('.bram_init')) settings.add([head, ...lines.map((line) => line.trim())].join(' ').trim());
    if (!/^\.tile \S+:(?:PLC2|CIB|CIB_EBR|CIB_DSP)\b/.test(head)) continue;
    for (const line of lines) {
      // The way out of a LUT has several names, and a table of ones is that of an unused one.
      if (/^(?:word: .* 1+|arc: F\d .*)$/.test(line)) continue;
      if (/^(?:word|arc):/.test(line)) settings.add(`${head} ${line}`);
    }
  }
  return settings;
}
