/** A core in a wrapper: registers over AXI4-Lite and Wishbone, images over AXI4-Stream, the answers of the golden model, interrupts. */
import { describe, expect, it } from 'vitest';
import { buildWrapper, type WrapperBus, wrapperMap } from '../../src/core/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { interpret, type Simulation } from '../../src/hdl/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { devicePlan, smallPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';

const coreHash = 0xcafe0123;
const watched: Plan = {
  ...smallPlan(),
  monitors: { abstain: null, rates: null, lockup: true, stall: { bits: 20 }, activity: true },
};

interface Host {
  readonly core: Simulation;
  read(name: string): number;
  write(name: string, value: number): void;
}

/** The registers of a wrapped core, by name. */
function host(plan: Plan, bus: WrapperBus): Host {
  const core = interpret(buildWrapper(bus, { plan, coreHash, withCore: true }));
  core.reset();
  const map = wrapperMap(plan, coreHash);
  const addressOf = (name: string) => map.find((one) => one.name === name)!.address;
  const until = (port: string) => {
    for (let clock = 0; core.peek(port) === 0n; clock += 1) {
      if (clock > 100) throw new Error(`${port} never comes`);
      core.step();
    }
  };
  const access = (write: boolean, name: string, data: number): number => {
    core.poke('wb_cyc', 1);
    core.poke('wb_stb', 1);
    core.poke('wb_we', Number(write));
    core.poke('wb_adr', addressOf(name));
    core.poke('wb_dat_w', data);
    until('wb_ack');
    const value = Number(core.peek('wb_dat_r'));
    core.poke('wb_cyc', 0);
    core.step();
    return value;
  };
  if (bus === 'wishbone')
    return { core, read: (name) => access(false, name, 0), write: (name, value) => void access(true, name, value) };
  core.poke('s_axil_wstrb', 15);
  return {
    core,
    read(name) {
      core.poke('s_axil_araddr', 4 * addressOf(name));
      core.poke('s_axil_arvalid', 1);
      until('s_axil_arready');
      core.step();
      core.poke('s_axil_arvalid', 0);
      until('s_axil_rvalid');
      // The answer stays until it is taken.
      core.step(3);
      expect([core.peek('s_axil_rvalid'), core.peek('s_axil_rresp')]).toEqual([1n, 0n]);
      const value = Number(core.peek('s_axil_rdata'));
      core.poke('s_axil_rready', 1);
      core.step();
      core.poke('s_axil_rready', 0);
      return value;
    },
    write(name, value) {
      core.poke('s_axil_awaddr', 4 * addressOf(name));
      core.poke('s_axil_awvalid', 1);
      // The data may come later than the address.
      core.step(2);
      core.poke('s_axil_wdata', value);
      core.poke('s_axil_wvalid', 1);
      until('s_axil_wready');
      core.step();
      core.poke('s_axil_awvalid', 0);
      core.poke('s_axil_wvalid', 0);
      until('s_axil_bvalid');
      const response = Number(core.peek('s_axil_bresp'));
      core.poke('s_axil_bready', 1);
      core.step();
      core.poke('s_axil_bready', 0);
      if (response !== 0) throw new Error(`bresp ${response}`);
    },
  };
}

/** Images in a row; their packets. */
function classify({ core }: Host, pixels: Uint8Array, imageSize: number): number[][] {
  const packets: number[][] = [[]];
  const images = pixels.length / imageSize;
  core.poke('m_axis_tready', 1);
  for (let at = 0, clock = 0; packets.length <= images; clock += 1) {
    if (clock > 20_000) throw new Error('no answer');
    core.poke('s_axis_tvalid', Number(at < pixels.length));
    core.poke('s_axis_tdata', pixels[at] ?? 0);
    core.poke('s_axis_tlast', Number(at % imageSize === imageSize - 1));
    if (core.peek('m_axis_tvalid') === 1n) {
      packets.at(-1)!.push(Number(core.peek('m_axis_tdata')));
      if (core.peek('m_axis_tlast') === 1n) packets.push([]);
    }
    if (at < pixels.length && core.peek('s_axis_tready') === 1n) at += 1;
    core.step();
  }
  core.poke('s_axis_tvalid', 0);
  return packets.slice(0, images);
}

async function expected(plan: Plan, pixels: Uint8Array, timeSteps: number, firstImage: number): Promise<number[][]> {
  const { scores } = await classifyImages(plan, pixels, { timeSteps, firstImage, workers: 1 });
  const { classes } = plan.readout;
  return Array.from({ length: pixels.length / 36 }, (_, i) => {
    const at = ((i + 1) * timeSteps - 1) * classes;
    return [...scores.subarray(at, at + classes)];
  });
}

describe.each(['axi', 'wishbone'] as const)('a core behind %s', (bus) => {
  it('says who it is, and gives the answers of the golden model from any image number on', async () => {
    const system = host(watched, bus);
    expect(['WRAPPER_ID', 'CORE_HASH', 'PIXELS', 'CLASSES', 'MAX_TIME_STEPS', 'TIME_STEPS'].map(system.read)).toEqual([
      ...[0x53505701, coreHash, 36, 3, 6, 4],
    ]);
    const pixels = noise(3 * 36, 4);
    for (const [image, steps] of [
      [0, 4],
      [5, 6],
      [2, 1],
    ] as const) {
      system.write('TIME_STEPS', steps);
      system.write('IMAGE', image);
      expect([system.read('SEEKING'), system.read('IMAGE')]).toEqual([1, image]);
      const packets = classify(system, pixels, 36);
      expect(
        packets.map((packet) => packet.slice(0, 3)),
        `from ${image}`,
      ).toEqual(await expected(watched, pixels, steps, image));
      expect([system.read('SEEKING'), system.read('IMAGE')]).toEqual([0, image + 3]);
    }
    // The core's own registers are behind the same bus.
    expect(system.read('MONITORS')).toBe(28);
    expect(system.read('TIME_STEPS_DONE')).toBe(3);
  });

  it('interrupts when an answer has left, an image was dropped, the core has seen something', () => {
    const system = host(watched, bus);
    system.write('INTERRUPT_ENABLE', 1);
    classify(system, noise(36, 4), 36);
    expect([system.core.peek('irq'), system.read('INTERRUPTS')]).toEqual([1n, 1]);
    system.write('INTERRUPTS', 1);
    expect([system.core.peek('irq'), system.read('INTERRUPTS')]).toEqual([0n, 0]);
    system.write('INTERRUPT_ENABLE', 6);
    // A packet of one pixel is no image.
    system.core.poke('s_axis_tlast', 1);
    system.core.poke('s_axis_tvalid', 1);
    system.core.step();
    system.core.poke('s_axis_tvalid', 0);
    system.core.step(600);
    expect([system.core.peek('irq'), system.read('INTERRUPTS'), system.read('DROPPED')]).toEqual([1n, 2, 1]);
    system.write('INTERRUPTS', 7);
    system.core.upset('core.conv1_neurons.seeder.seed', 0n);
    system.core.step(3);
    expect([system.core.peek('irq'), system.read('INTERRUPTS'), system.read('STATUS')]).toEqual([1n, 4, 2]);
  });

  it('has a core without registers of its own, and one with those of its devices', () => {
    expect(host(smallPlan(), bus).read('CORE_HASH')).toBe(coreHash);
    const devices = host(devicePlan(), bus);
    devices.write('READ_CLOCKS', 9);
    expect([devices.read('ID'), devices.read('READ_CLOCKS')]).toEqual([0x53504601, 9]);
  });
});

it('AXI4-Lite refuses parts of words, and leaves the register alone', () => {
  const system = host(watched, 'axi');
  system.core.poke('s_axil_wstrb', 3);
  expect(() => system.write('TIME_STEPS', 1)).toThrow('bresp 2');
  system.core.poke('s_axil_wstrb', 15);
  expect(system.read('TIME_STEPS')).toBe(4);
});
