/** The pass that the engine in front of the neurons works on. */
export interface PassState {
  readonly active: number;
  readonly last: number;
  /** Number of its image; 0 without early exit. */
  readonly image: number;
}
