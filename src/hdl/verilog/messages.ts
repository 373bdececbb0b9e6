/** Messages of yosys, Verilator and Icarus, shown at the TypeScript line that caused the Verilog line. */
import type { LineOrigin, VerilogOutput } from './emit.ts';

/** The TypeScript place of a Verilog line: its own, or that of the nearest line above that has one. */
export function originOf(map: readonly LineOrigin[], file: string, line: number): LineOrigin['source'] | undefined {
  let best: LineOrigin | undefined;
  for (const origin of map) {
    if (origin.file !== file || origin.line > line) continue;
    if (best === undefined || origin.line >= best.line) best = origin;
  }
  return best?.source;
}

/**
 * Puts the TypeScript place before every Verilog place in a tool's output: `digits.v:12:5: ...` becomes
 * `src/core/blocks/top.ts:40 (digits.v:12:5): ...`. Works for the three tools' formats; other text stays as it is.
 */
export function explainMessages(output: Pick<VerilogOutput, 'files' | 'map'>, text: string): string {
  const files = new Set(output.files.map(({ path }) => path));
  return text.replace(
    /(?<folder>(?:[\w.-]*\/)*)(?<file>\w+\.v):(?<line>\d+)(?<rest>(?::\d+|\.\d+-\d+\.\d+)?)/g,
    (found, _folder, file: string, line: string, rest: string) => {
      if (!files.has(file)) return found;
      const source = originOf(output.map, file, Number(line));
      return source === undefined ? found : `${source.file}:${source.line} (${file}:${line}${rest})`;
    },
  );
}
