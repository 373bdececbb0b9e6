/**
 * Variables for the makefiles that Verilator writes. Where a model is compiled in several files, today's Verilator precompiles a header and names it on each line;
 * a Verilator that was packed on another machine (Python's package) may not know how this compiler is told, and names it as a file to link. The files include
 * the header themselves: nothing is named.
 */
export const plainHeaders = ['VK_PCH_I_FAST=', 'VK_PCH_I_SLOW='] as const;

/**
 * For the netlists of synthesis tools. Verilator 5.006 joins XORs of many bits of one register into `^(register & mask)` with a wrong
 * mask for some trees of cells (seen with yosys 0.70; src/flow/workarounds.md).
 */
export const netlistFlags = ['-fno-const-bit-op-tree'] as const;
