/** MTJ chip beside CMOS: ratios in three scopes against several baselines, and what each assumption does to them. */
import type { NetworkEvents } from '../golden/index.ts';
import { layerAdditions, type Plan } from '../plan/index.ts';
import { type BuiltInputs, builtEstimate, withProcess } from './array/index.ts';
import { type Assumption, type Assumptions, valuesOf, withValue } from './assumptions.ts';
import { type ChipDevice, type ChipEstimate, estimateChip } from './chip.ts';
import { type DigitalCore, type DigitalEstimate, estimateDigital } from './digital.ts';
import { type LedgerLine, ledger, ledgerTotal } from './ledger.ts';

/** CMOS energy over MTJ energy for each image. */
export interface Ratios {
  /** Stochastic units alone: write, read, reset, spike register against LFSR, table, comparator. */
  readonly neurons: number;
  /** With crossbars against accumulators and weight memories. */
  readonly neuronsAndSynapses: number;
  /** The whole chip: every line of the ledger on both sides. */
  readonly wholeCore: number;
}

/** Of the paper's abstract: everything else about its baseline is unknown to us. */
export const paperRatio = 20;

/** What the chip is compared with, whole chip unless told otherwise. */
export interface Headline {
  readonly stochastic: Ratios;
  /** Without the clock of idle registers and repeated reads, on both sides: a bound, computed from the measurement. */
  readonly gated: number;
  /** Whole chip of `stochasticArray`. */
  readonly eventDriven: number;
  /**
   * As `stochastic`, with an event-driven array in place of the convolutions' engines: an addition for each input that spikes, at the energy that such an array's
   * netlist was measured to take, nothing for silent ones. All other blocks are the measured core's.
   */
  readonly stochasticArray: Ratios;
  /** The same network in integers, as a core of ours; the chip then shares that core's blocks. */
  readonly integer?: Ratios;
  /** As `integer`, with such an array in place of its convolutions' engines. */
  readonly integerArray?: Ratios;
  /** Multiplications of the network at the energy of published accelerators, against everything of the chip. */
  readonly published: number;
  /** Analog chip alone over everything of the stochastic core: what is left when nothing else on the chip costs anything. */
  readonly analogOnly: number;
}

/** The chip of MTJs beside the digital core. */
export interface Comparison {
  /** `totalJ` is the whole chip's, `analogJ` that of devices, crossbars and converters. */
  readonly mtj: ChipEstimate & { readonly analogJ: number };
  readonly cmos: DigitalEstimate;
  readonly integerEstimate?: DigitalEstimate;
  readonly ledger: readonly LedgerLine[];
  readonly ratios: Ratios;
  readonly headline: Headline;
  /** The additions that the spikes ask for and nothing else: no digital core can do with less. */
  readonly floor: { readonly additions: number; readonly energyJ: number };
}

/** What is compared: a plan, its events, the device, a measured core. */
export interface ComparisonInputs {
  readonly plan: Plan;
  readonly events: NetworkEvents;
  readonly device: ChipDevice;
  readonly digital: DigitalCore;
  readonly integer?: { readonly core: DigitalCore; readonly plan: Plan } | undefined;
  /** The chip that is built; without it the crossbar is the one on paper, of the page of assumptions. */
  readonly built?: BuiltInputs | undefined;
}

