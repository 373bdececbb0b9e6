/** A LiteX module around the Wishbone wrapper of a core. */
import type { BusRegister } from '../../core/index.ts';
import type { Plan } from '../../plan/index.ts';

/** Python: a module with a bus, a stream of pixels, one of answers and an interrupt; `REGISTERS` has byte offsets, as csr.csv has. */
export function litexModule(plan: Plan, map: readonly BusRegister[]): string {
  const name = plan.name;
  const words = Math.max(...map.map(({ address, words: count }) => address + count));
  const addressBits = Math.max(5, Math.ceil(Math.log2(words)));
  const modes = { read: 'ro', write: 'wo', 'read-write': 'rw' } as const;
  const registers = map.map(
    ({ name: register, address, words: count, access }) =>
      `    "${register.toLowerCase()}": (0x${(4 * address).toString(16)}, ${count}, "${modes[access]}"),`,
  );
  return `"""The core ${name} as a LiteX module, written by spinfire.

    soc.submodules.${name} = Core(platform)
    soc.bus.add_slave("${name}", soc.${name}.bus, SoCRegion(size=Core.SIZE, cached=False))
"""

from pathlib import Path

from litex.soc.interconnect import stream, wishbone
from migen import ClockSignal, Instance, Module, ResetSignal, Signal

# Byte offset, words and mode of each register.
REGISTERS = {
${registers.join('\n')}
}


def csr_csv(base):
    """The registers in the form of LiteX's csr.csv, for litex_cli and RemoteClient."""
    rows = (f"csr_register,${name}_{name},0x{base + at:08x},{words},{mode}" for name, (at, words, mode) in REGISTERS.items())
    return "\\n".join([f"csr_base,${name},0x{base:08x},,", *rows, ""])


class Core(Module):
    """\`sink\`: pixels, ${8 * plan.pixelLanes} bits a beat, \`last\` with an image's last; \`source\`: scores, then the class with \`last\`."""

    SIZE = 0x${(4 * 2 ** addressBits).toString(16)}

    def __init__(self, platform=None, folder=Path(__file__).parent):
        self.bus = bus = wishbone.Interface(data_width=32, adr_width=30, addressing="word")
        self.sink = sink = stream.Endpoint([("data", ${8 * plan.pixelLanes}), ("drop", 1)])
        self.source = source = stream.Endpoint([("data", 32)])
        self.irq = Signal()
        self.specials += Instance(
            "${name}_wishbone",
            i_clk=ClockSignal(),
            i_rst=ResetSignal(),
            i_wb_cyc=bus.cyc,
            i_wb_stb=bus.stb,
            i_wb_we=bus.we,
            i_wb_adr=bus.adr[:${addressBits}],
            i_wb_dat_w=bus.dat_w,
            o_wb_dat_r=bus.dat_r,
            o_wb_ack=bus.ack,
            i_s_axis_tdata=sink.data,
            i_s_axis_tvalid=sink.valid,
            i_s_axis_tlast=sink.last,
            i_s_axis_tuser=sink.drop,
            o_s_axis_tready=sink.ready,
            o_m_axis_tdata=source.data,
            o_m_axis_tvalid=source.valid,
            o_m_axis_tlast=source.last,
            i_m_axis_tready=source.ready,
            o_irq=self.irq,
        )
        if platform is not None:
            # The core's own Verilog and memories lie in the folder above.
            for path in sorted([*folder.glob("*.v"), *folder.parent.glob("*.v")]):
                platform.add_source(str(path))
`;
}
