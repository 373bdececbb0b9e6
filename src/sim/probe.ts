/**
 * How the harness reads registers: a module bound to the core's top exports functions (IEEE 1800, clause 35) that write them as 32-bit
 * words, by hierarchical names. Verilator's own tables of variables would do it too, but their classes change from one version to the next.
 */
import type { CoreFiles } from './core-files.ts';
import { busOutputs, monitorOutputs, outputPorts } from './signals.ts';

export interface ProbeFiles {
  /** SystemVerilog: the module, and the `bind` that puts it into the top. */
  readonly module: string;
  /** C++: names and places of the words for sampler.h. */
  readonly header: string;
}

interface Probed {
  /** As the list of signals calls it: instance path, then the name. */
  readonly path: string;
  readonly width: number;
}

/**
 * How the probe names a signal: a generate loop's copy is a scope in Verilog, `lane[0].unit.word`, but yosys unrolls loops, and the
 * scope becomes a part of the instance's or register's escaped name, `\lane[0].unit .word`.
 */
function reference({ path }: Probed, core: CoreFiles): string {
  return core.unrolled === true ? path.replace(/(?:\w+\[\d+\]\.)+\w+/g, '\\$& ') : path;
}

/** Signals of one exported function: a single one for thousands of registers would take the compiler long. */
const signalsPerFunction = 256;

/** Whether the core has a register bus. */
export function hasBus(core: CoreFiles): boolean {
  return core.registers.some(({ path }) => path === 'device_control.ack' || path === 'monitor.ack');
}

/** For every register and every output port of the core. */
export function probeFiles(core: CoreFiles): ProbeFiles {
  const signals = probedSignals(core);
  const groups: Probed[][] = [];
  for (let from = 0; from < signals.length; from += signalsPerFunction)
    groups.push(signals.slice(from, from + signalsPerFunction));
  return { module: probeModule(core, groups), header: probeHeader(core.top, groups) };
}

function probedSignals(core: CoreFiles): Probed[] {
  const signals = new Map<string, Probed>();
  for (const { path, width } of core.registers) signals.set(path, { path, width });
  for (const port of [...outputPorts, ...(hasBus(core) ? busOutputs : []), ...monitorOutputs]) {
    const width = core.widths.get(port);
    if (width !== undefined) signals.set(port, { path: port, width });
  }
  return [...signals.values()];
}

const wordsOf = ({ width }: Probed) => Math.ceil(width / 32);
const groupWords = (group: readonly Probed[]) => group.reduce((sum, signal) => sum + wordsOf(signal), 0);

function probeModule(core: CoreFiles, groups: readonly (readonly Probed[])[]): string {
  const { top } = core;
  const functions = groups.flatMap((group, index) => {
    let word = 0;
    const samples = group.map((signal) => {
      const words = Array.from({ length: wordsOf(signal) }, () => `sampled_words[${word++}]`).reverse();
      const target = words.length === 1 ? words[0]! : `{${words.join(', ')}}`;
      return `    ${target} = ${words.length * 32}'($unsigned(${top}.${reference(signal, core)}));`;
    });
    return [
      `  export "DPI-C" function spinfire_sample_${index};`,
      `  function void spinfire_sample_${index}(output int unsigned sampled_words[0:${word - 1}]);`,
      ...samples,
      '  endfunction',
      `  export "DPI-C" function spinfire_widths_${index};`,
      `  function void spinfire_widths_${index}(output int unsigned sampled_words[0:${group.length - 1}]);`,
      ...group.map((signal, i) => `    sampled_words[${i}] = $bits(${top}.${reference(signal, core)});`),
      '  endfunction',
    ];
  });
  return [
    '// Registers and output ports of the core as words, for the harness.',
    '`timescale 1ns / 1ps',
    'module spinfire_probe;',
    ...functions,
    'endmodule',
    `bind ${top} spinfire_probe spinfire_probe ();`,
    '',
  ].join('\n');
}

function probeHeader(top: string, groups: readonly (readonly Probed[])[]): string {
  const offsets = groups.map((_, index) => groups.slice(0, index).reduce((sum, group) => sum + groupWords(group), 0));
  const counts = groups.map((_, index) => groups.slice(0, index).reduce((sum, group) => sum + group.length, 0));
  const names = groups.flat().map((signal) => `    {"${signal.path}", ${wordsOf(signal)}},`);
  return [
    '// What spinfire_probe exports, in its order: name and 32-bit words of each signal.',
    '#pragma once',
    '#include "Vcore__Dpi.h"',
    '',
    `static const char* const probeScope = "core.${top}.spinfire_probe";`,
    'static const struct { const char* name; uint32_t words; } probeSignals[] = {',
    ...names,
    '};',
    'static inline void probeSample(uint32_t* words) {',
    ...groups.map((_, index) => `    spinfire_sample_${index}(words + ${offsets[index]});`),
    '}',
    'static inline void probeWidths(uint32_t* widths) {',
    ...groups.map((_, index) => `    spinfire_widths_${index}(widths + ${counts[index]});`),
    '}',
    '',
  ].join('\n');
}
