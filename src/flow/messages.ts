/** Messages of yosys, Verilator, Icarus and nextpnr, shown at the TypeScript line that the Verilog line comes from. */

/** One line of Verilog and where it comes from. */
export interface MappedLine {
  /** As the tools were given it, e.g. `digits_conv1.v`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `src/core/x.ts:41` */
  readonly place: string;
}

/** A line of Verilog, with or without columns: `a.v:12`, `a.v:12.3-14.9` (yosys), `a.v:12:3` (Verilator). */
const verilogPlace = /([^\s:'"()[\],]+\.s?vh?):(\d+)(?:\.\d+(?:-\d+\.\d+)?|:\d+)?/g;

/** Every place in `text` that the map knows becomes `src/core/x.ts:41 (a.v:12)`; all else stays as it is. */
export function translateMessages(text: string, sourceMap: readonly MappedLine[]): string {
  const places = new Map(sourceMap.map(({ file, line, place }) => [`${file}:${line}`, place]));
  return text.replace(verilogPlace, (whole, file: string, line: string) => {
    const place = places.get(`${file}:${line}`) ?? places.get(`${file.split('/').at(-1)}:${line}`);
    return place === undefined ? whole : `${place} (${whole})`;
  });
}
