/** A family of curves, for people and for programs. */
import type { FamilyKind } from '../../app/index.ts';
import type { Family } from '../../device/index.ts';
import { textTable } from '../../report/index.ts';

export function familyFields(kind: FamilyKind, { base, members }: Family) {
  return {
    family: kind,
    base: { i50A: base.i50A, slopeA: base.slopeA },
    members: members.map(({ value, label, report: { i50A, slopeA }, curve, trim }) => ({
      ...{ value, label, i50A, slopeA, trim },
      curve: curve.points,
    })),
  };
}

export function familyText(kind: FamilyKind, { base, members }: Family): string {
  const micro = (value: number) => (value * 1e6).toFixed(2);
  return [
    textTable({
      title: `Curves by ${kind}, and the trim that a core calibrated for the device itself needs`,
      columns: [kind, 'I50, uA', 'slope, uA', 'gain', 'offset of potential', 'off the sigmoid', 'after the trim'],
      rows: members.map(({ label, report, trim }) => [
        label,
        ...[micro(report.i50A), micro(report.slopeA), trim.gain.toFixed(3), trim.offset.toFixed(3)],
        ...[trim.rmsBefore.toFixed(4), trim.rmsAfter.toFixed(4)],
      ]),
    }),
    `the device itself: I50 ${micro(base.i50A)} uA, slope ${micro(base.slopeA)} uA; off the sigmoid: root mean square over potentials -8..8`,
  ].join('\n');
}
