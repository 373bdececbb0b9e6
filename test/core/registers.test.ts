import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { registerMap, registersC, registersIpxact, registersRdl } from '../../src/core/index.ts';
import { linkRegisters } from '../../src/link/index.ts';
import { devicePlan } from '../sim/small-core.ts';

const plan = devicePlan();

describe('the register map', () => {
  it('has an address for each register, none twice, the link among them', () => {
    const own = registerMap(plan).flatMap(({ address, words }) => Array.from({ length: words }, (_, i) => address + i));
    const all = [...own, ...Object.values(linkRegisters).map(({ address }) => address)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is a C header that a compiler takes, with every register', () => {
    const header = registersC(plan);
    for (const { name, address } of registerMap(plan))
      expect(header).toContain(`_${name}_ADDRESS 0x${(4 * address).toString(16)}u\n`);
    execFileSync('g++', ['-x', 'c++', '-fsyntax-only', '-Wall', '-Werror', '-'], { input: header });
  });

  it('is SystemRDL with every register at its byte address', () => {
    const text = registersRdl(plan);
    for (const { name, address, words } of registerMap(plan))
      expect(text).toContain(`} ${name}${words > 1 ? `[${words}]` : ''} @ 0x${(4 * address).toString(16)};`);
    expect(text).toContain('} IMAGE @ 0x64;');
    expect(text.split('{').length).toBe(text.split('}').length);
  });

  it('is IP-XACT that an XML parser takes, with every register at its byte address', () => {
    const script = [
      'import sys, xml.etree.ElementTree as tree',
      "ns = '{http://www.accellera.org/XMLSchema/IPXACT/1685-2014}'",
      'for register in tree.fromstring(sys.stdin.read()).iter(ns + "register"):',
      '    field = register.find(ns + "field")',
      '    print(*[register.find(ns + tag).text for tag in ("name", "addressOffset")], field.find(ns + "bitWidth").text)',
    ].join('\n');
    const lines = execFileSync('python3', ['-c', script], { input: registersIpxact(plan) })
      .toString()
      .split('\n');
    for (const { name, address, width } of registerMap(plan))
      expect(lines).toContain(`${name} 'h${(4 * address).toString(16)} ${width}`);
    expect(lines.filter((line) => line !== '')).toHaveLength(
      registerMap(plan).length + Object.keys(linkRegisters).length,
    );
  });
});
