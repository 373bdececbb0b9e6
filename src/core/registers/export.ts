/** The register map for other people's tools: a C header and SystemRDL 2.0, with the registers of the link. */
import { type LinkRegister, linkRegisters } from '../../link/index.ts';
import type { Plan } from '../../plan/index.ts';
import { registerMap } from './all.ts';
import type { BusRegister } from './map.ts';

/** The core's own registers, and those that its link puts beside them on a board. */
function allRegisters(plan: Plan): BusRegister[] {
  const ofLink = Object.entries<LinkRegister>(linkRegisters).map(
    ([name, { address, access, width, doc }]): BusRegister => ({
      ...{ name, address, access, width, doc, signed: false, reset: 0, words: 1 },
    }),
  );
  return [...registerMap(plan), ...ofLink].sort((a, b) => a.address - b.address);
}

/** Byte addresses, resets and masks as constants. */
export function registersC(plan: Plan): string {
  const prefix = plan.name.toUpperCase();
  const lines = allRegisters(plan).flatMap(({ name, address, width, words, doc, signed }) => [
    `/* ${doc} */`,
    `#define ${prefix}_${name}_ADDRESS 0x${(4 * address).toString(16)}u`,
    `#define ${prefix}_${name}_MASK 0x${(2 ** width - 1).toString(16)}u`,
    ...(signed ? [`#define ${prefix}_${name}_SIGNED 1`] : []),
    ...(words > 1 ? [`#define ${prefix}_${name}_WORDS ${words}u`] : []),
  ]);
  return `/* Registers of the core ${plan.name}: byte addresses. */\n#ifndef ${prefix}_REGISTERS_H\n#define ${prefix}_REGISTERS_H\n\n${lines.join('\n')}\n\n#endif\n`;
}

/** SystemRDL 2.0 (Accellera). */
export function registersRdl(plan: Plan): string {
  const software = { read: 'r', write: 'w', 'read-write': 'rw' } as const;
  const registers = allRegisters(plan).map(({ name, address, width, words, access, doc, reset }) => {
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
