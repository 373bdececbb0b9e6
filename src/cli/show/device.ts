/** A device over time, as tables. */
import type { MemoryCost, ProcessStudy } from '../../app/index.ts';
import type { SwitchingCurve } from '../../device/index.ts';
import { textTable } from '../../report/index.ts';

export function deviceText(
  study: ProcessStudy,
  curve: SwitchingCurve,
  cost: readonly MemoryCost[] | undefined,
): string {
  const ns = (seconds: number) => `${Number((seconds * 1e9).toPrecision(4))} ns`;
  const { figures, cycle } = study;
  const heat = (pulse: typeof figures.write) =>
    `${(pulse.energyJ * 1e15).toFixed(1)} fJ, +${pulse.withOxideK.toFixed(0)} K (oxide takes part) to +${pulse.adiabaticK.toFixed(0)} K (adiabatic)`;
  const need = study.restNeededS === undefined ? 'longer than those tried, or more trials' : ns(study.restNeededS);
  return [
    textTable({
      title: `${curve.name}: spike probability after each past (computed, ${study.points[0]!.trials} cycles of each; reset ${(cycle.resetA * 1e6).toFixed(1)} uA)`,
      columns: ['potential', 'rest', 'fresh', 'after silence', 'after a spike', 'later steps', 'reset fails'],
      rows: study.points.map((point) => [
        point.z.toFixed(0),
        ns(point.restS),
        ...[point.fresh, point.afterSilent, point.afterSpike, point.later].map((value) => value.toFixed(3)),
        point.failedReset.toFixed(4),
      ]),
    }),
    '',
    `rest needed until nothing is remembered (mean loss of P after a spike at most ${study.tolerance}, two standard errors included): ${need}; damping time ${ns(study.dampingTimeS)}`,
    `time step of a device that is written again at once: ${ns(study.stepS)}, with the rest needed ${study.restNeededS === undefined ? '-' : ns(study.stepS - cycle.restS + study.restNeededS)}`,
    `write at I50 (computed): ${heat(figures.write)}`,
    `reset (computed): ${heat(figures.reset)}`,
    `barrier ${figures.barrierKT.toFixed(1)} kT at ${figures.temperatureK} K: retention ${figures.retentionS.toPrecision(2)} s (attempt time 1 ns assumed)`,
    `endurance: 1e11 writes (assumed bound) take ${(study.daysTo1e11Writes * 24 * 60).toPrecision(2)} minutes of writing in every time step`,
    `current density of the reset in the heavy metal ${figures.currentDensityAPerM2.toPrecision(2)} A/m2; read disturb ${study.readDisturb.toPrecision(1)} a read; TMR ${(100 * study.tmr).toFixed(0)} %`,
    'a macrospin leaves out: domain walls and edge modes, exchange stiffness, spin pumping, Oersted field, stray field of the reference layer (give it as a bias field), self-heating during the pulse',
    ...(cost === undefined ? [] : ['', costTable(cost)]),
  ].join('\n');
}

function costTable(cost: readonly MemoryCost[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return textTable({
    title: `Accuracy with and without the memory (functional golden model); spikes ${percent(cost.at(-1)!.spikeChange)}`,
    columns: ['time steps', 'right, no memory', 'right, with memory'],
    rows: cost.map(({ timeSteps, right, rightWithMemory }) => [
      `${timeSteps}`,
      percent(right),
      percent(rightWithMemory),
    ]),
  });
}
