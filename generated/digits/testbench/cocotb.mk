# cocotb test bench of the core digits: `make -f testbench/cocotb.mk` in the core's folder, where its memories' contents lie, with cocotb 2
# (pip install cocotb) and a simulator that it knows.
SIM             ?= icarus
TOPLEVEL_LANG   ?= verilog
VERILOG_SOURCES := digits_image_guard.v digits_image_buffer.v digits_seeder.v digits_encoder.v digits_rom.v digits_lane.v digits_window.v digits_frame_buffer.v digits_neurons.v digits_pool.v digits_out_buffer.v digits_out.v digits_readout.v digits.v
COCOTB_TOPLEVEL := digits
COCOTB_TEST_MODULES := test_core
SIM_BUILD       := testbench/build/cocotb
export COCOTB_RESULTS_FILE ?= testbench/build/cocotb.xml
export PYTHONPATH := testbench:$(PYTHONPATH)

include $(shell cocotb-config --makefiles)/Makefile.sim
