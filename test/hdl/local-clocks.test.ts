/** Clocks that a black box makes, and resets that signals assert. */
import { describe, expect, it } from 'vitest';
import {
  bool,
  type Clock,
  clock,
  component,
  defineBlackBox,
  defineModule,
  elaborate,
  emitVerilog,
  external,
  input,
  interpret,
  type ModuleBuilder,
  output,
  reset,
  type SynchroniserOptions,
  synchronise,
  uint,
  when,
} from '../../src/hdl/index.ts';
import { messageOf } from './rules/message.ts';

/** Locks after three of its clocks, loses it while `glitch` is high. */
const pll = defineBlackBox('PLL', {
  clocks: ['IN'],
  inputs: { GLITCH: bool() },
  clockOutputs: ['OUT', 'OTHER'],
  outputs: { LOCK: bool() },
  parameters: { PERIOD: 83.333 },
  model: {
    init: () => 0,
    outputs: (state) => ({ LOCK: (state as number) >= 3 ? 1n : 0n }),
    step: (state, { GLITCH }) => (GLITCH ? 0 : (state as number) + 1),
  },
});

const placed = (m: ModuleBuilder) => {
  const pin = m.clock('pin');
  const clk = m.localClock('clk');
  const locked = m.instance('pll', pll, { IN: pin, GLITCH: m.input('glitch', bool()) }, { clocks: { OUT: clk } });
  return { pin, clk, locked: locked.bool('LOCK') };
};

const counting = (holdClocks: number) =>
  defineModule('counting', (m) => {
    const { clk, locked } = placed(m);
    const button = m.input('button', bool());
    const rst = m.synchronisedReset('rst', [locked.not(), button], { clock: clk, holdClocks });
    const stop = m.register('stop', bool(), { reset: 0, clock: clk, resetSignal: rst });
    m.next(stop, m.input('halt', bool()));
    const both = m.localReset('both', [rst, stop]);
    const count = m.register('count', uint(4), { reset: 1, clock: clk, resetSignal: both });
    m.next(count, count.addWrap(1));
    m.assign(m.output('y', uint(4)), count);
  });

describe('a local clock and its reset', () => {
  it('are written as a wire on the black box and an always block with two edges', () => {
    const [file] = emitVerilog(elaborate(counting(2)), { generator: 'test', configuration: 'none' }).files;
    const text = file!.text.replaceAll(/ {2}\/\/ test.*/g, '');
    expect(text.slice(text.indexOf('  wire clk'), text.indexOf('endmodule'))).toMatchInlineSnapshot(`
      "  wire clk;
        // verilator lint_on UNUSED
        wire pll_LOCK;

        PLL #(.PERIOD(83.333)) pll (
          .IN     (pin),
          .GLITCH (glitch),
          .OUT    (clk),
          .LOCK   (pll_LOCK)
        );

        wire rst_asserted = !pll_LOCK || button;
        (* async_reg = "true" *) reg rst_meta = 1'b1;
        (* async_reg = "true" *) reg rst = 1'b1;

        always @(posedge clk or posedge rst_asserted) begin
          if (rst_asserted) begin
            rst_meta <= 1'b1;
            rst <= 1'b1;
          end else begin
            rst_meta <= 1'b0;
            rst <= rst_meta;
          end
        end

        reg stop;

        always @(posedge clk)
          if (rst) stop <= 1'b0;
          else stop <= halt;

        wire both = rst || stop;
        reg [3:0] count;

        always @(posedge clk)
          if (both) count <= 4'd1;
          else count <= count + 4'd1;

        assign y = count;
      "
    `);
  });

  it.each([2, 3, 5, 1024])('are held %i clocks after the last source, and asserted without a clock', (holdClocks) => {
    const sim = interpret(elaborate(counting(holdClocks)));
    const released = () => {
      let clocks = 0;
      for (; sim.peek('rst') === 1n; clocks += 1) sim.step(1, ['clk']);
      return clocks;
    };
    // Configuration: the reset is there before any clock is.
    expect(sim.peek('rst')).toBe(1n);
    sim.step(5, ['clk']);
    expect(sim.peek('rst')).toBe(1n);
    sim.step(3, ['pin']);
    expect(sim.peek('pll_LOCK')).toBe(1n);
    expect(released()).toBe(holdClocks);
    sim.step(4, ['clk']);
    expect(sim.peek('y')).toBe(5n);
    // A press between two clocks is enough, and acts at once.
    sim.poke('button', 1);
    expect(sim.peek('rst')).toBe(1n);
    sim.poke('button', 0);
    expect(released()).toBe(holdClocks);
    sim.poke('glitch', 1);
    sim.step(1, ['pin']);
    expect(sim.peek('rst')).toBe(1n);
  });

  it('a local reset is synchronous', () => {
    const sim = interpret(elaborate(counting(2)));
    sim.step(10);
    sim.poke('halt', 1);
    sim.step(1);
    const before = sim.peek('y');
    expect(sim.peek('both')).toBe(1n);
    expect(sim.peek('y')).toBe(before);
    sim.step(1);
    expect(sim.peek('y')).toBe(1n);
  });
});

