/** Smallest cases of what random circuits have found wrong with the language, once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  bool,
  defineModule,
  elaborate,
  interpret,
  lit,
  type ModuleBuilder,
  mux,
  sint,
  uint,
} from '../../../src/hdl/index.ts';
import { lint, withVerilog } from '../tools.ts';

const cycles = 8;

/**
 * Output `y` in eight clocks, where input `x` (4 bits) counts from 0; in the interpreter and in Icarus. No tool may
 * have a word to say about it.
 */
async function outputsOf(
  describe: (m: ModuleBuilder) => void,
  width = 4,
): Promise<{ interpreter: string; icarus: string }> {
  const design = elaborate(
    defineModule('found', (m) => {
      m.clock('clk');
      m.reset('rst');
      describe(m);
    }),
  );
  expect(await lint(design)).toBe('');
  const simulation = interpret(design);
  simulation.reset();
  const interpreted = Array.from({ length: cycles }, (_, x) => {
    simulation.poke('x', x);
    const y = BigInt.asUintN(width, simulation.peek('y'));
    simulation.step();
    return y.toString(2).padStart(width, '0');
  });
  const icarus = withVerilog(design, ({ folder, run, output }) => {
    writeFileSync(join(folder, 'bench.v'), bench(width));
    run(
      'iverilog',
      '-g2001',
      '-o',
      'bench',
      'bench.v',
      ...output.files.map(({ path }) => path).filter((path) => path.endsWith('.v')),
    );
    return run('vvp', '-n', 'bench').trim();
  });
  return { interpreter: interpreted.join(' '), icarus: icarus.replace(/\s+/g, ' ') };
}

function bench(width: number): string {
  return `module bench;
  reg clk = 0;
  reg rst = 1;
  reg [3:0] x = 0;
  wire [${width - 1}:0] y;
  found dut (.clk(clk), .rst(rst), .x(x), .y(y));
  integer n;
  initial begin
    #1 clk = 1;
    #1 clk = 0;
    rst = 0;
    for (n = 0; n < ${cycles}; n = n + 1) begin
      x = n;
      #1 $display("%b", y);
      clk = 1;
      #1 clk = 0;
    end
  end
endmodule
`;
}

/** Makes clock and reset needed. */
function counter(m: ModuleBuilder) {
  const count = m.register('count', uint(4), { reset: 0 });
  m.next(count, count.addWrap(1));
  return count;
}

it('gives a wire that nothing assigns its default', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const idle = m.wire('idle', uint(4), { default: 5 });
    m.assign(m.output('y', uint(4)), idle.xor(x).xor(counter(m)));
  });
  expect(interpreter).toBe('0101 0101 0101 0101 0101 0101 0101 0101');
  expect(icarus).toBe(interpreter);
});

it('keeps values alive that only constants assign: an always block that reads nothing never runs', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const [a, b] = [m.wire('a', uint(4), { default: 1 }), m.wire('b', uint(4), { default: 2 })];
    m.when(lit(true, bool()), () => {
      m.assign(a, 9);
      m.when(lit(false, bool()), () => m.assign(b, 4));
    });
    m.switchValue(lit(1, uint(2)), [[1, () => {}]], () => {});
    m.assign(m.output('y', uint(4)), a.or(b).xor(x).xor(counter(m)));
  });
  expect(interpreter).toBe('1011 1011 1011 1011 1011 1011 1011 1011');
  expect(icarus).toBe(interpreter);
});

it('clocks a register whose next value is the output of an instance', async () => {
  const inverter = defineModule('inverter', (m) => {
    m.assign(m.output('out', uint(4)), m.input('in', uint(4)).not());
  });
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const held = m.register('held', uint(4), { reset: 0 });
    m.next(held, m.instance('inverter_0', inverter, { in: x }).uint('out'));
    m.assign(m.output('y', uint(4)), held);
  });
  expect(interpreter).toBe('0000 1111 1110 1101 1100 1011 1010 1001');
  expect(icarus).toBe(interpreter);
});

it('wraps sums in the index of a memory, which Icarus does not', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const entries = m.memory('entries', { depth: 16, type: uint(4), contents: [...Array(16).keys()] });
    entries.write(x.not().addWrap(2), x, x.bit(3));
    const now = entries.readAsync('now', x.addWrap(13));
    const later = entries.read('later', x.subWrap(1));
    m.assign(m.output('y', uint(8)), later.shiftLeft(4).or(now.extend(8)).or(counter(m).and(0).extend(8)));
  }, 8);
  expect(interpreter.split(' ').slice(1).join(' ')).toBe(
    '11111110 00001111 00010000 00100001 00110010 01000011 01010100',
  );
  expect(icarus.split(' ').slice(1).join(' ')).toBe(interpreter.split(' ').slice(1).join(' '));
});

