# cocotb test bench of the core @TOP@: `make -f testbench/cocotb.mk` in the core's folder, where its memories' contents lie, with cocotb 2
# (pip install cocotb) and a simulator that it knows.
SIM             ?= icarus
TOPLEVEL_LANG   ?= verilog
VERILOG_SOURCES := @SOURCES@
COCOTB_TOPLEVEL := @TOP@
COCOTB_TEST_MODULES := test_core
SIM_BUILD       := testbench/build/cocotb
export COCOTB_RESULTS_FILE ?= testbench/build/cocotb.xml
export PYTHONPATH := testbench:$(PYTHONPATH)

include $(shell cocotb-config --makefiles)/Makefile.sim
