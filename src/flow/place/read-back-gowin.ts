/** What gowin_unpack reads out of a Gowin bitstream, and what nextpnr had placed: truth tables and flip-flops, each with its place. */
import { z } from 'zod';

const cellSchema = z.object({
  type: z.string(),
  parameters: z.record(z.string(), z.string()),
  attributes: z.record(z.string(), z.string()),
});
const designSchema = z.object({
  modules: z.record(z.string(), z.object({ cells: z.record(z.string(), cellSchema) })),
});

/** A place as gowin_unpack names it: nextpnr counts columns and rows from 0. */
function placeOf(bel: string | undefined): { readonly tile: string; readonly index: string } | undefined {
  const [, x, y, index] = /^X(\d+)Y(\d+)\/(?:LUT|DFF|ALU)(\d)$/.exec(bel ?? '') ?? [];
  return index === undefined ? undefined : { tile: `R${Number(y) + 1}C${Number(x) + 1}`, index };
}

/** The table of a smaller LUT, as often as it takes to fill one of four inputs. */
function fullTable(init: string, inputs: number): number {
  const bits = init.slice(-(2 ** inputs));
  return Number.parseInt(bits.repeat(16 / bits.length), 2);
}

/** A LUT that gives always the same is not among those that gowin_unpack tells of. */
const isConstant = (table: number) => table === 0 || table === 0xffff;

const lutSetting = (tile: string, index: string, table: number) =>
  `LUT ${index} of ${tile}: ${table.toString(16).padStart(4, '0')}`;
const flipFlopSetting = (tile: string, index: string, type: string) =>
  // Each of them has an enable, of which some make no use.
  `flip-flop ${index} of ${tile}: ${type.endsWith('E') ? type : `${type}E`}`;

/** Truth tables and flip-flops of a routed design, as nextpnr writes it in JSON. @throws ZodError where it is none */
export function placedOnGowin(json: string): Set<string> {
  const settings = new Set<string>();
  for (const { cells } of Object.values(designSchema.parse(JSON.parse(json)).modules))
    for (const { type, parameters, attributes } of Object.values(cells)) {
      const place = placeOf(attributes.NEXTPNR_BEL);
      if (place === undefined) continue;
      const [, inputs] = /^LUT([1-4])$/.exec(type) ?? [];
      const table = inputs === undefined ? 0 : fullTable(parameters.INIT ?? '0', Number(inputs));
      if (!isConstant(table)) settings.add(lutSetting(place.tile, place.index, table));
      if (type.startsWith('DFF')) settings.add(flipFlopSetting(place.tile, place.index, type));
    }
  return settings;
}

/** Places of carries, whose LUTs gowin_unpack takes for plain ones on some dies. */
export function carriesOnGowin(json: string): Set<string> {
  const places = Object.values(designSchema.parse(JSON.parse(json)).modules).flatMap(({ cells }) =>
    Object.values(cells).flatMap(({ type, attributes }) => {
      const place = type === 'ALU' ? placeOf(attributes.NEXTPNR_BEL) : undefined;
      return place ? [`LUT ${place.index} of ${place.tile}`] : [];
    }),
  );
  return new Set(places);
}

/** The same of what gowin_unpack wrote, without the LUTs of `carries`. A flip-flop is there in every place, used or not: only those of `used` count. */
export function readFromGowin(
  verilog: string,
  used: ReadonlySet<string>,
  carries: ReadonlySet<string> = new Set(),
): Set<string> {
  const settings = new Set<string>();
  for (const [, tile, index, table] of verilog.matchAll(/^defparam (R\d+C\d+)_LUT4_(\d)\.INIT = 16'h([0-9a-f]+);/gm))
    if (!isConstant(Number.parseInt(table!, 16)) && !carries.has(`LUT ${index} of ${tile}`))
      settings.add(lutSetting(tile!, index!, Number.parseInt(table!, 16)));
  const places = new Set([...used].map((setting) => setting.split(':')[0]));
  for (const [, type, tile, index] of verilog.matchAll(/^(DFF\w*) (R\d+C\d+)_\w+_(\d) \(/gm)) {
    const setting = flipFlopSetting(tile!, index!, type!);
    if (places.has(setting.split(':')[0])) settings.add(setting);
  }
  return settings;
}