it('announces a memory that is read only by a value that nothing uses', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const log = m.memory('book', { depth: 4, type: uint(4), contents: [1, 2, 3, 4] });
    log.readAsync('seen', x.truncate(2));
    log.write(x.truncate(2), x, x.bit(0));
    m.assign(m.output('y', uint(4)), x.xor(counter(m)));
  });
  expect(interpreter).toBe('0000 0000 0000 0000 0000 0000 0000 0000');
  expect(icarus).toBe(interpreter);
});

it.each([
  { where: 'beside another register', ownBlock: false },
  { where: 'in an always block of its own, which that leaves empty', ownBlock: true },
])('resets a register that a constant keeps from ever being assigned, $where', async ({ ownBlock }) => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const held = m.register('held', uint(4), { reset: 5 });
    m.when(lit(false, bool()), () => m.next(held, x));
    if (ownBlock) m.section('count');
    m.assign(m.output('y', uint(4)), held.xor(x).xor(counter(m)));
  });
  expect(interpreter).toBe('0101 0101 0101 0101 0101 0101 0101 0101');
  expect(icarus).toBe(interpreter);
});

it('writes one unary operator behind another in parentheses', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const parity = x.not().reduceXor();
    const none = x.reduceOr().not();
    const all = x.not().reduceAnd().not();
    const twice = x.asSInt().negateGrow().negateGrow().truncate(1).asUInt().bit(0);
    counter(m);
    m.assign(
      m.output('y', uint(4)),
      mux(parity, lit(8, uint(4)), lit(0, uint(4)))
        .or(none.asUInt().extend(4))
        .or(all.asUInt().extend(3).shiftLeft(1))
        .or(twice.asUInt().extend(2).shiftLeft(2)),
    );
  });
  expect(interpreter).toBe('0001 1110 1010 0110 1010 0110 0010 1110');
  expect(icarus).toBe(interpreter);
});

it('names the data of the other port in a memory that gives new data', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const memory = m.trueDualMemory('shared', { depth: 4, type: sint(4), contents: [1, 2, 3, 4], collision: 'new' });
    const address = x.truncate(2);
    const off = x.equals(x).not();
    const first = memory.port('first', { address, data: lit(0, sint(4)), writeEnable: off });
    const narrow = x.slice(1, 0).addGrow(1).asSInt();
    const second = memory.port('second', { address, data: narrow.extend(4), writeEnable: x.bit(0) });
    m.assign(m.output('y', sint(4)), first.addWrap(second).addWrap(counter(m).and(0).asSInt()));
  });
  expect(interpreter.split(' ').slice(1).join(' ')).toBe('0010 0100 0110 1000 0010 0100 0110');
  expect(icarus.split(' ').slice(1).join(' ')).toBe(interpreter.split(' ').slice(1).join(' '));
});

it('folds orders that are decided: nothing is less than the least number', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const s = x.asSInt();
    const never = x.lessThan(0).or(x.greaterThan(15)).or(s.lessThan(-8)).or(s.greaterThan(7));
    const always = x.greaterOrEqual(0).and(x.lessOrEqual(15)).and(s.greaterOrEqual(-8)).and(s.lessOrEqual(7));
    counter(m);
    m.assign(m.output('y', uint(4)), mux(never.not().and(always), x, lit(0, uint(4))));
  });
  expect(interpreter).toBe('0000 0001 0010 0011 0100 0101 0110 0111');
  expect(icarus).toBe(interpreter);
});

it('tells the linter which bits of a named value nobody reads', async () => {
  const { interpreter, icarus } = await outputsOf((m) => {
    const x = m.input('x', uint(4));
    const wide = m.name('wide', x.addGrow(3));
    const dead = m.name('dead', x.addGrow(5));
    const count = counter(m);
    m.when(lit(false, bool()), () => m.next(count, dead.truncate(4)));
    m.assign(m.output('y', uint(4)), wide.slice(3, 1).extend(4));
  });
  expect(interpreter).toBe('0001 0010 0010 0011 0011 0100 0100 0101');
  expect(icarus).toBe(interpreter);
});
