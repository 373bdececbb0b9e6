/** The core for somebody else's system: Verilog of a wrapper, its registers for other tools, a LiteX module. */
import {
  buildTile,
  buildWrapper,
  registersC,
  registersIpxact,
  registersRdl,
  tileName,
  tilePins,
  type WrapperBus,
  type WrapperKind,
  wrapperBuses,
  wrapperMap,
} from '../../core/index.ts';
import { coreHash } from '../../flow/index.ts';
import { emitVerilog } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { litexModule } from './litex.ts';

/** Below `wrapper/`: what stands around the core's own Verilog, the files `verilog` in the folder above. */
export function wrapperFiles(
  plan: Plan,
  kinds: readonly WrapperKind[],
  verilog: readonly string[],
): { path: string; text: string }[] {
  const buses = wrapperBuses.filter((bus) => kinds.includes(bus));
  const tile = kinds.includes('tinytapeout') ? tileFiles(plan, verilog) : [];
  return [...(buses.length === 0 ? [] : busFiles(plan, buses)), ...tile].map(({ path, text }) => ({
    path: `wrapper/${path}`,
    text,
  }));
}

/** The top of a tile, and what TinyTapeout wants to know of it. */
function tileFiles(plan: Plan, verilog: readonly string[]): { path: string; text: string }[] {
  const emitted = emitVerilog(buildTile(plan, false), {
    generator: 'spinfire',
    configuration: `TinyTapeout tile around ${plan.name}`,
  });
  const top = tileName(plan);
  const sources = [`${top}.v`, ...verilog];
  const both = Array.from({ length: 8 }, (_, pin) => Object.values(tilePins).find((one) => one.pin === pin)?.doc ?? '');
  const pins = (name: string, docs: readonly string[]) => docs.map((doc, pin) => `  ${name}[${pin}]: "${doc}"`);
  const info = [
    '# For https://tinytapeout.com: put it beside src/ with the files below, and say who you are and how many tiles it takes.',
    'project:',
    `  title: "${plan.name}, a core of stochastic spiking neurons"`,
    '  author: ""',
    `  description: "Classifies images of ${plan.input.height} x ${plan.input.width} x ${plan.input.channels} pixels with neurons that spike by chance"`,
    '  language: "Verilog"',
    '  clock_hz: 0',
    '  tiles: "1x1"',
    `  top_module: "${top}"`,
    '  source_files:',
    ...sources.map((file) => `    - "${file}"`),
    'pinout:',
    ...pins(
      'ui',
      Array.from({ length: 8 }, (_, bit) => `pixel, bit ${bit}`),
    ),
    ...pins(
      'uo',
      Array.from({ length: 8 }, (_, bit) => `byte of the answer, bit ${bit}`),
    ),
    ...pins('uio', both),
    'yaml_version: 6',
    '',
  ];
  return [...emitted.files, { path: 'info.yaml', text: info.join('\n') }];
}

function busFiles(plan: Plan, buses: readonly WrapperBus[]): { path: string; text: string }[] {
  const hash = coreHash(plan);
  const map = wrapperMap(plan, hash);
  const verilog = new Map(
    buses.flatMap((bus) => {
      const design = buildWrapper(bus, { plan, coreHash: hash, withCore: false });
      const emitted = emitVerilog(design, { generator: 'spinfire', configuration: `${bus} around ${plan.name}` });
      return emitted.files.map(({ path, text }): [string, string] => [path, text]);
    }),
  );
  return [
    ...[...verilog].map(([path, text]) => ({ path, text })),
    { path: 'registers.json', text: `[\n${map.map((register) => JSON.stringify(register)).join(',\n')}\n]\n` },
    { path: 'registers.h', text: registersC(plan, map) },
    { path: 'registers.rdl', text: registersRdl(plan, map) },
    { path: 'registers.xml', text: registersIpxact(plan, map) },
    ...(buses.includes('wishbone') ? [{ path: `litex_${plan.name}.py`, text: litexModule(plan, map) }] : []),
  ];
}