describe('rules of local clocks', () => {
  const message = (describeModule: (m: ModuleBuilder) => void) => messageOf(defineModule('example', describeModule));
  const ticks = (m: ModuleBuilder, name: string, clock: Clock | undefined) => {
    const toggle = m.register(name, bool(), { resetless: true, ...(clock ? { clock } : {}) });
    m.next(toggle, toggle.not());
    m.assign(m.output(`${name}_y`, bool()), toggle);
    return toggle;
  };

  it('HDL007: something makes the clock', () => {
    expect(message((m) => ticks(m, 'a', m.localClock('clk')))).toContain(
      "HDL007 NO DRIVER: local clock 'clk' of module 'example' is made by nothing",
    );
  });

  it('HDL006: one black box makes it', () => {
    const text = message((m) => {
      const { pin, clk, locked } = placed(m);
      const again = m.instance('again', pll, { IN: pin, GLITCH: locked }, { clocks: { OTHER: clk } });
      m.assign(m.output('y', bool()), again.bool('LOCK'));
      ticks(m, 'a', clk);
    });
    expect(text).toContain("HDL006 TWO DRIVERS: clock 'clk' is driven twice in module 'example'");
  });

  it('HDL017: it belongs to its module', () => {
    let foreign: ReturnType<typeof placed>['clk'] | undefined;
    const inner = defineModule('inner', (m) => {
      const { clk, locked } = placed(m);
      foreign = clk;
      ticks(m, 'a', clk);
      m.assign(m.output('locked', bool()), locked);
    });
    const text = message((m) => {
      const child = m.instance('inner', inner, { pin: m.clock('pin'), glitch: 0 });
      m.assign(m.output('y', bool()), child.bool('locked').and(child.bool('a_y')));
      ticks(m, 'b', foreign);
    });
    expect(text).toContain("HDL017 FOREIGN SIGNAL: 'clk' belongs to module 'inner' and is used in 'example'");
  });

  it('HDL009 and HDL016: a clock output of a black box makes a local clock', () => {
    const wrongPort = message((m) => {
      const clk = m.localClock('clk');
      const box = m.instance('pll', pll, { IN: m.clock('pin'), GLITCH: 0 }, { clocks: { LOCK: clk } });
      m.assign(m.output('y', bool()), box.bool('LOCK'));
      ticks(m, 'a', clk);
    });
    expect(wrongPort).toContain("instance 'pll' of 'PLL' has no clock output 'LOCK'");
    const port = message((m) => {
      const pin = m.clock('pin');
      const box = m.instance('pll', pll, { IN: pin, GLITCH: 0 }, { clocks: { OUT: pin } });
      m.assign(m.output('y', bool()), box.bool('LOCK'));
    });
    expect(port).toContain("'pin' is a port, and instance 'pll' would drive it");
  });

  it('HDL014: signals and resets stay with their clock', () => {
    const reset = message((m) => {
      const { pin, clk, locked } = placed(m);
      const rst = m.synchronisedReset('rst', [locked.not()], { clock: clk });
      const late = m.register('late', bool(), { reset: 0, clock: pin, resetSignal: rst });
      m.next(late, late.not());
      m.assign(m.output('y', bool()), late);
    });
    expect(reset).toContain("HDL014 CLOCK CROSSING: 'rst' (clk) is read by 'late' (pin)");
    const signal = message((m) => {
      const { pin, clk, locked } = placed(m);
      m.assign(m.output('locked', bool()), locked);
      const other = m.register('other', bool(), { resetless: true, clock: pin });
      m.next(other, ticks(m, 'a', clk));
      m.assign(m.output('y', bool()), other);
    });
    expect(signal).toContain("HDL014 CLOCK CROSSING: 'a' (clk) is read by 'other' (pin)");
  });

  it('HDL018, HDL019 and HDL007: a reset has a clock, a length and a source', () => {
    const without = (m: ModuleBuilder) => m.synchronisedReset('rst', [m.input('a', bool())]);
    expect(message((m) => void without(m))).toContain("'rst' has no clock");
    const short = (m: ModuleBuilder) => m.synchronisedReset('rst', [m.input('a', bool())], { holdClocks: 1 });
    const clocked = (describeModule: (m: ModuleBuilder) => unknown) =>
      message((m) => {
        m.clock('clk');
        describeModule(m);
      });
    expect(clocked(short)).toContain("reset 'rst' is held for 1 clocks");
    expect(clocked((m) => m.localReset('rst', []))).toContain("reset 'rst' has no source");
  });
});

it('a module whose Verilog stands elsewhere is placed with its types and not emitted', () => {
  const there = external('there', { a: input(uint(3)), y: output(uint(3)) });
  const top = defineModule('top', (m) => {
    m.assign(m.output('y', uint(3)), m.place('inner', there, { a: m.input('a', uint(3)) }).y);
  });
  const design = elaborate(top);
  const { files } = emitVerilog(design, { generator: 'test', configuration: 'none' });
  expect(files.map(({ path }) => path)).toEqual(['top.v']);
  expect(files[0]!.text).toContain('there inner (');
  expect(() => interpret(design)).toThrow("black box 'inner' has no model");
});

it('a synchroniser is two registers that tools keep together, with a reset value where one is asked for', () => {
  const emitted = (start: SynchroniserOptions) => {
    const ports = {
      clk: clock(),
      rst: when(start.reset !== undefined, reset()),
      pin: input(bool()),
      y: output(bool()),
    };
    const top = component('top', ports, (m, { clk, pin, y }) => m.assign(y, synchronise(m, 'safe', pin, clk, start)));
    const { text } = emitVerilog(elaborate(top), { generator: 'test', configuration: 'none' }).files[0]!;
    return text.replaceAll(/ {2}\/\/ .*/g, '').replaceAll(/\n */g, ' ');
  };
  for (const text of [emitted({}), emitted({ reset: 1 })])
    expect(text).toContain('(* async_reg = "true" *) reg safe_meta; (* async_reg = "true" *) reg safe;');
  expect(emitted({})).toContain('always @(posedge clk) begin safe_meta <= pin; safe <= safe_meta; end');
  expect(emitted({ reset: 1 })).toContain("if (rst) begin safe_meta <= 1'b1; safe <= 1'b1; end");
});
