/**
 * A telegraphic junction as a neuron: from the dwell times of its two states to the codes by which it flips (docs/microarchitecture-telegraph.md).
 */
import {
  type Calibration,
  correlationTimeS,
  type DwellPoint,
  type SwitchingCurve,
  spikeShare,
  switchingTable,
  telegraphCurve,
} from '../../../device/index.ts';
import { badInput } from '../../../errors/index.ts';
import type { NeuronOptions } from '../../../plan/index.ts';

/** How a junction that is looked at every time step goes on from the state it was in. */
export interface TelegraphLaw {
  readonly kind: 'telegraph';
  /** Probability that a silent one is spiking one sampling interval later, by drive; and that a spiking one still is. */
  readonly flip: SwitchingCurve;
  readonly stay: SwitchingCurve;
  readonly start: 'stationary' | 'silent';
}

/** What a telegraphic neuron is described by. */
export interface TelegraphDescription {
  /** Mean dwell times over the drive, at least two points, in A or V as `unit` says. */
  readonly dwells: readonly DwellPoint[];
  /** Time between two looks at the junction, s, > 0: one time step. */
  readonly intervalS: number;
  /** State before an image: that of the equilibrium at its first potential (when absent), or silent. */
  readonly start?: 'stationary' | 'silent' | undefined;
  readonly unit?: 'A' | 'V' | undefined;
  /** Shown in messages. */
  readonly name?: string | undefined;
}

/** A neuron that is a superparamagnetic junction: it flips by itself, and keeps its state between time steps. Throws badInput when times are not positive. */
export function telegraph(description: TelegraphDescription): {
  readonly curve: SwitchingCurve;
  readonly law: TelegraphLaw;
} {
  const { dwells, intervalS, start = 'stationary', unit = 'A', name = 'telegraphic junction' } = description;
  if (!(intervalS > 0) || !Number.isFinite(intervalS))
    throw badInput('a sampling interval must be positive', { where: name, found: `${intervalS} s` });
  const about = { name, unit, source: name };
  const curve = telegraphCurve(dwells, about);
  const points = [...dwells].sort((a, b) => a.drive - b.drive);
  const conditional = (probability: (share: number, memory: number) => number): SwitchingCurve => ({
    ...about,
    points: points.map((point) => ({
      currentA: point.drive,
      probability: probability(spikeShare(point), Math.exp(-intervalS / correlationTimeS(point))),
    })),
  });
  return {
    curve,
    law: {
      kind: 'telegraph',
      flip: conditional((share, memory) => share * (1 - memory)),
      stay: conditional((share, memory) => share + (1 - share) * memory),
      start,
    },
  };
}

/** The tables of a law, over the range of the core's table. */
export function telegraphOptions(
  { kind, flip, stay, start }: TelegraphLaw,
  calibration: Calibration,
  range: { readonly zMin: number; readonly zStep: number },
): NeuronOptions {
  return {
    kind,
    start,
    tables: (potentialStep) => {
      const codes = (curve: SwitchingCurve) => switchingTable(curve, calibration, { ...range, potentialStep }).entries;
      const flips = codes(flip);
      // Each table is interpolated by itself: what flips out of silence stays out of it all the more.
      return { flip: flips, stay: codes(stay).map((code, i) => Math.max(code, flips[i]!)) };
    },
  };
}
