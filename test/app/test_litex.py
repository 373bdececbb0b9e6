"""cocotb: the core in a LiteX system, registers through LiteX's interconnect, images through its streams."""

import os
from pathlib import Path

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

VECTORS = Path(os.environ["CORE"]) / "testbench" / "vectors"
BASE = 0x30000000 >> 2
CORE_HASH, CLASSES, TIME_STEPS, IMAGE, SEEKING, INTERRUPTS, INTERRUPT_ENABLE = 17, 20, 23, 25, 26, 27, 29


def vector(name):
    return [int(word, 16) for word in (VECTORS / f"{name}.hex").read_text().split()]


async def access(dut, address, data=None):
    dut.adr.value, dut.dat_w.value, dut.we.value = BASE + address, data or 0, int(data is not None)
    dut.cyc.value = dut.stb.value = 1
    for _ in range(100):
        await FallingEdge(dut.sys_clk)
        if int(dut.ack.value):
            break
    else:
        raise AssertionError(f"no answer from {address}")
    value = int(dut.dat_r.value)
    dut.cyc.value = dut.stb.value = 0
    await FallingEdge(dut.sys_clk)
    return value


async def send(dut, pixels):
    for at, pixel in enumerate(pixels):
        dut.sink_data.value, dut.sink_last.value, dut.sink_valid.value = pixel, int(at == len(pixels) - 1), 1
        while not int(dut.sink_ready.value):
            await FallingEdge(dut.sys_clk)
        await FallingEdge(dut.sys_clk)
    dut.sink_valid.value = 0


@cocotb.test()
async def answers_in_a_litex_system(dut):
    cocotb.start_soon(Clock(dut.sys_clk, 10, "ns").start())
    for name in ("adr", "dat_w", "we", "cyc", "stb", "sink_data", "sink_last", "sink_valid", "source_ready", "sim_trace"):
        getattr(dut, name).value = 0
    for _ in range(10):
        await FallingEdge(dut.sys_clk)
    assert await access(dut, CORE_HASH) == int(os.environ["CORE_HASH"])
    expected, steps, pixels = vector("expected"), vector("steps"), vector("pixels")
    beats, size = await access(dut, CLASSES) + 1, len(pixels) // len(steps)
    await access(dut, TIME_STEPS, steps[0])
    await access(dut, INTERRUPT_ENABLE, 1)
    # The second time after a reset by the host: the same answer.
    for _ in range(2):
        await access(dut, IMAGE, 0)
        cocotb.start_soon(send(dut, pixels[:size]))
        found = []
        while len(found) < beats:
            dut.source_ready.value = 1
            await FallingEdge(dut.sys_clk)
            if int(dut.source_valid.value):
                found.append(int(dut.source_data.value) | int(dut.source_last.value) << 32)
        assert found == expected[:beats], [hex(word) for word in found]
        # The edge that follows takes the last beat.
        await FallingEdge(dut.sys_clk)
        dut.source_ready.value = 0
        assert int(dut.irq.value) == 1
        await access(dut, INTERRUPTS, 1)
        assert int(dut.irq.value) == 0
        assert await access(dut, SEEKING) == 0
