/** The register map for other people's tools: a C header, SystemRDL 2.0 and IP-XACT, with the registers of the link. */
import { type LinkRegister, linkRegisters } from '../../link/index.ts';
import type { Plan } from '../../plan/index.ts';
import { registerMap } from './all.ts';
import type { BusRegister } from './map.ts';

/** The core's own registers, and those that its link puts beside them on a board. */
function allRegisters(plan: Plan): BusRegister[] {
  const ofLink = Object.entries<LinkRegister>(linkRegisters).map(
    ([name, { address, access, width, words = 1, doc }]): BusRegister => ({
      ...{ name, address, access, width, words, doc, signed: false, reset: 0 },
    }),
  );
  return [...registerMap(plan), ...ofLink].sort((a, b) => a.address - b.address);
}

/** Byte addresses, resets and masks as constants. */
export function registersC(plan: Plan, all = allRegisters(plan)): string {
  const prefix = plan.name.toUpperCase();
  const lines = all.flatMap(({ name, address, width, words, doc, signed }) => [
    `/* ${doc} */`,
    `#define ${prefix}_${name}_ADDRESS 0x${(4 * address).toString(16)}u`,
    `#define ${prefix}_${name}_MASK 0x${(2 ** width - 1).toString(16)}u`,
    ...(signed ? [`#define ${prefix}_${name}_SIGNED 1`] : []),
    ...(words > 1 ? [`#define ${prefix}_${name}_WORDS ${words}u`] : []),
  ]);
  return `/* Registers of the core ${plan.name}: byte addresses. */\n#ifndef ${prefix}_REGISTERS_H\n#define ${prefix}_REGISTERS_H\n\n${lines.join('\n')}\n\n#endif\n`;
}

/** SystemRDL 2.0 (Accellera). */
export function registersRdl(plan: Plan, all = allRegisters(plan)): string {
  const software = { read: 'r', write: 'w', 'read-write': 'rw' } as const;
  const registers = all.map(({ name, address, width, words, access, doc, reset }) => {
    const value = reset < 0 ? reset + 2 ** width : reset;
    return [
      '  reg {',
      `    desc = "${doc.replaceAll('"', "'")}";`,
      `    field { sw = ${software[access]}; hw = ${access === 'read' ? 'w' : 'r'}; } value[${width - 1}:0] = ${value};`,
      `  } ${name}${words > 1 ? `[${words}]` : ''} @ 0x${(4 * address).toString(16)};`,
    ].join('\n');
  });
  return `addrmap ${plan.name} {\n  name = "Registers of the core ${plan.name}";\n  default regwidth = 32;\n${registers.join('\n')}\n};\n`;
}

/** An IP-XACT component (IEEE 1685-2014) with the registers as its memory map. */
export function registersIpxact(plan: Plan, all = allRegisters(plan)): string {
  const access = { read: 'read-only', write: 'write-only', 'read-write': 'read-write' } as const;
  const registers = all.flatMap(({ name, address, width, words, access: how, doc, reset }) => {
    const value = reset < 0 ? reset + 2 ** width : reset;
    return [
      '        <ipxact:register>',
      `          <ipxact:name>${name}</ipxact:name>`,
      `          <ipxact:description>${escapeXml(doc)}</ipxact:description>`,
      ...(words > 1 ? [`          <ipxact:dim>${words}</ipxact:dim>`] : []),
      `          <ipxact:addressOffset>'h${(4 * address).toString(16)}</ipxact:addressOffset>`,
      '          <ipxact:size>32</ipxact:size>',
      '          <ipxact:field>',
      '            <ipxact:name>value</ipxact:name>',
      '            <ipxact:bitOffset>0</ipxact:bitOffset>',
      `            <ipxact:resets><ipxact:reset><ipxact:value>'h${value.toString(16)}</ipxact:value></ipxact:reset></ipxact:resets>`,
      `            <ipxact:bitWidth>${width}</ipxact:bitWidth>`,
      `            <ipxact:access>${access[how]}</ipxact:access>`,
      '          </ipxact:field>',
      '        </ipxact:register>',
    ];
  });
  const last = Math.max(...all.map(({ address, words }) => address + words));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<ipxact:component xmlns:ipxact="http://www.accellera.org/XMLSchema/IPXACT/1685-2014">',
    '  <ipxact:vendor>spinfire</ipxact:vendor>',
    '  <ipxact:library>cores</ipxact:library>',
    `  <ipxact:name>${plan.name}</ipxact:name>`,
    '  <ipxact:version>0.1.0</ipxact:version>',
    '  <ipxact:memoryMaps>',
    '    <ipxact:memoryMap>',
    '      <ipxact:name>registers</ipxact:name>',
    '      <ipxact:addressBlock>',
    '        <ipxact:name>core</ipxact:name>',
    "        <ipxact:baseAddress>'h0</ipxact:baseAddress>",
    `        <ipxact:range>'h${(4 * last).toString(16)}</ipxact:range>`,
    '        <ipxact:width>32</ipxact:width>',
    '        <ipxact:usage>register</ipxact:usage>',
    ...registers,
    '      </ipxact:addressBlock>',
    '      <ipxact:addressUnitBits>8</ipxact:addressUnitBits>',
    '    </ipxact:memoryMap>',
    '  </ipxact:memoryMaps>',
    '</ipxact:component>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
