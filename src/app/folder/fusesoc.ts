/** A FuseSoC core description (CAPI2), so that the core can be a part of somebody's system. */

/** @param files paths relative to the description: Verilog and memory contents */
export function fusesocCore(name: string, top: string, files: readonly string[]): string {
  const verilog = files.filter((file) => file.endsWith('.v'));
  // $readmemh finds a memory's contents by bare name: they are copied to where the tool runs.
  const contents = files.filter((file) => file.endsWith('.mem'));
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
    ...(contents.length === 0
      ? []
      : [
          '  contents:',
          '    files:',
          ...contents.map((file) => `      - ${file}: {copyto: ${file}}`),
          '    file_type: user',
        ]),
    '',
    'targets:',
    '  default:',
    `    filesets: [rtl${contents.length === 0 ? '' : ', contents'}]`,
    `    toplevel: ${top}`,
    '',
  ].join('\n');
}
