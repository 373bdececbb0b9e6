/** The core: blocks in a row, a double buffer between each two (docs/microarchitecture.md, "Top"). */
import { component, lit, type ModuleBuilder, mux, type UInt } from '../hdl/index.ts';
import type { Plan } from '../plan/index.ts';
import { imageBuffer } from './buffers/image.ts';
import { withCarried } from './carry.ts';
import { encodingKindOf } from './encoding/index.ts';
import type { PlacedEngine } from './engines/contract.ts';
import { engineKindOf } from './engines/index.ts';
import { imageGuard } from './image-guard.ts';
import { checkedMemories } from './memories.ts';
import { placeMonitors, watched } from './monitors/index.ts';
import { neuronKindOf } from './neurons/index.ts';
import { pooled } from './pool.ts';
import { type CoreIo, corePorts } from './ports.ts';
import { readout } from './readout/index.ts';
import { deviceControl } from './registers/control.ts';
import { coreShape, stageOf } from './stage.ts';

/** guard >> image >> encoder >> (buffer >> engine >> neurons >> pool) of each layer >> readout */
export function topModule(plan: Plan) {
  const { lanes, max } = plan.timeSteps;
  const shape = coreShape(plan);
  const stages = plan.layers.map((layer) => stageOf(plan, layer));
  const [first, last] = [stages[0]!, stages.at(-1)!];
  const encoding = encodingKindOf(plan);
  return component(plan.name, corePorts(plan), (m, io) => {
    m.doc(`Stochastic spiking core ${plan.name}: MTJ neurons, ${lanes} time steps side by side, up to ${max}.`);
    const { skipImage, exitMargin } = io;
    const monitors = placeMonitors(m, plan, checkedMemories(plan), io);
    const registers = placeControl(m, plan, monitors?.device ?? io.wb);

    m.section('Image');
    const { progress, closed, abstain } = monitors ?? {};
    const { sAxis, mAxis } = io;
    const guard = m.place('image_guard', imageGuard(plan, { progress, closed }), { sAxis, mAxis, progress, closed });
    m.assign(io.imageDropped, guard.imageDropped);
    m.assign(io.frameError, guard.frameError);
    if (monitors?.drops) m.assign(monitors.drops.dropped, guard.imageDropped);
    const { image } = m.place('image_buffer', imageBuffer(plan, encoding.image(plan, first)), {
      pixels: guard.pixels,
      steps: clampSteps(io.timeSteps, max),
    });

    const encoded = encoding.place(m, plan, first, { image, skipImage, lockup: monitors?.streams.input });
    const decisions = [encoded.decision];
    const spikes = { ...shape, name: 'input', spikeBits: plan.pixelLanes * shape.passLanes };
    let passes = encoded.pass && watched(m, monitors, spikes, encoded.pass);
    let potentials: PlacedEngine['potentials'] | undefined;
    for (const stage of stages) {
      const { name } = stage.layer;
      m.section(`Layer ${name}`);
      const engine = engineKindOf(stage.layer).place(m, stage, {
        frames: stage === first ? encoded.frame : undefined,
        check: monitors?.checks[`${name}_weights`],
      });
      if (passes && engine.pass) m.connect(passes, engine.pass);
      decisions.push(engine.decision);
      const neurons = neuronKindOf(stage.layer);
      const fired = neurons?.place(m, stage, engine.potentials, {
        skipImage,
        registers: registers?.[name],
        lockup: monitors?.streams[name],
        check: monitors?.checks[`${name}_table`],
      });
      passes = fired && watched(m, monitors, { ...stage, name, spikeBits: stage.passLanes }, fired);
      potentials = passes ? undefined : engine.potentials;
      if (!neurons || !passes || stage === last) continue;
      const own = { pass: passes, largest: 2 ** neurons.outputBits - 1 };
      passes = pooled(m, stage, withCarried(m, stage, own, engine.carried));
    }

    m.section('Readout');
    const ending = readout({ ...last, readout: plan.readout, abstains: abstain !== undefined });
    const inputs = { spikes: passes, potentials, exitMargin, mAxis: guard.answers, abstain };
    const { decision } = m.place('readout', ending, inputs);
    for (const block of decisions) if (block && decision) m.connect(decision, block);
    if (!hasChance(plan)) m.unused(skipImage, 'a core without chance');
  });
}

/** The register block; for each layer of devices the end of its registers. */
function placeControl(m: ModuleBuilder, plan: Plan, wb: CoreIo['wb']) {
  if (plan.neuron.kind !== 'device' || !wb) return undefined;
  m.section('Register bus');
  return m.place('device_control', deviceControl(plan, plan.neuron), { wb }).banks;
}

function hasChance(plan: Plan): boolean {
  return encodingKindOf(plan).isRandom || plan.layers.some((layer) => neuronKindOf(layer)?.isRandom);
}

/** Run-time number of time steps, kept within 1..max. */
function clampSteps(steps: UInt, max: number): UInt {
  const low = mux(steps.equals(0), 1, steps);
  return max === 2 ** steps.width - 1 ? low : mux(steps.greaterThan(max), lit(max, steps.type), low);
}