/** Both sides of the comparison and their ratios, under these assumptions. */
export function compare(inputs: ComparisonInputs, assumptions: Assumptions): Comparison {
  const { plan, events, device, digital, integer, built } = inputs;
  const chip =
    built === undefined
      ? estimateChip(plan, events, device, assumptions)
      : builtEstimate(plan, events, device, assumptions, built);
  const shares = valuesOf<'chip'>(assumptions.chip);
  const cmos = estimateDigital(digital, plan, assumptions);
  const lines = ledger(chip, cmos, plan, shares);
  const wholeJ = ledgerTotal(lines, 'mtj');
  const additions = plan.layers.reduce((total, _, index) => total + additionsOf(inputs, index), 0);
  const floor = { additions, energyJ: additions * assumptions.cmos.additionJ.value };
  const mtj = { ...chip, analogJ: chip.totalJ, totalJ: wholeJ };
  const integerEstimate = integer && estimateDigital(integer.core, integer.plan, assumptions);
  const besideInteger =
    integer && integerEstimate && ledgerTotal(ledger(chip, integerEstimate, integer.plan, shares), 'mtj');
  const ratios = ratiosOf(mtj, cmos);
  const { spikeAdditionJ, arrayMacJ } = valuesOf<'cmos'>(assumptions.cmos);
  const stochasticArray = ratiosOf(
    mtj,
    withArrays(cmos, plan, (i) => additionsOf(inputs, i) * spikeAdditionJ),
  );
  const ungated = cmos.gatedJ / cmos.totalJ;
  return {
    mtj,
    cmos,
    ...(integerEstimate === undefined ? {} : { integerEstimate }),
    ledger: lines,
    ratios,
    headline: {
      stochastic: ratios,
      gated: cmos.gatedJ / (chip.totalJ + (wholeJ - chip.totalJ) * ungated),
      eventDriven: stochasticArray.wholeCore,
      stochasticArray,
      ...(integer === undefined || integerEstimate === undefined || besideInteger === undefined
        ? {}
        : {
            integer: ratiosOf({ ...chip, totalJ: besideInteger }, integerEstimate),
            integerArray: ratiosOf(
              { ...chip, totalJ: besideInteger },
              withArrays(integerEstimate, integer.plan, (i) => layerAdditions(integer.plan.layers[i]!) * arrayMacJ),
            ),
          }),
      published: (multiplications(plan) * assumptions.cmos.macJ.value) / (besideInteger ?? wholeJ),
      analogOnly: cmos.totalJ / chip.totalJ,
    },
    floor,
  };
}

/** Of a layer in an image: one for each input that spikes and each output. A count of c is c spikes, of which a digital adder takes one value; so is a pixel under direct encoding. */
function additionsOf({ plan, events }: ComparisonInputs, index: number): number {
  return (events.layers[index]!.activeInputs / events.images) * plan.layers[index]!.output.channels;
}

/** A core whose engines that walk over every input have given way to arrays; an event engine takes nothing for a silent input to begin with. */
function withArrays(
  core: DigitalEstimate,
  plan: Plan,
  energyOf: (layer: number) => number,
): Pick<DigitalEstimate, 'totalJ' | 'neuronsJ' | 'neuronsAndSynapsesJ'> {
  const savedJ = plan.layers.reduce((sum, { name, kind, engine }, layer) => {
    if (kind !== 'convolution' || engine.kind === 'event') return sum;
    const block = core.blocks.find((each) => each.name === name);
    return block === undefined ? sum : sum + block.totalJ - energyOf(layer);
  }, 0);
  return {
    totalJ: core.totalJ - savedJ,
    neuronsJ: core.neuronsJ,
    neuronsAndSynapsesJ: core.neuronsAndSynapsesJ - savedJ,
  };
}

function multiplications(plan: Plan): number {
  return plan.layers.reduce((sum, layer) => sum + layerAdditions(layer), 0);
}

/** CMOS energy over MTJ energy, by how much of the core is compared. */
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
  readonly section: 'chip' | 'cmos' | 'process';
  readonly name: string;
  readonly assumption: Assumption;
  readonly atLow: Ratios;
  readonly atHigh: Ratios;
  readonly headlineAtLow: Headline;
  readonly headlineAtHigh: Headline;
}

/** Each assumption at its low and high end, the others at their values; the widest bar (of the whole core) first, those without effect left out. */
export function sensitivities(inputs: ComparisonInputs, assumptions: Assumptions): Sensitivity[] {
  const bars: Sensitivity[] = [];
  for (const section of ['chip', 'cmos', 'process'] as const) {
    const numbers = section === 'process' ? (inputs.built?.parts.ranges ?? {}) : assumptions[section];
    for (const [name, assumption] of Object.entries(numbers) as [string, Assumption][]) {
      const at = (value: number) => {
        const changed = changedBy({ inputs, assumptions }, section, name, value);
        return compare(changed.inputs, changed.assumptions);
      };
      const [low, high] = [at(assumption.low), at(assumption.high)];
      bars.push({
        ...{ section, name, assumption, atLow: low.ratios, atHigh: high.ratios },
        ...{ headlineAtLow: low.headline, headlineAtHigh: high.headline },
      });
    }
  }
  const width = (bar: Sensitivity) =>
    Math.max(
      ...headlineKeys.map((key) => {
        const [low, high] = [headlineValue(bar.headlineAtLow, key), headlineValue(bar.headlineAtHigh, key)];
        return low === undefined || high === undefined ? 0 : Math.abs(Math.log(low / high));
      }),
    );
  const whole = ({ atLow, atHigh }: Sensitivity) => Math.abs(Math.log(atLow.wholeCore / atHigh.wholeCore));
  return bars.filter((bar) => width(bar) > 1e-9).sort((a, b) => whole(b) - whole(a) || width(b) - width(a));
}

