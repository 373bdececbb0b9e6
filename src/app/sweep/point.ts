/** From a point of a sweep to what a worker needs: the plan, and the law of its devices. */
import { createHash } from 'node:crypto';
import { coreDefaults, planCore } from '../../core/index.ts';
import {
  type Calibration,
  calibrate,
  type DeviceSet,
  drawDevices,
  drawFromSet,
  logisticCurve,
  type SetOptions,
  type SwitchingCurve,
  type SwitchingTable,
  switchingTable,
  tableRange,
  trim,
  trimmedCurve,
  type Variation,
  withReadErrors,
} from '../../device/index.ts';
import { type LayerDevices, layerDevices } from '../../golden/index.ts';
import type { FloatNetwork } from '../../network/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { SweepPoint } from './file.ts';

/** What the point's names stand for. */
export interface PointInputs {
  readonly network: FloatNetwork;
  /** The curve at the point's temperature, and that which the core was calibrated with. */
  readonly curve: SwitchingCurve;
  readonly reference: SwitchingCurve;
  /** The devices that the neurons are drawn from. */
  readonly set?: { readonly devices: DeviceSet; readonly options: SetOptions } | undefined;
}

/** Devices by law instead of one by one: plain data. */
export interface DeviceLaw {
  readonly variation: Variation;
  /** Of the devices themselves: what spreads are shares of. */
  readonly calibration: Pick<Calibration, 'i50A' | 'slopeA'>;
  readonly neuronTrim: number;
  /** Drawn from measured devices instead of by `variation`; `calibration` is then the core's. */
  readonly set?: { readonly devices: DeviceSet; readonly options: SetOptions } | undefined;
  readonly silentCode: number;
  readonly spikeCode: number;
}

export interface PreparedPoint {
  planFor(seed: number): Plan;
  /** Undefined when all neurons are the calibrated device. */
  readonly law: DeviceLaw | undefined;
  /** Of everything that decides the result but images, seed and time steps. */
  readonly digest: string;
}

/** Ideal sigmoid whose threshold is as many slopes from zero drive as the spin-Hall device's is: so that spreads mean the same. */
export const idealCurve: SwitchingCurve = logisticCurve(72e-6, 12e-6, { name: 'sigmoid' });

export function preparePoint(point: SweepPoint, inputs: PointInputs): PreparedPoint {
  const { network, curve, reference } = inputs;
  const tables = pointTables(point, curve, reference);
  const layers = network.layers.filter((layer) => layer.kind !== 'averagePool').length;
  const planFor = (seed: number): Plan =>
    withTables(
      planCore({
        name: 'sweep',
        network,
        encoding: point.encoding,
        readout: point.readout,
        curve: reference,
        options: {
          weightBits: point.weightBits,
          weightScale: point.weightScale,
          // Every image owns the words of as many time steps as in the other commands.
          maxTimeSteps: coreDefaults.maxTimeSteps,
          seed,
          // Results don't depend on the fold, and nothing is built.
          force: true,
          timeLanes: 1,
          folds: Array.from({ length: layers }, () => ({
            engine: { kind: 'window', inputBanks: 2 },
            outputLanes: 1,
            positionLanes: 1,
          })),
        },
      }),
      tables,
    );
  const law = lawOf(point, curve, inputs);
  const { seed: _, ...rest } = planFor(1);
  const digest = createHash('sha256')
    .update(JSON.stringify([rest, law ?? null, point.words]))
    .digest('hex')
    .slice(0, 16);
  return { planFor, law, digest };
}

/** The tables by which the calibrated core's neurons spike when their devices have `curve`: over the range of the core's own. */
function pointTables(point: SweepPoint, curve: SwitchingCurve, reference: SwitchingCurve) {
  const calibration = calibrate(reference);
  const range = tableRange(reference, calibration);
  const correction =
    point.trim === 'none' ? undefined : trim(curve, calibration, { offsetOnly: point.trim === 'offset' });
  const trimmed = correction === undefined ? curve : trimmedCurve(curve, calibration, correction);
  const seen = point.driveError === 0 ? trimmed : overdriven(trimmed, point.driveError);
  const { missedRead: missed, falseRead } = point;
  return (potentialStep: number): SwitchingTable => {
    const table = switchingTable(seen, calibration, { ...range, potentialStep });
    return missed === 0 && falseRead === 0 ? table : withReadErrors(table, { missed, false: falseRead });
  };
}

/** The curve as a core sees it that drives every write too hard by `error`. */
function overdriven(curve: SwitchingCurve, error: number): SwitchingCurve {
  const points = curve.points.map((point) => ({ ...point, currentA: point.currentA / (1 + error) }));
  return { ...curve, points };
}

function lawOf(point: SweepPoint, curve: SwitchingCurve, { set, reference }: PointInputs): DeviceLaw | undefined {
  const { thresholdSpread, slopeSpread, stuckAtSpike, stuckSilent, neuronTrim, missedRead, falseRead } = point;
  if (set === undefined && thresholdSpread + slopeSpread + stuckAtSpike + stuckSilent === 0) return undefined;
  const { i50A, slopeA } = calibrate(set === undefined ? curve : reference);
  return {
    ...(set === undefined ? {} : { set }),
    variation: { thresholdSpread, slopeSpread, stuckAtSpike, stuckSilent },
    calibration: { i50A, slopeA },
    neuronTrim,
    silentCode: Math.round(falseRead * 65536),
    spikeCode: Math.min(65535, Math.round((1 - missedRead) * 65536)),
  };
}

function withTables(plan: Plan, tables: (potentialStep: number) => SwitchingTable): Plan {
  return {
    ...plan,
    layers: plan.layers.map((layer) =>
      'stream' in layer.neuron
        ? { ...layer, neuron: { ...layer.neuron, table: tables(2 ** -layer.fractionBits).entries } }
        : layer,
    ),
  };
}

/** The devices of every layer for one seed; the same seed draws the same devices for every point with the same spreads. */
export function devicesOf(plan: Plan, law: DeviceLaw, seed: number): (LayerDevices | undefined)[] {
  return plan.layers.map((layer, index) => {
    if (!('stream' in layer.neuron)) return undefined;
    const count = layer.neuron.stream.wordsPerTimeStep;
    const key = seed * 256 + index;
    const drawn =
      law.set === undefined
        ? drawDevices(count, law.variation, law.calibration, key)
        : drawFromSet(count, law.set.devices, law.calibration, key, law.set.options);
    const draws = drawn.map((draw) => ({
      ...draw,
      offset: trimmedOffset(draw, law.neuronTrim),
    }));
    return layerDevices(layer, draws, { silentCode: law.silentCode, spikeCode: law.spikeCode });
  });
}

/** A bias of the neuron's own, a multiple of `step`, takes the threshold back to where it was calibrated, as far as it goes. */
function trimmedOffset({ offset, gain }: { readonly offset: number; readonly gain: number }, step: number): number {
  return step === 0 ? offset : offset - gain * step * Math.round(offset / gain / step);
}
