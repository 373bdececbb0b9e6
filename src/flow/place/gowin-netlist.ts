/** Gowin's dual-port RAMs as nextpnr knows them. */
import { z } from 'zod';

const cell = z.looseObject({
  type: z.string(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  port_directions: z.record(z.string(), z.unknown()).optional(),
  connections: z.record(z.string(), z.unknown()),
});
const netlist = z.looseObject({
  modules: z.record(z.string(), z.looseObject({ cells: z.record(z.string(), z.unknown()) })),
});

/** Names of yosys before 0.24, which are those of the first generation of parts. */
const firstGeneration = new Set(['DP', 'DPX9', 'SDP', 'SDPX9']);

/**
 * A netlist of yosys 0.23 names DP what later versions, and nextpnr, name DPB: the same RAM with a block select for each port. Both get
 * the one that there was; a netlist of a later yosys stays as it is.
 */
export function withGowinRamNames(text: string): string {
  const design = netlist.parse(JSON.parse(text));
  for (const { cells } of Object.values(design.modules)) {
    for (const [name, value] of Object.entries(cells)) {
      const ram = cell.parse(value);
      if (!firstGeneration.has(ram.type)) continue;
      cells[name] = {
        ...ram,
        type: `${ram.type}B`,
        parameters: twice(ram.parameters ?? {}, 'BLK_SEL', ['BLK_SEL_0', 'BLK_SEL_1']),
        port_directions: twice(ram.port_directions ?? {}, 'BLKSEL', ['BLKSELA', 'BLKSELB']),
        connections: twice(ram.connections, 'BLKSEL', ['BLKSELA', 'BLKSELB']),
      };
    }
  }
  return JSON.stringify(design);
}

function twice(record: Record<string, unknown>, name: string, names: readonly string[]): Record<string, unknown> {
  const { [name]: value, ...rest } = record;
  return value === undefined ? rest : { ...rest, ...Object.fromEntries(names.map((each) => [each, value])) };
}
