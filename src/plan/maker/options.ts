/** What a plan is made from beside the network. */
import type { SwitchingTable } from '../../device/index.ts';
import type { LayerPlan, Plan } from '../schema/index.ts';
import type { DeviceOptions, DeviceScale } from './device.ts';
import type { NeuronOptions } from './neurons.ts';

/** How one layer is spread over hardware. */
export type LayerFold = Pick<LayerPlan, 'engine' | 'outputLanes' | 'positionLanes'>;

/** What watches over a core; what is absent is not there. */
export interface MonitorOptions {
  /** Lead of the best score below which an answer abstains, until the host writes another. */
  readonly abstain?: number | undefined;
  /** For each layer whose neurons spike, mean spikes in a time step of an image; `free`: no limits until the host writes some. */
  readonly rates?: readonly { readonly low: number; readonly high: number }[] | 'free' | undefined;
  readonly lockup?: boolean | undefined;
  /** Clocks without progress, rounded up to a power of two. */
  readonly stallClocks?: number | undefined;
  readonly activity?: boolean | undefined;
  /** Checksums of weights and tables are compared while nobody reads them. */
  readonly checksum?: boolean | undefined;
  /** The host reads and replaces weights and tables; wants `checksum`. Accumulators and scores then have room for any weights. */
  readonly load?: boolean | undefined;
}

/** What a plan is made from beside the network. */
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
  /** `seeder` when absent; `draw`: streams without a seeder, for one time lane. */
  readonly seeding?: Plan['seeding'] | undefined;
  /** `none` when absent. */
  readonly earlyExit?: Plan['earlyExit'] | undefined;
  /** Pixels a beat of the input stream; 1 unless told otherwise. */
  readonly pixelLanes?: number | undefined;
  /** 2 when absent; 1: one image at a time. */
  readonly imageBanks?: Plan['imageBanks'] | undefined;
  /** What of the device's behaviour the hardware has. */
  readonly device?: DeviceOptions | undefined;
  /** The calibrated device, for spreads. */
  readonly deviceScale?: DeviceScale | undefined;
  /** Neurons of a kind that wants more than `table`, which then is their equilibrium. */
  readonly neuron?: NeuronOptions | undefined;
  /** What watches over the core; nothing when absent. */
  readonly monitors?: MonitorOptions | undefined;
  /** One for each layer. */
  readonly folds: readonly LayerFold[];
}