/** One number changed: of the page of assumptions, or of the process that the chip is built in. */
function changedBy(
  { inputs, assumptions }: { readonly inputs: ComparisonInputs; readonly assumptions: Assumptions },
  section: Sensitivity['section'],
  name: string,
  value: number,
): { readonly inputs: ComparisonInputs; readonly assumptions: Assumptions } {
  if (section !== 'process') return { inputs, assumptions: withValue(assumptions, section, name, value) };
  const { built } = inputs;
  return { inputs: built === undefined ? inputs : { ...inputs, built: withProcess(built, name, value) }, assumptions };
}

/** The cells of the headline table. */
export const headlineKeys = [
  'stochastic.neurons',
  'stochastic.neuronsAndSynapses',
  'stochastic.wholeCore',
  'gated',
  'eventDriven',
  'stochasticArray.neuronsAndSynapses',
  'integer.neurons',
  'integer.neuronsAndSynapses',
  'integer.wholeCore',
  'integerArray.neuronsAndSynapses',
  'integerArray.wholeCore',
  'published',
  'analogOnly',
] as const;

/** One of the headline's ratios. */
export type HeadlineKey = (typeof headlineKeys)[number];

export function headlineValue(headline: Headline, key: HeadlineKey): number | undefined {
  const [first, second] = key.split('.') as [keyof Headline, keyof Ratios | undefined];
  const value = headline[first];
  return typeof value === 'number' ? value : second === undefined ? undefined : value?.[second];
}

/** A ratio with what its bars make of it. */
export interface RatioInterval {
  readonly value: number;
  /** All bars as independent errors: their logarithms added as squares, each side for itself. */
  readonly low: number;
  readonly high: number;
}

/** The headline's ratios, each with the interval that all assumptions together leave. */
export type HeadlineIntervals = { readonly [Key in HeadlineKey]?: RatioInterval };

/** How far each of the headline's ratios moves with the assumptions. */
export function headlineIntervals(headline: Headline, bars: readonly Sensitivity[]): HeadlineIntervals {
  const result: { [Key in HeadlineKey]?: RatioInterval } = {};
  for (const key of headlineKeys) {
    const value = headlineValue(headline, key);
    if (value === undefined) continue;
    let [down, up] = [0, 0];
    for (const bar of bars) {
      const moves = [bar.headlineAtLow, bar.headlineAtHigh].map((at) => Math.log(headlineValue(at, key)! / value));
      down += Math.min(0, ...moves) ** 2;
      up += Math.max(0, ...moves) ** 2;
    }
    result[key] = { value, low: value * Math.exp(-Math.sqrt(down)), high: value * Math.exp(Math.sqrt(up)) };
  }
  return result;
}

/** All chip and CMOS assumptions at the end that favours CMOS, and at the end that favours MTJs. A term that is in no line of the ledger cannot move it. */
export function extremeRatios(
  inputs: ComparisonInputs,
  assumptions: Assumptions,
  bars: readonly Sensitivity[],
): { readonly least: Ratios; readonly most: Ratios } {
  let least = { inputs, assumptions };
  let most = { inputs, assumptions };
  for (const { section, name, assumption, atLow, atHigh } of bars) {
    const rises = atHigh.wholeCore >= atLow.wholeCore;
    least = changedBy(least, section, name, rises ? assumption.low : assumption.high);
    most = changedBy(most, section, name, rises ? assumption.high : assumption.low);
  }
  return {
    least: compare(least.inputs, least.assumptions).ratios,
    most: compare(most.inputs, most.assumptions).ratios,
  };
}
