"""cocotb test bench of the core digits: the images and answers of vectors/, which the golden model computed.

`make -f testbench/cocotb.mk` in the folder above runs it in Icarus Verilog; SIM= names any other simulator that cocotb knows; IMAGES=8 takes more images.
"""

import os
import random
from pathlib import Path

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge

LANES = 1
BEATS = 11
IMAGES = int(os.environ.get("IMAGES", 1))
PIXELS = 784
VECTORS = Path(__file__).parent / "vectors"


def vector(name):
    return [int(word, 16) for word in (VECTORS / f"{name}.hex").read_text().split()]


async def reset(dut):
    """Every input has a value, the bus rests, early exit never answers; two clocks of reset."""
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.rst.value = 1
    idle = ("s_axis_tdata", "s_axis_tvalid", "s_axis_tlast", "s_axis_tuser", "skip_image", "m_axis_tready")
    bus = ("wb_cyc", "wb_stb", "wb_we", "wb_adr", "wb_dat_w")
    for name in (*idle, *(name for name in bus if hasattr(dut, name))):
        getattr(dut, name).value = 0
    if hasattr(dut, "exit_margin"):
        dut.exit_margin.value = 2 ** len(dut.exit_margin) - 1
    for _ in range(2):
        await FallingEdge(dut.clk)
    dut.rst.value = 0


async def send(dut, gaps):
    """Images as AXI4-Stream, `gaps` of eight clocks without a beat."""
    pixels, steps, marks = vector("pixels"), vector("steps"), vector("marks")
    for image in range(IMAGES):
        for at in range(0, PIXELS, LANES):
            while random.randrange(8) < gaps:
                dut.s_axis_tvalid.value = 0
                await FallingEdge(dut.clk)
            beat = pixels[image * PIXELS + at : image * PIXELS + at + LANES]
            dut.time_steps.value = steps[image]
            dut.s_axis_tdata.value = sum(pixel << (8 * lane) for lane, pixel in enumerate(beat))
            # Bit 0: tlast, bit 1: the image is marked as bad.
            mark = marks[(image * PIXELS + at) // LANES]
            dut.s_axis_tlast.value = mark & 1
            dut.s_axis_tuser.value = mark >> 1
            dut.s_axis_tvalid.value = 1
            # Between the edges tready stands still.
            while not int(dut.s_axis_tready.value):
                await FallingEdge(dut.clk)
            await FallingEdge(dut.clk)
    dut.s_axis_tvalid.value = 0


async def receive(dut, gaps, due):
    """Scores of the classes, then the class, of each image that is answered."""
    beats = []
    while len(beats) < due:
        await FallingEdge(dut.clk)
        ready = random.randrange(8) >= gaps
        dut.m_axis_tready.value = int(ready)
        await RisingEdge(dut.clk)
        if ready and int(dut.m_axis_tvalid.value):
            beats.append(int(dut.m_axis_tdata.value) | int(dut.m_axis_tlast.value) << 32)
    return beats


async def answers_as_the_golden_model(dut, gaps):
    random.seed(1)
    await reset(dut)
    cocotb.start_soon(send(dut, gaps))
    due = vector("answers")[IMAGES - 1] * BEATS
    assert await receive(dut, gaps, due) == vector("expected")[:due]


@cocotb.test()
async def without_gaps(dut):
    await answers_as_the_golden_model(dut, 0)


@cocotb.test()
async def with_gaps_on_both_streams(dut):
    await answers_as_the_golden_model(dut, 3)
