/** Progress on stderr: a line that moves on a terminal, plain lines now and then elsewhere. */
import type { Progress, Report } from '../app/index.ts';
import type { Io } from './io.ts';

interface RunningStep {
  readonly title: string;
  readonly started: number;
  fraction: number;
  words: string;
  lastLine: number;
}

/** Elsewhere than on a terminal a step says something this often. */
const plainIntervalMs = 10_000;
const redrawIntervalMs = 100;
const barWidth = 24;

export function createProgress(stderr: Io['stderr'], now: () => number = () => performance.now()): Progress {
  const running: RunningStep[] = [];
  const live = stderr.isTTY === true;
  let drawnLines = 0;
  let lastDraw = Number.NEGATIVE_INFINITY;

  const erase = () => {
    if (drawnLines > 0) stderr.write(`\u001b[${drawnLines}A\u001b[J`);
    drawnLines = 0;
  };
  const draw = () => {
    erase();
    // A line that wraps could not be erased.
    const width = Math.max(20, (stderr.columns ?? 80) - 1);
    for (const step of running) stderr.write(`${`${bar(step.fraction)} ${describe(step, now())}`.slice(0, width)}\n`);
    drawnLines = running.length;
    lastDraw = now();
  };

  return {
    async step(title, work) {
      const step: RunningStep = { title, started: now(), fraction: 0, words: '', lastLine: now() };
      running.push(step);
      const report: Report = (fraction, words = '') => {
        step.fraction = Math.min(1, Math.max(0, fraction));
        step.words = words;
        if (live && now() - lastDraw >= redrawIntervalMs) draw();
        if (!live && now() - step.lastLine >= plainIntervalMs) {
          step.lastLine = now();
          stderr.write(`${describe(step, now())}\n`);
        }
      };
      if (live) draw();
      else stderr.write(`${title} ...\n`);
      let verdict = 'failed';
      try {
        const result = await work(report);
        verdict = 'done';
        return result;
      } finally {
        running.splice(running.indexOf(step), 1);
        if (live) erase();
        stderr.write(`${title}: ${verdict} in ${seconds(now() - step.started)}\n`);
        if (live) draw();
      }
    },
  };
}

const bar = (fraction: number) => {
  const full = Math.round(fraction * barWidth);
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`;
};

function describe(step: RunningStep, now: number): string {
  const percent = `${Math.floor(step.fraction * 100)} %`;
  return `${step.title}: ${percent}${step.words === '' ? '' : `, ${step.words}`}, ${seconds(now - step.started)}`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
