/**
 * The plan: everything that the hardware and the golden model must agree on, as plain data and nothing else. It says what
 * is folded where, which taps and seeds, which widths; how a result is computed from it is written twice, in `core` and in `golden`,
 * from docs/microarchitecture.md.
 */

/** One stream of random words (an LFSR of degree 32, Fibonacci form). */
export interface StreamPlan {
  /** Exponents of the recurrence b[n+32] = XOR b[n+tap]; ascending, starts with 0, none above 32 - leap. */
  readonly taps: readonly number[];
  /** Bits by which one word advances the stream, at least 16. */
  readonly leap: number;
  /** State at (image 0, time step 0), 1..2^32-1; bit i is b[i]. */
  readonly seed: number;
  /** Words drawn in one time step: pixels of the image or neurons of the layer. */
  readonly wordsPerTimeStep: number;
}

export interface PlanShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** MTJ neurons of a layer: potential v (integer) -> table[clamp(floor(v / 2^tableShift) + tableOffset)] -> compare with a word. */
export interface NeuronPlan {
  readonly stream: StreamPlan;
  /** Codes 0..65535 by table address; a neuron spikes iff code = 65535 or word < code. The length is a power of two. */
  readonly table: readonly number[];
  readonly tableShift: number;
  readonly tableOffset: number;
  /** Trim registers of the layer, with their values after reset; absent: none. */
  readonly trim?: TrimPlan;
  /** A device of its own for each neuron; absent: all are as the table says. */
  readonly variation?: VariationPlan;
  /** Words that decide over faults, two for each neuron; present exactly with `plan.device.faults`. */
  readonly faultStream?: StreamPlan;
}

/** The neurons see floor(v * gain / 256) + offset in place of the potential v. */
export interface TrimPlan {
  /** 0..1023. */
  readonly gain: number;
  /** In units of the potential, accumulatorBits + 2 bits with sign. */
  readonly offset: number;
}

/** A value for each neuron in visiting order. Table address: floor((v * gain / 2^tableShift + offset) / 256), clamped. */
export interface VariationPlan {
  /** Not negative, in 1/256. */
  readonly gain: readonly number[];
  /** In 1/256 of a table entry; takes the place of tableOffset and contains it. */
  readonly offset: readonly number[];
  /** 0 works, 1 always spikes, 2 never does. */
  readonly stuck: readonly number[];
  /** Unsigned and signed widths that hold all of them. */
  readonly gainBits: number;
  readonly offsetBits: number;
}

/** What the hardware has of the device's behaviour, with the values of its registers after reset (docs/microarchitecture-device.md). */
export interface DevicePlan {
  /** Write, read and reset take clocks of their own, 0..255 each, unless `fast` folds them into one. */
  readonly phases?: {
    readonly fast: boolean;
    readonly writeClocks: number;
    readonly readClocks: number;
    readonly resetClocks: number;
  };
  /** Writes, reads, resets and spikes are counted. */
  readonly counters?: true;
  /** The switching tables can be written. */
  readonly loadTable?: true;
  /** Probabilities as codes 0..65535: a switched device is not read as such, an idle one is, a reset has no effect. */
  readonly faults?: { readonly missed: number; readonly falseRead: number; readonly failedReset: number };
  /** The curve of a layer's neurons can be measured. */
  readonly selfTest?: true;
}

/** The 8-bit values of an integer layer: sum v -> table[clamp(floor(v / 2^tableShift) + tableOffset)]. No chance in it. */
export interface ActivationPlan {
  /** Values 0..255 by table address; the length is a power of two. */
  readonly table: readonly number[];
  readonly tableShift: number;
  readonly tableOffset: number;
}

export interface LayerPlan {
  /** Verilog instance name, e.g. `conv1`. */
  readonly name: string;
  readonly kind: 'convolution' | 'dense';
  readonly engine: 'window' | 'event' | 'wide';
  readonly input: PlanShape;
  /** Before the pool. */
  readonly output: PlanShape;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
  /** Average pool of the layer's spikes or values (window = stride); its sums go to the next layer. */
  readonly pool?: { readonly height: number; readonly width: number };
  /** Largest input value and the bits V that hold it: 1 spike, pool area, 255 pixel or integer value, 255 x pool area. */
  readonly inputMax: number;
  readonly valueBits: number;
  readonly weightBits: number;
  /** Potential z = v * 2^-fractionBits. */
  readonly fractionBits: number;
  /** [output channel][tap], tap order (ky, kx, input channel). */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** The bias split into rows of weightBits: [row][output channel]; columns times `biasValue` sum to `bias`. */
  readonly biasRows: readonly (readonly number[])[];
  /** The input value of a bias row: 1, or with pixels and integer values inputMax (the weights are finer by that factor). */
  readonly biasValue: number;
  /** Signed width that no partial sum can overflow, proved from the weights. */
  readonly accumulatorBits: number;
  readonly outputLanes: number;
  readonly positionLanes: number;
  /** Inputs that a wide engine takes at once, I; absent on other engines. */
  readonly inputLanes?: number;
  /** 1: the frame buffer in front of the layer has one bank instead of two. */
  readonly inputBanks?: 1;
  /** Accumulators for each output lane: timeSteps.lanes, or 1 under direct encoding in the first layer. */
  readonly timeLanes: number;
  /** Absent on the last layer of a potential readout, and in an integer core. */
  readonly neurons?: NeuronPlan;
  /** What takes the neurons' place in an integer core, on every layer but the last. */
  readonly activation?: ActivationPlan;
}

export interface Plan {
  readonly version: 1;
  readonly name: string;
  readonly input: PlanShape;
  readonly encoding: 'bernoulli' | 'direct';
  /**
   * `integer`: the baseline without chance. 8-bit values go from layer to layer, each from a sigmoid table, and an image has one time step;
   * direct encoding, window engines, potential readout. Absent: MTJ neurons.
   */
  readonly activation?: 'integer';
  /** Pixels a beat of the input stream, K; absent: 1. More want a wide engine with as many input lanes in the first layer. */
  readonly pixelLanes?: number;
  /** 1: an image is taken in only after the one before has been read. */
  readonly imageBanks?: 1;
  /** Bernoulli encoding's stream; absent under direct encoding. */
  readonly inputStream?: StreamPlan;
  readonly timeSteps: {
    /** Largest run-time number of time steps, Tmax: every image owns this many time steps of words. */
    readonly max: number;
    /** Time steps done side by side, Tp. */
    readonly lanes: number;
    /** What the tools use unless told otherwise. */
    readonly default: number;
    /**
     * How a stream comes to the start of a time step. Absent: its lanes are loaded with start states. `draw` (one time lane only): the
     * lane goes on where the time step before ended, and draws the words of unused time steps, one a clock.
     */
    readonly seeding?: 'draw';
  };
  /** An image may be answered before its last pass, by the margin between the best two classes. */
  readonly earlyExit?: true;
  readonly layers: readonly LayerPlan[];
  readonly readout: { readonly kind: 'potential' | 'count'; readonly classes: number; readonly scoreBits: number };
  /** Absent: ideal neurons, and no register bus. */
  readonly device?: DevicePlan;
  /** The number the streams' seeds were derived from. */
  readonly seed: number;
}
