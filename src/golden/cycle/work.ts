/** What a block is busy with. No hardware: only for the messages about a register that differs. */

/** The image and the time steps of a block's pass. */
export class Work {
  /** Position since reset; -1 before the first pass. */
  image = -1;
  /** Time step of lane 0. */
  firstStep = 0;

  /** A pass begins; `endsImage` says whether the pass before was its image's last. */
  begin(endsImage: number, lanes: number): void {
    if (this.image < 0 || endsImage === 1) {
      this.image += 1;
      this.firstStep = 0;
    } else this.firstStep += lanes;
  }
}

/** Of an engine also the outputs that its accumulators add up. */
export class EngineWork extends Work {
  group = 0;
  /** Position of lane 0. */
  y = 0;
  x = 0;
}
