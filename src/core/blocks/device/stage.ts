/** The register bus of a core and the wires between it and the banks of neurons. */
import { bool, type InstanceHandle, type ModuleBuilder, type Signal, uint } from '../../../hdl/index.ts';
import type { DeviceNeuron, DevicePlan, LayerPlan, Plan } from '../../../plan/index.ts';
import { busAddressBits, counterBits, deviceLayers } from '../../registers/map.ts';
import type { StageOutput } from '../stage.ts';
import { deviceBank } from './bank.ts';
import { controlModule, counterNames } from './control.ts';

/** What a bank gets from the registers, and where its answers go. */
export interface BankWiring {
  readonly inputs: Readonly<Record<string, Signal>>;
  /** Connects the bank's outputs to the register block. */
  readonly answer: (bank: InstanceHandle) => void;
  readonly device: DevicePlan;
}

export interface ControlHandle {
  readonly bank: (layer: LayerPlan) => BankWiring | undefined;
}

/** The bus's ports and the register block behind them. */
export function deviceControl(m: ModuleBuilder, plan: Plan, device: DevicePlan): ControlHandle {
  m.section('Register bus');
  const { counters, selfTest } = device;
  const bus = {
    wb_cyc: m.input('wb_cyc', bool(), { doc: 'Wishbone B4 classic, words of 32 bits' }),
    wb_stb: m.input('wb_stb', bool()),
    wb_we: m.input('wb_we', bool()),
    wb_adr: m.input('wb_adr', uint(busAddressBits(plan)), { doc: 'word address' }),
    wb_dat_w: m.input('wb_dat_w', uint(32)),
  };
  const data = m.output('wb_dat_r', uint(32));
  const ack = m.output('wb_ack', bool());
  const layers = deviceLayers(plan);
  const answers: Record<string, Signal> = {};
  const assigns = new Map<string, (bank: InstanceHandle) => void>();
  for (const { name } of layers) {
    const totals = counters
      ? counterNames.map((total) => [total, m.wire(`${name}_${total}`, uint(counterBits))] as const)
      : [];
    const flags = selfTest
      ? (['test_here', 'test_resting', 'test_ready', 'test_valid'] as const).map(
          (f) => [f, m.wire(`${name}_${f}`, bool())] as const,
        )
      : [];
    const spikes = selfTest ? m.wire(`${name}_test_spikes`, uint(plan.timeSteps.lanes)) : undefined;
    for (const [port, wire] of [...totals, ...flags]) answers[`${name}_${port}`] = wire;
    if (spikes) answers[`${name}_test_spikes`] = spikes;
    assigns.set(name, (bank) => {
      for (const [port, wire] of totals) m.assign(wire, bank.uint(port));
      for (const [port, wire] of flags) m.assign(wire, bank.bool(port));
      if (spikes) m.assign(spikes, bank.uint('spikes'));
    });
  }
  const control = m.instance('device_control', controlModule(plan, device), { ...bus, ...answers });
  m.assign(data, control.uint('wb_dat_r'));
  m.assign(ack, control.bool('wb_ack'));
  return {
    bank: (layer) => {
      const answer = assigns.get(layer.name);
      return answer && { inputs: control.out, answer, device };
    },
  };
}

/** The bank of a layer, connected to its engine and to the registers. */
export function deviceBankOf(
  m: ModuleBuilder,
  plan: Plan,
  layer: LayerPlan,
  neurons: DeviceNeuron,
  engine: {
    readonly output: Omit<StageOutput, 'spikes'>;
    readonly start: { readonly start: Signal; readonly last: Signal } | undefined;
    readonly skip: Signal;
  },
  { inputs, answer, device }: BankWiring,
): InstanceHandle {
  const { seeding } = plan;
  const { lanes: passSteps, max: maxTimeSteps } = plan.timeSteps;
  const module = deviceBank({ core: plan.name, layer, neurons, device, passSteps, maxTimeSteps, seeding });
  const { output, start, skip } = engine;
  const own = (port: string) => [port, inputs[`${layer.name}_${port}`]!] as const;
  const shared = (port: string) => [port, inputs[port]!] as const;
  const bank = m.instance(`${layer.name}_neurons`, module, {
    ...(start ? { start: start.start, start_last: start.last } : {}),
    ...(!start || device.faults ? { last: output.last } : {}),
    skip_image: skip,
    draw: output.draw,
    active: output.active,
    ...output.potentials,
    ...Object.fromEntries([
      ...(device.phases ? ['fast', 'write_clocks', 'read_clocks', 'reset_clocks'].map(shared) : []),
      ...(device.faults ? ['read_missed', 'read_false', 'reset_failed'].map(shared) : []),
      ...(neurons.trim ? ['trim_gain', 'trim_offset'].map(own) : []),
      ...(device.loadTable ? [own('table_write'), own('table_index'), shared('table_data')] : []),
      ...(device.counters ? [own('clear')] : []),
      ...(device.selfTest ? [own('test_run'), shared('test_draw'), shared('test_potential')] : []),
      ...(device.selfTest && start ? [shared('test_start')] : []),
    ]),
  });
  answer(bank);
  return bank;
}
