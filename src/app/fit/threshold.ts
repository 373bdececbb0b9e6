/** Where a network of two classes, a yes or a no, is cut. */

/**
 * What class 1 gets so that most images are answered rightly; class 0 stays. Between the two images where the answers part best, in the middle; of
 * several such places the one nearest to 0.
 *
 * @param margins [image]: score of class 1 less that of class 0
 * @param targets [image]: the class that is right, 0 or 1
 */
export function fitThreshold(margins: ArrayLike<number>, targets: ArrayLike<number>): number {
  const order = Array.from(margins, (_, i) => i).sort((a, b) => margins[a]! - margins[b]!);
  // Below all: every image is of class 1.
  let right = order.reduce((sum, i) => sum + (targets[i] === 1 ? 1 : 0), 0);
  let best = { right: -1, cut: 0 };
  for (let at = 0; at <= order.length; at += 1) {
    const [below, above] = [margins[order[at - 1]!], margins[order[at]!]];
    if (below === undefined || above === undefined || below < above) {
      const cut = placeBetween(below, above);
      if (right > best.right || (right === best.right && Math.abs(cut) < Math.abs(best.cut))) best = { right, cut };
    }
    if (at < order.length) right += targets[order[at]!] === 0 ? 1 : -1;
  }
  return best.cut === 0 ? 0 : -best.cut;
}

/** 0 where it lies between two margins (one may be missing); else their middle, or one beyond the only one. */
function placeBetween(below: number | undefined, above: number | undefined): number {
  if ((below ?? Number.NEGATIVE_INFINITY) < 0 && (above ?? Number.POSITIVE_INFINITY) > 0) return 0;
  if (below === undefined) return (above ?? 0) - 1;
  return above === undefined ? below + 1 : (below + above) / 2;
}
