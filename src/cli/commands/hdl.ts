/** spinfire hdl: a module of one's own, checked, emitted, simulated, drawn. */
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  checkModule,
  emitModule,
  openModule,
  runModule,
  type Stimulus,
  vcdOf,
  writeFileWhole,
  writeModule,
} from '../../app/index.ts';
import { type Diagnostic, formatDiagnostic, ruleTitles, severityOf } from '../../hdl/index.ts';
import { textTable } from '../../report/index.ts';
import { command } from '../command.ts';
import { file, folder, shaped, text, wholeNumber, written } from '../options.ts';

const moduleFile = {
  file: {
    type: file('.ts', '.mts'),
    help: 'TypeScript file that exports a module: component(...) or defineModule(...)',
  },
} as const;

const moduleOptions = {
  export: { argument: 'name', type: text, help: 'which export is the module', usual: 'the default, or the only one' },
  force: { type: 'flag', help: 'the file may take longer than a minute to run' },
} as const;

const stimulus = shaped<Stimulus>((typed) => {
  const [, port, value, from] = /^(\w+)=(-?\w+)(?:@(\d+))?$/.exec(typed) ?? [];
  return port === undefined || value === undefined ? undefined : { port, value, from: Number(from ?? 0) };
}, 'port=value, or port=value@cycle');

const runOptions = {
  ...moduleOptions,
  clocks: { argument: 'N', type: wholeNumber(1, 1_000_000), help: 'clock cycles after reset', default: 16 },
  set: {
    argument: 'port=value',
    type: stimulus,
    help: 'an input, from the first cycle on, or port=value@cycle from that cycle on; may be repeated',
    repeat: true,
  },
  signal: {
    argument: 'path',
    type: text,
    help: 'a signal to show, lane_0.sum; may be repeated',
    usual: 'all ports',
    repeat: true,
  },
} as const;

const origin = { file: z.string().optional(), line: z.number().optional() };

const checkJson = z.object({
  name: z.string().describe('of the module'),
  ok: z.boolean().describe('no rule is broken; warnings are none'),
  diagnostics: z
    .array(
      z.object({
        rule: z.string(),
        title: z.string(),
        severity: z.enum(['error', 'warning']),
        summary: z.string(),
        ...origin,
        label: z.string().optional(),
        path: z.string().optional(),
        notes: z.array(z.object({ text: z.string(), ...origin })),
        help: z.string().optional(),
      }),
    )
    .describe('broken rules and warnings, sorted by origin'),
});

export const hdlCheckCommand = command({
  name: 'hdl check',
  summary: 'hold a module of your own against the design rules',
  about:
    '`spinfire explain HDL014` shows what a rule is for. A broken rule is a failed check (exit code 1); a warning is not.',
  arguments: moduleFile,
  options: moduleOptions,
  result: checkJson,
  run: async (given, { io }) => {
    const { name, diagnostics } = await checkModule(given, io);
    const errors = diagnostics.filter(({ rule }) => severityOf(rule) === 'error').length;
    const count = `${name}: ${counted(errors, 'broken rule')}, ${counted(diagnostics.length - errors, 'warning')}`;
    return {
      json: { name, ok: errors === 0, diagnostics: diagnostics.map(diagnosticJson) },
      text: [...diagnostics.map(formatDiagnostic), count].join('\n\n'),
      exitCode: errors === 0 ? 0 : 1,
    };
  },
});

function diagnosticJson({ rule, summary, label, path, notes = [], help, origin: at }: Diagnostic) {
  return {
    rule,
    title: ruleTitles[rule],
    severity: severityOf(rule),
    summary,
    ...at.source,
    ...(label === undefined ? {} : { label }),
    ...(path === undefined ? {} : { path }),
    notes: notes.map((note) => ({ text: note.text, ...note.origin?.source })),
    ...(help === undefined ? {} : { help }),
  };
}

export const hdlEmitCommand = command({
  name: 'hdl emit',
  summary: 'write the Verilog of a module of your own, or show it',
  arguments: moduleFile,
  options: {
    ...moduleOptions,
    output: { short: 'o', argument: 'folder', type: folder, help: 'where to', usual: 'shown, not written' },
  },
  result: z.object({
    top: z.string().describe('the module'),
    files: z.array(z.string()).describe('Verilog, and contents of memories'),
    directory: z.string().optional().describe('where they were written'),
    verilog: z.record(z.string(), z.string()).optional().describe('without `-o`: the text of each file'),
  }),
  run: async ({ output, ...wish }, { io }) => {
    const design = await openModule(wish, io);
    if (output !== undefined) {
      const { top, files } = await writeModule(design, resolve(io.cwd, output));
      return { json: { top, files, directory: output }, text: `${output}: ${files.join(', ')}` };
    }
    const { top, files } = emitModule(design);
    return {
      json: {
        top,
        files: files.map(({ path }) => path),
        verilog: Object.fromEntries(files.map(({ path, text: content }) => [path, content])),
      },
      text: files.map(({ text: content }) => content.trimEnd()).join('\n\n'),
    };
  },
});

const traceJson = {
  clocks: z.number(),
  signals: z
    .array(z.object({ path: z.string(), width: z.number(), signed: z.boolean(), values: z.array(z.string()) }))
    .describe('values before each clock edge: decimal, or names of states'),
};

export const hdlSimCommand = command({
  name: 'hdl sim',
  summary: 'run a module of your own in the interpreter: a table of its signals, a line a clock cycle',
  arguments: moduleFile,
  options: runOptions,
  result: z.object({ name: z.string(), ...traceJson }),
  run: async ({ clocks, set, signal, ...wish }, { io }) => {
    const design = await openModule(wish, io);
    const { signals } = runModule(design, { clocks, stimuli: set, signals: signal.length === 0 ? undefined : signal });
    return {
      json: { name: design.top.name, clocks, signals },
      text: textTable({
        columns: ['cycle', ...signals.map(({ path }) => path)],
        rows: Array.from({ length: clocks }, (_, cycle) => [
          String(cycle),
          ...signals.map(({ values }) => values[cycle]!),
        ]),
      }),
    };
  },
});

export const hdlWavesCommand = command({
  name: 'hdl waves',
  summary: 'draw the waveform of a module of your own, or write it as VCD',
  arguments: moduleFile,
  options: {
    ...runOptions,
    vcd: { argument: 'file.vcd', type: written('.vcd'), help: 'write a value change dump, for GTKWave and its kind' },
  },
  result: z.object({
    name: z.string(),
    ...traceJson,
    drawing: z.string().describe('the waveform as text'),
    vcd: z.string().optional().describe('with `--vcd`: the file'),
  }),
  run: async ({ clocks, set, signal, vcd, ...wish }, { io }) => {
    const design = await openModule(wish, io);
    const trace = runModule(design, { clocks, stimuli: set, signals: signal.length === 0 ? undefined : signal });
    if (vcd !== undefined) writeFileWhole(resolve(io.cwd, vcd), vcdOf(design.top.name, trace));
    return {
      json: { name: design.top.name, ...trace, ...(vcd === undefined ? {} : { vcd }) },
      text: `${trace.drawing.trimEnd()}${vcd === undefined ? '' : `\n${vcd}: ${clocks} clock cycles`}`,
    };
  },
});

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
