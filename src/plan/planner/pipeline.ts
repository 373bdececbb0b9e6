/** How often a pipeline of blocks gives a result, when the blocks wait for each other. */

/** A block that takes in one pass after the other: the encoder, or a layer. */
export interface Stage {
  /** Clocks from the start of a pass to its last output. */
  readonly pass: number;
  /** Clocks from the start of an image's last pass until the block may begin the next image's first: at least `pass`, more where words are left unused. */
  readonly last: number;
  /** Where inputs have one bank: clocks from the start of a pass until the next one's may come. Absent: there are two. */
  readonly held?: number;
}

/** Passes that wait between two blocks. */
const banks = 2;
/** Images until the rhythm is steady, and those that it is measured over; less for long chains, where each image is thousands of passes. */
const lead = 4;
const measured = 8;
const mostSteps = 50_000;

/**
 * Clock cycles between two images' results in steady state. A block starts a pass when it is done with the one before, its input is there, and the next block has
 * a free bank for what comes out. So it is not only the slowest block that counts: one that throws unused words away at the end of an image starves the next ones
 * once they have emptied its two banks.
 *
 * @param passes of an image
 */
export function clocksPerImage(stages: readonly Stage[], passes: number): number {
  const slowest = Math.max(...stages.map(({ pass, last }) => (passes - 1) * pass + last));
  if (stages.every(({ pass, last, held }) => last <= pass && held === undefined)) return slowest;
  const images = Math.max(1, Math.min(measured, Math.floor(mostSteps / (stages.length * passes)) - lead));
  // [stage]: ends of its last passes, the latest first.
  const ends = stages.map(() => new Array<number>(banks).fill(0));
  const free = new Float64Array(stages.length);
  let from = 0;
  for (let pass = 0; pass < (lead + images) * passes; pass += 1) {
    const isLast = pass % passes === passes - 1;
    let ready = 0;
    for (const [at, stage] of stages.entries()) {
      const room = roomAt(stages[at + 1], ends[at + 1]);
      const start = Math.max(ready, free[at]!, room);
      ready = start + stage.pass;
      free[at] = start + (isLast ? stage.last : stage.pass);
      const own = ends[at]!;
      own.pop();
      own.unshift(ready);
    }
    if (pass === lead * passes - 1) from = ready;
    else if (pass === (lead + images) * passes - 1) return Math.max(slowest, (ready - from) / images);
  }
  return slowest;
}

/** When a block has room for a pass, before which it has begun all others: its latest end but one is that of the pass two before. */
function roomAt(next: Stage | undefined, ends: readonly number[] | undefined): number {
  if (next === undefined || ends === undefined) return 0;
  return next.held === undefined ? ends[banks - 1]! : ends[0]! - next.pass + next.held;
}
