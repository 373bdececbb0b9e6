/** What the memory models that yosys writes say of their ports. */
import { expect, it } from 'vitest';
import { readMacroPorts } from '../../src/estimate/memory-accesses.ts';

const inLoop = `module core_frames_0_words_macro(clk, place, \\frames[0].rd_data , bank, n1, n2, n3);
  input clk;
  wire clk;
  reg [1:0] \\frames[0].words  [2:0];
  initial begin
    \\frames[0].words [0] = 2'hx;
    \\frames[0].words [1] = 2'hx;
  end
  always @(posedge clk) begin
    if (n3[1])
      \\frames[0].words [n1] <= n2;
  end
  reg [1:0] _0_;
  always @(posedge clk) begin
    _0_ <= \\frames[0].words [{ bank, \\lane[1].place  }];
  end
  assign \\frames[0].rd_data  = _0_;
endmodule
`;

const plain = `module core_rom_contents_macro(clk, address, enable, word);
  reg [15:0] contents [255:0];
  initial begin
    contents[0] = 16'h0001;
  end
  reg [15:0] _0_;
  always @(posedge clk) begin
    if (enable) begin
      _0_ <= contents[address];
    end
  end
  assign word = _0_;
endmodule
`;

it('a memory in a loop has an escaped name', () => {
  expect(readMacroPorts(inLoop).get('core_frames_0_words_macro')).toEqual({
    write: { signal: 'n3', bit: 1 },
    address: ['bank', 'lane[1].place'],
  });
});

it('a memory that is only read has an enable', () => {
  expect(readMacroPorts(plain).get('core_rom_contents_macro')).toEqual({
    readEnable: { signal: 'enable', bit: 0 },
    address: ['address'],
  });
});
