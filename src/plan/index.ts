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
}

export interface LayerPlan {
  /** Verilog instance name, e.g. `conv1`. */
  readonly name: string;
  readonly kind: 'convolution' | 'dense';
  readonly engine: 'window' | 'event';
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
  /** Average pool of the layer's spikes (window = stride); its counts go to the next layer. */
  readonly pool?: { readonly height: number; readonly width: number };
  /** Largest input value and the bits V that hold it: 1 spike, pool area, 255 pixel. */
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
  /** The input value of a bias row: 1, or under direct encoding 255, a full-scale pixel (its weights are 255 times finer). */
  readonly biasValue: number;
  /** Signed width that no partial sum can overflow, proved from the weights. */
  readonly accumulatorBits: number;
  readonly outputLanes: number;
  readonly positionLanes: number;
  /** 1: the frame buffer in front of the layer has one bank instead of two. */
  readonly inputBanks?: 1;
  /** Accumulators for each output lane: timeSteps.lanes, or 1 under direct encoding in the first layer. */
  readonly timeLanes: number;
  /** Absent on the last layer of a potential readout. */
  readonly neurons?: NeuronPlan;
}

export interface Plan {
  readonly version: 1;
  readonly name: string;
  readonly input: PlanShape;
  readonly encoding: 'bernoulli' | 'direct';
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
  /** The number the streams' seeds were derived from. */
  readonly seed: number;
}
