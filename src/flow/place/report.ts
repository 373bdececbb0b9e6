/** What nextpnr reports, as records. */
import { z } from 'zod';
import { checkFailed } from '../../errors/index.ts';
import { type MappedLine, translateMessages } from '../messages.ts';
import type { PlaceFamily } from './families.ts';

export interface Utilisation {
  readonly used: number;
  readonly available: number;
}

export interface PlacedPathStep {
  /** clk-to-q, logic, routing or setup. */
  readonly kind: string;
  readonly delayNs: number;
  /** Of the signal at the end of this step, in the design's names. */
  readonly signal: string;
  /** Where the signal comes from: the TypeScript line if the map knows it, else the Verilog line. */
  readonly origin?: string | undefined;
}

export interface PlacementReport {
  /** Of the slowest clock compared with what it should do. */
  readonly fmaxMHz: number;
  readonly utilisation: Readonly<Record<string, Utilisation>>;
  readonly path: readonly Omit<PlacedPathStep, 'origin'>[];
}

const pin = z.object({ cell: z.string(), port: z.string().optional() });
const step = z.object({
  delay: z.number(),
  type: z.string(),
  net: z.string().optional(),
  from: pin.optional(),
  to: pin.optional(),
});
const report = z.object({
  fmax: z.record(z.string(), z.object({ achieved: z.number(), constraint: z.number() })),
  utilization: z.record(z.string(), z.object({ used: z.number(), available: z.number() })),
  critical_paths: z.array(z.object({ from: z.string(), to: z.string(), path: z.array(step) })).default([]),
});

/** Reads `--report`. @param where the file, for errors */
export function readPlacementReport(
  text: string,
  where: string,
  { resources, additions }: Pick<PlaceFamily, 'resources' | 'additions'>,
): PlacementReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw checkFailed('the report of nextpnr cannot be read', { where, found: String(cause) });
  }
  const result = report.safeParse(parsed);
  if (!result.success) {
    throw checkFailed('the report of nextpnr cannot be read', { where, found: result.error.issues[0]?.message ?? '' });
  }
  const { fmax, utilization, critical_paths } = result.data;
  const [clock] = Object.entries(fmax).sort(([, a], [, b]) => a.achieved / a.constraint - b.achieved / b.constraint);
  if (clock === undefined) {
    throw checkFailed('nextpnr found no clock', { where, found: 'a design without registers' });
  }
  const [name, { achieved }] = clock;
  const slowest = critical_paths.find(({ from, to }) => from.endsWith(` ${name}`) && to.endsWith(` ${name}`));
  const utilisation = Object.fromEntries(
    Object.entries(utilization)
      .filter(([kind]) => kind in resources)
      .map(([kind, { used, available }]) => [resources[kind], { used, available }]),
  );
  const path = (slowest?.path ?? []).map(({ delay, type, net, from, to }) => ({
    kind: type,
    delayNs: delay,
    signal: designName(net ?? to?.cell ?? from?.cell ?? '', additions),
  }));
  return { fmaxMHz: achieved, utilisation, path };
}

/** `serial.core.acc_0_SB_LUT4_I2_O[3]` as `acc_0`: the tools' additions and the board's levels go. */
export function designName(name: string, additions: RegExp): string {
  return name
    .replace(/\$.*$/, '')
    .replace(additions, '')
    .replace(/^serial\.core\./, '');
}

const netlist = z.object({
  modules: z.record(
    z.string(),
    z.object({
      netnames: z
        .record(z.string(), z.object({ attributes: z.record(z.string(), z.unknown()).default({}) }))
        .default({}),
    }),
  ),
});

/** Where the named signals of a netlist (yosys's JSON) come from, as `a.v:12` or its line of TypeScript. */
export function signalOrigins(
  text: string,
  top: string,
  sourceMap: readonly MappedLine[],
  additions: RegExp,
): Map<string, string> {
  const origins = new Map<string, string>();
  const nets = netlist.parse(JSON.parse(text)).modules[top]?.netnames ?? {};
  for (const [name, { attributes }] of Object.entries(nets)) {
    const source = typeof attributes.src === 'string' ? declaration(attributes.src, name) : undefined;
    const signal = designName(name, additions);
    if (source === undefined || origins.has(signal)) continue;
    const line = source.replace(/\.\d+-\d+\.\d+$/, '');
    const shown = translateMessages(line, sourceMap);
    origins.set(signal, /^(\S+) \(/.exec(shown)?.[1] ?? line);
  }
  return origins;
}

/**
 * yosys gives a flattened signal the origins of its declaration and of all instances around it, in no order. The declaration's
 * is as long as the name.
 */
function declaration(sources: string, name: string): string | undefined {
  const length = name.split('.').at(-1)?.length ?? 0;
  const isDeclaration = (source: string) => {
    const [, line, from, toLine, to] = /:(\d+)\.(\d+)-(\d+)\.(\d+)$/.exec(source) ?? [];
    return line !== undefined && line === toLine && Number(to) - Number(from) === length;
  };
  // Files of yosys itself have whole paths.
  return sources.split('|').find((source) => !source.startsWith('/') && isDeclaration(source));
}
