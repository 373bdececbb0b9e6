/** What a kind of neuron is to the functional model when its spikes do not depend on potential and word alone by one table. */

/** Random words of a time step: `words[at + n]` is neuron n's. */
export interface StepWords {
  readonly words: Uint16Array;
  readonly at: number;
}

export interface Thresholds {
  /** Between two images. */
  nextImage(): void;
  /**
   * For each neuron in visiting order the threshold below which its word makes it spike, 0..65536; called once a time step, in their order. The array is used
   * again by the next call.
   */
  thresholds(potentials: Int32Array, words: StepWords, faultWords: StepWords | undefined): Int32Array;
}
