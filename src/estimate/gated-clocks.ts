/** Cells on gated clocks: how often their clock comes, and what they draw then. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CellPower, clockGate, gatedFlipFlops, type InstancePower, type SynthesisResult } from '../flow/index.ts';
import type { Activity } from '../sim/index.ts';

/** Power at `activity` toggles a cycle of a cell's output: OpenSTA's is linear in it. */
export function powerAt({ idle, busy }: InstancePower, activity: number): CellPower {
  const at = (share: keyof CellPower) => idle[share] + (busy[share] - idle[share]) * activity;
  return { internalW: at('internalW'), switchingW: at('switchingW'), leakageW: at('leakageW') };
}

/**
 * Toggles of each cell's outputs, from the pins that cells drive, which alone are traced. Of a cell with several outputs (Q and QN, sum and carry) the mean: its power at one toggle a cycle is that
 * of all of them.
 */
export function meanToggles(activity: Activity): Map<string, number> {
  const counts = new Map<string, number[]>();
  for (const [name, bits] of activity.signals) {
    const cell = name.slice(0, name.lastIndexOf('/'));
    const own = counts.get(cell) ?? [];
    own.push(...bits.map((bit) => bit.toggles));
    counts.set(cell, own);
  }
  return new Map([...counts].map(([cell, own]) => [cell, own.reduce((sum, one) => sum + one, 0) / own.length]));
}

/**
 * Power at an activity, with the clock's share for the cycles in which it comes. What the AND of a gate drives are clock pins and wires: they are in the estimate of the
 * clock tree, as they are without gates, and in no other figure.
 */
export function gatedAt(power: InstancePower, activity: number, open: number | undefined, path: string): CellPower {
  if (open === undefined) return powerAt(power, activity);
  const { idle, busy } = power;
  if (path.endsWith(`/${clockGate.and}`)) return { ...still(idle), internalW: idle.internalW * open };
  const clocked = { internalW: idle.internalW * open, switchingW: idle.switchingW, leakageW: idle.leakageW };
  return powerAt(
    { idle: clocked, busy: { ...busy, internalW: busy.internalW - idle.internalW * (1 - open) } },
    activity,
  );
}

/** What the clock costs a cell that is on a gated one. */
export interface GatedClocks {
  /** Share of cycles in which the clock comes through, by instance: flip-flops, and the AND of each gate. */
  readonly gated: ReadonlyMap<string, number>;
  readonly flipFlops: number;
  readonly gates: number;
  readonly meanOpen: number;
}

/** Without the clock's edges: leakage alone. */
export const still = ({ leakageW }: CellPower): CellPower => ({ internalW: 0, switchingW: 0, leakageW });

/** The latch of each gate holds the enable of the coming edge: the cycles in which it was 1 are counted. */
export async function clocksOf(synthesis: SynthesisResult, activity: Activity, gating: boolean): Promise<GatedClocks> {
  if (!gating) return { gated: new Map(), flipFlops: 0, gates: 0, meanOpen: 1 };
  const { json: file } = synthesis.files;
  if (file === undefined) return { gated: new Map(), flipFlops: 0, gates: 0, meanOpen: 1 };
  const json = await readFile(join(synthesis.directory, file), 'utf8');
  const flipFlops = gatedFlipFlops(json, synthesis.top);
  const open = new Map<string, number>();
  const share = (gate: string): number => {
    const known = open.get(gate);
    if (known !== undefined) return known;
    const latch = [...activity.signals.keys()].find((name) => name.startsWith(`${gate}/${clockGate.latch}/`));
    const high = latch === undefined ? activity.cycles : (activity.signals.get(latch)![0]?.high ?? 0);
    open.set(gate, high / activity.cycles);
    return high / activity.cycles;
  };
  const gated = new Map([...flipFlops].map(([path, gate]) => [path, share(gate)]));
  const meanOpen = [...gated.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, gated.size);
  for (const [gate, one] of open) gated.set(`${gate}/${clockGate.and}`, one);
  return { gated, flipFlops: flipFlops.size, gates: open.size, meanOpen };
}
