/** The core for somebody else's system: Verilog of a wrapper, its registers for other tools, a LiteX module. */
import {
  buildWrapper,
  registersC,
  registersIpxact,
  registersRdl,
  type WrapperBus,
  wrapperMap,
} from '../../core/index.ts';
import { coreHash } from '../../flow/index.ts';
import { emitVerilog } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { litexModule } from './litex.ts';

/** Below `wrapper/`: what stands around the core's own Verilog. */
export function wrapperFiles(plan: Plan, buses: readonly WrapperBus[]): { path: string; text: string }[] {
  if (buses.length === 0) return [];
  const hash = coreHash(plan);
  const map = wrapperMap(plan, hash);
  const verilog = new Map(
    buses.flatMap((bus) => {
      const design = buildWrapper(bus, { plan, coreHash: hash, withCore: false });
      const emitted = emitVerilog(design, { generator: 'spinfire', configuration: `${bus} around ${plan.name}` });
      return emitted.files.map(({ path, text }): [string, string] => [path, text]);
    }),
  );
  const files = [
    ...[...verilog].map(([path, text]) => ({ path, text })),
    { path: 'registers.json', text: `[\n${map.map((register) => JSON.stringify(register)).join(',\n')}\n]\n` },
    { path: 'registers.h', text: registersC(plan, map) },
    { path: 'registers.rdl', text: registersRdl(plan, map) },
    { path: 'registers.xml', text: registersIpxact(plan, map) },
    ...(buses.includes('wishbone') ? [{ path: `litex_${plan.name}.py`, text: litexModule(plan, map) }] : []),
  ];
  return files.map(({ path, text }) => ({ path: `wrapper/${path}`, text }));
}
