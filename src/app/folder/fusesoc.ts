/** A FuseSoC core description (CAPI2), so that the core can be a part of somebody's system, or be looked at by itself. */

/** What of a core's folder the description names; paths relative to it. */
export interface FusesocFiles {
  /** Verilog and memory contents. */
  readonly rtl: readonly string[];
  /** Test bench and its vectors. */
  readonly testbench: readonly string[];
}

/** With the core as a dependency (`default`), and targets that FuseSoC runs: `lint`, `sim` and `synth`. */
export function fusesocCore(name: string, top: string, { rtl, testbench }: FusesocFiles): string {
  const verilog = rtl.filter((file) => file.endsWith('.v'));
  // $readmemh finds a memory's contents by bare name: they are copied to where the tool runs.
  const contents = rtl.filter((file) => file.endsWith('.mem'));
  const bench = testbench.filter((file) => file.endsWith('.v'));
  const vectors = testbench.filter((file) => file.endsWith('.hex'));
  const copied = (files: readonly string[]) => files.map((file) => `      - ${file}: {copyto: ${file}}`);
  const sets = contents.length === 0 ? 'rtl' : 'rtl, contents';
  return [
    'CAPI=2:',
    `name: spinfire:cores:${name}:0.1.0`,
    `description: Stochastic spiking core ${name}, written by spinfire`,
    '',
    'filesets:',
    '  rtl:',
    '    files:',
    ...verilog.map((file) => `      - ${file}`),
    '    file_type: verilogSource',
    ...(contents.length === 0 ? [] : ['  contents:', '    files:', ...copied(contents), '    file_type: user']),
    '  bench:',
    '    files:',
    ...bench.map((file) => `      - ${file}`),
    '    file_type: verilogSource',
    '  vectors:',
    '    files:',
    ...copied(vectors),
    '    file_type: user',
    '',
    'targets:',
    '  default:',
    `    filesets: [${sets}]`,
    `    toplevel: ${top}`,
    '  lint:',
    '    flow: lint',
    '    flow_options: {tool: verilator}',
    `    filesets: [${sets}]`,
    `    toplevel: ${top}`,
    '  sim:',
    '    flow: sim',
    '    flow_options: {tool: icarus}',
    `    filesets: [${sets}, bench, vectors]`,
    '    toplevel: tb',
    '  synth:',
    '    default_tool: yosys',
    `    filesets: [${sets}]`,
    '    tools:',
    '      yosys: {arch: ice40, output_format: json, makefile_name: Makefile}',
    `    toplevel: ${top}`,
    '',
  ].join('\n');
}
