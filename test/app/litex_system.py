"""A LiteX system around the core: a Wishbone master and the streams at its pins. Writes the Verilog that LiteX makes: litex_system.py FOLDER CORE OUT."""

import importlib
import sys

from litex.build.generic_platform import Pins
from litex.build.sim import SimPlatform
from litex.soc.integration.soc import SoCRegion
from litex.soc.integration.soc_core import SoCMini
from litex.soc.interconnect import wishbone
from migen.genlib.io import CRG

folder, name, out = sys.argv[1:]
sys.path.insert(0, f"{folder}/wrapper")
core = importlib.import_module(f"litex_{name}")
BASE = 0x30000000

pins = {"sys_clk": 1, "adr": 30, "dat_w": 32, "dat_r": 32, "cyc": 1, "stb": 1, "we": 1, "ack": 1, "irq": 1}
streams = {"sink_data": 8, "sink_valid": 1, "sink_last": 1, "sink_ready": 1}
streams |= {"source_data": 32, "source_valid": 1, "source_last": 1, "source_ready": 1}
platform = SimPlatform("SIM", [(pin, 0, Pins(bits)) for pin, bits in (pins | streams).items()])
soc = SoCMini(platform, clk_freq=int(1e6), ident="system")
soc.submodules.crg = CRG(platform.request("sys_clk"))
soc.submodules.core = core.Core(platform)
soc.bus.add_slave("core", soc.core.bus, SoCRegion(origin=BASE, size=core.Core.SIZE, cached=False))
host = wishbone.Interface(data_width=32, address_width=32, addressing="word")
soc.bus.add_master(name="host", master=host)
of = platform.request
soc.comb += [host.adr.eq(of("adr")), host.dat_w.eq(of("dat_w")), host.sel.eq(15), host.we.eq(of("we"))]
soc.comb += [host.cyc.eq(of("cyc")), host.stb.eq(of("stb")), of("dat_r").eq(host.dat_r), of("ack").eq(host.ack)]
soc.comb += [soc.core.sink.data.eq(of("sink_data")), soc.core.sink.valid.eq(of("sink_valid"))]
soc.comb += [soc.core.sink.last.eq(of("sink_last")), of("sink_ready").eq(soc.core.sink.ready)]
soc.comb += [of("source_data").eq(soc.core.source.data), of("source_valid").eq(soc.core.source.valid)]
soc.comb += [of("source_last").eq(soc.core.source.last), soc.core.source.ready.eq(of("source_ready"))]
soc.comb += of("irq").eq(soc.core.irq)
soc.finalize()
platform.get_verilog(soc, name="litex_top").write(out)
print(core.csr_csv(BASE))
