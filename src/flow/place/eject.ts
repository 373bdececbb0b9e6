/** A core on a board as a project that builds without this program: top, link, constraints, script, Makefile. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../plan/index.ts';
import { boardConstraints } from '../boards/constraints.ts';
import type { Board } from '../boards/table.ts';
import { mapTemplates } from '../synthesis/map-templates.ts';
import { projectScript } from '../synthesis/scripts.ts';
import { readSources, type SourceFile } from '../synthesis/sources.ts';
import { fpgaTable, mapFile } from '../synthesis/targets.ts';
import { boardDesign } from './board-design.ts';
import { placeFamilies, synthOptionsOf } from './families.ts';

/** A core and its board. */
export interface EjectOptions {
  /** Holds the core's Verilog files and memories. */
  readonly directory: string;
  readonly verilogFiles: readonly string[];
  readonly plan: Plan;
  readonly board: Board;
  readonly clockMHz?: number | undefined;
  readonly baud?: number | undefined;
}

/** A file of the project, relative to its folder. */
export interface EjectedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** All files of the project. @throws badInput as `place` does */
export async function ejectBoard(options: EjectOptions): Promise<EjectedFile[]> {
  const { directory, verilogFiles, plan, board } = options;
  const design = boardDesign({ board, plan, clockMHz: options.clockMHz, baud: options.baud });
  const sources = await readSources({ directory, top: 'board', verilogFiles, moreVerilog: design.sources });
  const files = [...sources.verilog, ...sources.memories];
  const verilog = sources.verilog.map(({ path }) => path);
  const facts = { verilog, memories: sources.memories.map(({ path }) => path), clockMHz: design.clockMHz, board };
  const project = board.family === 'xilinx' ? vivadoProject(facts) : await openProject(facts);
  return [...files.map(plain), ...project, { path: 'README.md', content: readme(options, design.clockMHz) }];
}

const plain = ({ path, content }: SourceFile): EjectedFile => ({ path, content });

interface ProjectFacts {
  readonly verilog: readonly string[];
  readonly memories: readonly string[];
  readonly clockMHz: number;
  readonly board: Board;
}

async function openProject({ verilog, memories, clockMHz, board }: ProjectFacts): Promise<EjectedFile[]> {
  if (board.family === 'xilinx') throw new Error('Vivado builds for this part');
  const family = placeFamilies[board.family];
  const target = fpgaTable[board.family];
  const maps = target.mapFiles ?? [];
  const pins = `pins.${family.pins}`;
  const [routed, bitstream] = [`board.${family.routed}`, `board.${family.bitstream}`];
  const place = [
    ...[family.placer, ...family.part(board.part), '--json', 'netlist.json', ...family.files(pins, routed)],
    ...['--freq', `${clockMHz}`, '--seed', '$(SEED)'],
  ];
  const pack = [family.packer, ...family.packOptions(board.part), ...family.pack(routed, bitstream)];
  const flash = board.flash[0]!;
  const makefile = `# ${board.title}: ${bitstream} from Verilog, with yosys, ${family.placer} and ${family.packer}.
SEED ?= 1

${bitstream}: ${routed}
	${pack.join(' ')}

${routed}: netlist.json ${pins}
	${place.join(' ')}

netlist.json: synth.ys ${[...verilog, ...memories].join(' ')}
	yosys -q -l synth.log synth.ys

flash: ${bitstream}
	${flash.join(' ')} ${bitstream}

clean:
	rm -f netlist.json synth.log ${routed} ${bitstream}

.PHONY: flash clean
`;
  // The project's maps lie beside its script.
  const script = maps.reduce(
    (text, name) => text.replaceAll(mapFile(name), `maps/${name}`),
    projectScript(
      { top: 'board', verilog: verilog.map((path) => ({ path })), defines: {} },
      target,
      'netlist.json',
      synthOptionsOf(board),
    ),
  );
  return [
    { path: 'Makefile', content: makefile },
    { path: 'synth.ys', content: script },
    { path: pins, content: boardConstraints(board) },
    ...(await Promise.all(
      maps.map(async (name) => ({ path: `maps/${name}`, content: await readFile(join(mapTemplates, name)) })),
    )),
  ];
}

/** A Tcl script for Vivado in batch mode, without a project file. */
function vivadoProject({ verilog, memories, board }: ProjectFacts): EjectedFile[] {
  const tcl = `# ${board.title}: board.bit from Verilog. Run in this folder: vivado -mode batch -source build.tcl
set_part ${board.part.device}
read_verilog {${verilog.join(' ')}}
add_files -quiet {${memories.join(' ')}}
read_xdc pins.xdc
synth_design -top board -part ${board.part.device}
opt_design
place_design
phys_opt_design
route_design
report_utilization -file utilization.txt
report_timing_summary -file timing.txt
if {[get_property SLACK [get_timing_paths -max_paths 1]] < 0} {
  puts "ERROR: the clock is not met, see timing.txt"
  exit 1
}
write_bitstream -force board.bit
`;
  const flash = board.flash[0]!;
  const makefile = `# ${board.title}: board.bit from Verilog, with Vivado.
board.bit: build.tcl pins.xdc ${[...verilog, ...memories].join(' ')}
	vivado -mode batch -source build.tcl

flash: board.bit
	${flash.join(' ')} board.bit

.PHONY: flash
`;
  return [
    { path: 'build.tcl', content: tcl },
    { path: 'Makefile', content: makefile },
    { path: 'pins.xdc', content: boardConstraints(board) },
  ];
}

function readme({ plan, board }: EjectOptions, clockMHz: number): string {
  return `# ${plan.name} on ${board.title}

\`make\` builds the bitstream, \`make flash\` puts it on the board. \`board.v\` is the top (module \`board\`: clock, reset, link, core), \`${plan.name}_link.v\` the
serial link, \`${plan.name}.v\` the core, which runs at ${clockMHz} MHz. Files that end in .mem are contents of memories and are read by name from this folder.
`;
}
