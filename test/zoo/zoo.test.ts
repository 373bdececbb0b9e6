import { describe, expect, it } from 'vitest';
import { SpinfireError } from '../../src/errors/index.ts';
import { readZooModel, tools, zooDifference, zooEntries } from './zoo.ts';

describe('files that other tools wrote', () => {
  it('are at least 150', () => {
    expect(tools.reduce((sum, tool) => sum + zooEntries(tool).length, 0)).toBeGreaterThanOrEqual(150);
  });

  for (const tool of tools) {
    it(`${tool}: computes what onnxruntime computes, and refuses the others for the right reason`, () => {
      const problems: string[] = [];
      for (const entry of zooEntries(tool)) {
        const problem = problemOf(tool, entry);
        if (problem !== undefined) problems.push(`${entry.file}: ${problem}`);
      }
      expect(problems).toEqual([]);
    });
  }
});

it('two classes of one last neuron are decided by what drives it, not by its spikes', () => {
  for (const file of ['mlp_two', 'mlp_two_plain', 'sgd_log_two']) {
    const { network, output } = readZooModel('sklearn', { file });
    const last = network.layers.at(-1)!;
    expect(network.layers.filter(({ kind }) => kind === 'dense')).toHaveLength(file === 'sgd_log_two' ? 1 : 2);
    expect(last).toMatchObject({ outputs: 2, sigmoid: false });
    expect(output.ending).toBe('softmax');
  }
});

function problemOf(tool: string, entry: ReturnType<typeof zooEntries>[number]): string | undefined {
  try {
    const model = readZooModel(tool, entry);
    if (entry.refused !== undefined) return 'taken, but it must be refused';
    const { height, width, channels } = model.network.input;
    const [h, w, c] = entry.layout ?? [height, width, channels];
    if (h !== height || w !== width || (c !== channels && c !== channels - 1))
      return `an input of ${height} x ${width} x ${channels}`;
    const difference = zooDifference(model, entry);
    return difference <= (entry.tolerance ?? 1e-4) ? undefined : `off by ${difference}`;
  } catch (error) {
    if (!(error instanceof SpinfireError)) throw error;
    if (entry.refused === undefined) return `refused: ${error.message}`;
    return error.message.includes(entry.refused) ? undefined : `refused for another reason: ${error.message}`;
  }
}
