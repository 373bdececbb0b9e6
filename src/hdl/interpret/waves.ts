/** Waveforms as text, for tests and documents. */
import type { Simulation } from './simulation.ts';

/** A waveform that is being recorded. */
export interface Waves {
  /** One column a clock cycle, one row a signal. */
  text(): string;
  /** Stops recording. */
  stop(): void;
}

/** How a waveform is drawn. */
export interface WaveOptions {
  /** Base of the numbers; 10 unless given. */
  readonly radix?: 2 | 10 | 16;
}

/** Records signals before every clock edge from now on. */
export function recordWaves(simulation: Simulation, paths: readonly string[], options: WaveOptions = {}): Waves {
  const { radix = 10 } = options;
  const rows = paths.map((path) => ({ path, ...simulation.describe(path), samples: [] as string[] }));
  const cycles: number[] = [];
  const stop = simulation.beforeEdge(() => {
    cycles.push(simulation.cycle);
    for (const row of rows) {
      const isState = row.states !== undefined;
      row.samples.push(isState ? simulation.peekState(row.path) : simulation.peek(row.path).toString(radix));
    }
  });
  return {
    stop,
    text() {
      const texts = rows.filter((row) => row.kind !== 'bool').flatMap((row) => row.samples);
      const cell = Math.max(4, ...[...texts, ...cycles.map(String)].map((text) => text.length + 2));
      const label = Math.max(5, ...paths.map((path) => path.length)) + 2;
      const lines = [`${'cycle'.padEnd(label)}${cycles.map((cycle) => ` ${cycle}`.padEnd(cell)).join('')}`];
      for (const row of rows) {
        const draw = row.kind === 'bool' ? drawLevel : drawValues;
        lines.push(`${row.path.padEnd(label)}${draw(row.samples, cell)}`);
      }
      return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
    },
  };
}

/** `____/~~~~\____`: the slope stands in the cycle that starts with the new level. */
function drawLevel(samples: readonly string[], cell: number): string {
  return samples
    .map((sample, index) => {
      const before = samples[index - 1] ?? sample;
      const level = sample === '1' ? '~' : '_';
      const first = before === sample ? level : sample === '1' ? '/' : '\\';
      return first + level.repeat(cell - 1);
    })
    .join('');
}

/** `|3     |4  `: a value is written where it begins. */
function drawValues(samples: readonly string[], cell: number): string {
  return samples
    .map((sample, index) => (samples[index - 1] === sample ? ' '.repeat(cell) : `|${sample}`.padEnd(cell)))
    .join('');
}
