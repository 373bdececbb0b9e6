/** How memories find their contents, and what says so when they don't. */

/**
 * Macros of a file with such memories. A core is simulated from anybody's folder: `SPINFIRE_MEMORIES` names that of the files. Synthesis
 * tools are given bare names, which they look up among the files of the project.
 */
export const memoryMacros: readonly string[] = [
  '// Contents of memories are read from the folder `SPINFIRE_MEMORIES ("/core/"), or from the one that the tool runs in.',
  '`ifdef SPINFIRE_MEMORIES',
  '`define SPINFIRE_MEMORY(name) {`SPINFIRE_MEMORIES, name}',
  '`else',
  '`define SPINFIRE_MEMORY(name) name',
  '`endif',
];

/** The names inside such a check, none of which may be another's in the module. */
export interface FileCheckNames {
  readonly label: string;
  readonly handle: string;
  readonly matched: string;
  readonly found: string;
  readonly digit: string;
}

export function fileCheckNames(label: string, fresh: (wanted: string) => string): FileCheckNames {
  const [handle, matched, found, digit] = ['handle', 'matched', 'found', 'digit'].map(fresh) as [
    string,
    string,
    string,
    string,
  ];
  return { label: fresh(label), handle, matched, found, digit };
}

/** What happens in simulation, as the lines of an initial block: `file` and `words` are expressions. */
export function memoryFileCheck(names: FileCheckNames, file: string, words: string): string[] {
  const { label, handle, matched, found, digit } = names;
  return `initial begin : ${label}
  integer ${handle};
  integer ${matched};
  integer ${found};
  reg [7:0] ${digit};  // the last of a word
  ${found} = 0;
  ${handle} = $fopen(${file}, "r");
  if (${handle} == 0) begin
    $display("ERROR: the memory file %0s is not there; define SPINFIRE_MEMORIES as its folder, with a slash at the end", ${file});
    $finish;
  end else begin
    ${matched} = $fscanf(${handle}, "%s", ${digit});
    while (${matched} == 1 && ${digit} != 8'd0) begin
      ${found} = ${found} + 1;
      ${matched} = $fscanf(${handle}, "%s", ${digit});
    end
    $fclose(${handle});
    if (${found} != ${words}) begin
      $display("ERROR: the memory file %0s has %0d words, not %0d", ${file}, ${found}, ${words});
      $finish;
    end
  end
end`.split('\n');
}

/** The name of the module that looks at memories' files. */
export function memoryFileModule(top: string): string {
  return `${top}_memory_file`;
}

/** Verilog of that module, for simulation only: without it a missing file gives unknown words, and a plausible answer. */
export function memoryFileVerilog(top: string): string {
  const check = memoryFileCheck(
    fileCheckNames('check', (name) => name),
    'FILE',
    'WORDS',
  ).map((line) => `  ${line}\n`);
  return `\`ifndef SYNTHESIS
module ${memoryFileModule(top)};
  parameter FILE = "";
  parameter WORDS = 1;

${check.join('')}endmodule
\`endif
`;
}
