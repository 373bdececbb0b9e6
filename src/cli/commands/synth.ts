/** spinfire synth: what a core costs in cells. */

import { join } from 'node:path';
import type { z } from 'zod';
import { openCore, verilogFiles } from '../../app/index.ts';
import {
  memoryAreaUm2,
  readSourceMap,
  type SynthesisResult,
  synthesise,
  systemEnvironment,
  targetNames,
} from '../../flow/index.ts';
import { textTable } from '../../report/index.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { coreName, libertyOption, workOption } from '../core-options.ts';
import { oneOf } from '../options.ts';
import { synthJson } from '../results/flow.ts';

const options = {
  target: { argument: 'target', type: oneOf(targetNames), help: targetNames.join(', '), required: true },
  liberty: libertyOption,
  work: workOption,
} as const;

type Result = ResultOf<z.output<typeof synthJson>>;

export const synthCommand = command({
  name: 'synth',
  summary: 'synthesise a core with yosys',
  arguments: { name: coreName },
  options,
  result: synthJson,
  run: synth,
});

async function synth(
  { name, ...chosen }: GivenOf<typeof options> & { readonly name: string },
  context: CommandContext,
): Promise<Result> {
  const { io, progress } = context;
  const { directory, work, plan } = openCore(name, io, chosen.work);
  const result = await progress.step(`synthesis of ${plan.name} for ${chosen.target}`, (report) =>
    synthesise(
      {
        directory,
        top: plan.name,
        verilogFiles: verilogFiles(directory),
        target: chosen.target,
        liberty: chosen.liberty,
        outputDirectory: join(work, 'synth'),
        sourceMap: readSourceMap(directory),
        signal: io.signal,
        onProgress: (message) => report(0, message),
      },
      systemEnvironment(io.env, io.cwd),
    ),
  );
  return describe(plan.name, result);
}

function describe(name: string, result: SynthesisResult): Result {
  const { target, toolVersion, luts, ffs, rams, dsps, cells, areaUm2, memoryBits, timing, notes, cached, seconds } =
    result;
  const numbers: [string, string][] =
    areaUm2 === undefined
      ? [
          ['LUTs', String(luts)],
          ['flip-flops', String(ffs)],
          ['block RAMs', String(rams)],
          ['DSPs', String(dsps)],
        ]
      : [
          ['cell area', `${Math.round(areaUm2)} um2`],
          ['flip-flops', String(ffs)],
          ['memories', `${rams}, ${memoryBits ?? 0} bits, not in the area`],
          ...(timing === undefined
            ? []
            : ([['clock', `${timing.fmaxMHz.toFixed(0)} MHz at most (slack ${timing.slackNs.toFixed(2)} ns)`]] as [
                string,
                string,
              ][])),
        ];
  const lines = [
    `${name} for ${target}, yosys ${toolVersion}${cached ? ' (kept from an earlier run)' : `, ${seconds.toFixed(1)} s`}`,
    textTable({ columns: ['', ''], rows: numbers })
      .split('\n')
      .slice(2)
      .join('\n'),
    textTable({
      columns: ['cell', 'number'],
      rows: Object.entries(cells).map(([cell, count]) => [cell, String(count)]),
    }),
    ...areaTables(result),
    ...notes.map((note) => `note: ${note}`),
  ];
  const memories = result.memories?.map((memory) => memory.instances * memoryAreaUm2(memory));
  return {
    json: {
      ...result,
      ...(memories === undefined ? {} : { memoryAreaUm2: memories.reduce((sum, own) => sum + own, 0) }),
    },
    text: lines.join('\n'),
  };
}

/** Of asic45: cell area by module, and the memories by their model. */
function areaTables({ areaByModule, areaUm2, memories }: SynthesisResult): string[] {
  if (areaByModule === undefined || areaUm2 === undefined) return [];
  const modules = Object.entries(areaByModule).sort(([, a], [, b]) => b.totalAreaUm2 - a.totalAreaUm2);
  return [
    textTable({
      title: 'Cell area by module, each without what is inside it',
      columns: ['module', 'number', 'um2', ''],
      rows: modules.map(([module, { instances, totalAreaUm2 }]) => [
        module,
        String(instances),
        totalAreaUm2.toFixed(0),
        `${((100 * totalAreaUm2) / areaUm2).toFixed(1)} %`,
      ]),
    }),
    textTable({
      title: 'Memories, by a fit to CACTI-made 45 nm SRAMs (at most 46 % off)',
      columns: ['memory', 'words', 'bits', 'number', 'um2'],
      rows: (memories ?? []).map((memory) => [
        `${memory.module}.${memory.name}`,
        String(memory.words),
        String(memory.width),
        String(memory.instances),
        (memory.instances * memoryAreaUm2(memory)).toFixed(0),
      ]),
    }),
  ];
}
