/** MTJ chip beside CMOS: ratios in three scopes, and what each assumption does to them. */
import type { NetworkEvents } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import { type Assumption, type Assumptions, withValue } from './assumptions.ts';
import { type ChipDevice, type ChipEstimate, estimateChip } from './chip.ts';
import { type DigitalCore, type DigitalEstimate, estimateDigital } from './digital.ts';

/** CMOS energy over MTJ energy for each image. */
export interface Ratios {
  /** Stochastic units alone: write, read, reset, spike register against LFSR, table, comparator. */
  readonly neurons: number;
  /** With crossbars against accumulators, weight memories and the frames between the layers: the nearest to what the paper compares (reconstructed). */
  readonly neuronsAndSynapses: number;
  /** With encoder, image buffer and readout. */
  readonly wholeCore: number;
}

/** Of the paper's abstract: everything else about its baseline is unknown to us. */
export const paperRatio = 20;

export interface Comparison {
  readonly mtj: ChipEstimate;
  readonly cmos: DigitalEstimate;
  readonly ratios: Ratios;
  /** The additions that the spikes ask for and nothing else: no digital core can do with less. */
  readonly floor: { readonly additions: number; readonly energyJ: number };
}

export interface ComparisonInputs {
  readonly plan: Plan;
  readonly events: NetworkEvents;
  readonly device: ChipDevice;
  readonly digital: DigitalCore;
}

export function compare({ plan, events, device, digital }: ComparisonInputs, assumptions: Assumptions): Comparison {
  const mtj = estimateChip(plan, events, device, assumptions);
  const cmos = estimateDigital(digital, plan, assumptions);
  const additions = plan.layers.reduce((total, layer, index) => {
    // A count of c is c spikes, of which a digital adder takes one value; a pixel under direct encoding is one value too.
    const rows = events.layers[index]!.activeInputs / events.images;
    return total + rows * layer.output.channels;
  }, 0);
  const floor = { additions, energyJ: additions * assumptions.cmos.additionJ.value };
  return { mtj, cmos, ratios: ratiosOf(mtj, cmos), floor };
}

export function ratiosOf(
  mtj: Pick<ChipEstimate, 'totalJ' | 'neuronsJ' | 'neuronsAndSynapsesJ'>,
  cmos: Pick<DigitalEstimate, 'totalJ' | 'neuronsJ' | 'neuronsAndSynapsesJ'>,
): Ratios {
  return {
    neurons: cmos.neuronsJ / mtj.neuronsJ,
    neuronsAndSynapses: cmos.neuronsAndSynapsesJ / mtj.neuronsAndSynapsesJ,
    wholeCore: cmos.totalJ / mtj.totalJ,
  };
}

/** A bar of the tornado chart. */
export interface Sensitivity {
  readonly section: 'chip' | 'cmos';
  readonly name: string;
  readonly assumption: Assumption;
  readonly atLow: Ratios;
  readonly atHigh: Ratios;
}

/** Each assumption at its low and high end, the others at their values; the widest bar (of the whole core) first, those without effect left out. */
export function sensitivities(inputs: ComparisonInputs, assumptions: Assumptions): Sensitivity[] {
  const bars: Sensitivity[] = [];
  for (const section of ['chip', 'cmos'] as const) {
    for (const [name, assumption] of Object.entries(assumptions[section]) as [string, Assumption][]) {
      const at = (value: number) => compare(inputs, withValue(assumptions, section, name, value)).ratios;
      bars.push({ section, name, assumption, atLow: at(assumption.low), atHigh: at(assumption.high) });
    }
  }
  const width = ({ atLow, atHigh }: Sensitivity) =>
    Math.max(
      Math.abs(Math.log(atLow.wholeCore / atHigh.wholeCore)),
      Math.abs(Math.log(atLow.neuronsAndSynapses / atHigh.neuronsAndSynapses)),
    );
  return bars.filter((bar) => width(bar) > 1e-9).sort((a, b) => width(b) - width(a));
}

/** All chip and CMOS assumptions at the end that favours CMOS, and at the end that favours MTJs: the ratio can hardly leave this range. */
export function extremeRatios(
  inputs: ComparisonInputs,
  assumptions: Assumptions,
  bars: readonly Sensitivity[],
): { readonly least: Ratios; readonly most: Ratios } {
  let least = assumptions;
  let most = assumptions;
  for (const { section, name, assumption, atLow, atHigh } of bars) {
    const rises = atHigh.wholeCore >= atLow.wholeCore;
    least = withValue(least, section, name, rises ? assumption.low : assumption.high);
    most = withValue(most, section, name, rises ? assumption.high : assumption.low);
  }
  return { least: compare(inputs, least).ratios, most: compare(inputs, most).ratios };
}
