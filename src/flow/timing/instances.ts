/** OpenSTA's power by instance. */

/** Power in watts by what it goes into: inside the cells, charging their nets, leaking. */
export interface CellPower {
  readonly internalW: number;
  readonly switchingW: number;
  readonly leakageW: number;
}

/** Lines of `report_power -instances`: internal, switching, leakage, total, name. */
export function readInstances(text: string): Map<string, CellPower> {
  const instances = new Map<string, CellPower>();
  // OpenSTA escapes the brackets of a repeated instance; traces do not.
  for (const [, internal, switching, leakage, name = ''] of text.matchAll(
    /^\s*(\d\S*)\s+(\d\S*)\s+(\d\S*)\s+\d\S*\s+(\S+)$/gm,
  ))
    instances.set(name.replaceAll('\\', ''), {
      internalW: Number(internal),
      switchingW: Number(switching),
      leakageW: Number(leakage),
    });
  return instances;
}
