/** From a line of Verilog to the line of TypeScript that it comes from, by the `map.json` that `build` writes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export interface SourceMap {
  /** `src/core/blocks/readout.ts:41`, or undefined when the line comes from nowhere in particular. */
  place(file: string, line: number): string | undefined;
}

const placed = z.object({
  file: z.string(),
  line: z.number(),
  place: z.union([z.string(), z.object({ file: z.string(), line: z.number() })]),
});
const mapFile = z.union([
  z.array(placed),
  z.object({ map: z.array(placed) }).transform(({ map }) => map),
  z.object({ lines: z.array(placed) }).transform(({ lines }) => lines),
]);

/** A core without a map has no places; that is no error. */
export async function readSourceMap(directory: string): Promise<SourceMap> {
  const text = await readFile(join(directory, 'map.json'), 'utf8').catch(() => '[]');
  const places = new Map<string, string>();
  const parsed = mapFile.safeParse(parseJson(text));
  for (const { file, line, place } of parsed.data ?? [])
    places.set(`${file}:${line}`, typeof place === 'string' ? place : `${place.file}:${place.line}`);
  return { place: (file, line) => places.get(`${file}:${line}`) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
