/** What a plan is made from beside the network. */
import type { SwitchingTable } from '../../device/index.ts';
import type { DeviceOptions, DeviceScale } from './device.ts';

/** How one layer is spread over hardware. */
export interface LayerFold {
  readonly engine: 'window' | 'event' | 'wide';
  readonly outputLanes: number;
  readonly positionLanes: number;
  /** Inputs at once, of a wide engine. */
  readonly inputLanes?: number | undefined;
  /** 1: the frame buffer in front of the layer has one bank instead of two. */
  readonly inputBanks?: 1 | undefined;
}

export interface PlanOptions {
  readonly name: string;
  /** Switching table of the device (src/device) for a layer whose potentials are `potentialStep` apart: one size and range for every layer. */
  readonly table: (potentialStep: number) => SwitchingTable;
  readonly readout: 'potential' | 'count';
  /** Any unsigned 32-bit number. */
  readonly seed: number;
  /** Largest run-time number of time steps. */
  readonly maxTimeSteps: number;
  readonly defaultTimeSteps: number;
  /** Time steps done side by side. */
  readonly timeLanes: number;
  /** `draw`: streams without a seeder, for one time lane. */
  readonly seeding?: 'draw' | undefined;
  readonly earlyExit?: true | undefined;
  /** Pixels a beat of the input stream; 1 unless told otherwise. */
  readonly pixelLanes?: number | undefined;
  /** 1: one image at a time. */
  readonly imageBanks?: 1 | undefined;
  /** What of the device's behaviour the hardware has. */
  readonly device?: DeviceOptions | undefined;
  /** The calibrated device, for spreads. */
  readonly deviceScale?: DeviceScale | undefined;
  /** One for each layer. */
  readonly folds: readonly LayerFold[];
}
