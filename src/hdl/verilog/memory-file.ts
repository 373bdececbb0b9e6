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

/** The name of the module that looks at memories' files. */
export function memoryFileModule(top: string): string {
  return `${top}_memory_file`;
}

/** Verilog of that module, for simulation only: without it a missing file gives unknown words, and a plausible answer. */
export function memoryFileVerilog(top: string): string {
  return `\`ifndef SYNTHESIS
module ${memoryFileModule(top)};
  parameter FILE = "";
  parameter WORDS = 1;

  integer file;
  integer words;
  integer matched;
  reg [7:0] word;  // its last digit

  initial begin
    words = 0;
    file = $fopen(FILE, "r");
    if (file == 0) begin
      $display("ERROR: the memory file %0s is not there; define SPINFIRE_MEMORIES as its folder, with a slash at the end", FILE);
      $finish;
    end else begin
      matched = $fscanf(file, "%s", word);
      while (matched == 1 && word != 8'd0) begin
        words = words + 1;
        matched = $fscanf(file, "%s", word);
      end
      $fclose(file);
      if (words != WORDS) begin
        $display("ERROR: the memory file %0s has %0d words, not %0d", FILE, words, WORDS);
        $finish;
      end
    end
  end
endmodule
\`endif
`;
}
