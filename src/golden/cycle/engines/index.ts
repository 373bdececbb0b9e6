/** The kinds of engine in the cycle model: the buffer in front of each, and the engine. */
import type { LayerPlan, Plan } from '../../../plan/schema/index.ts';
import { geometryOf, indexBits, inputLanesOf } from '../../geometry.ts';
import type { Source } from '../buffer.ts';
import type { Carry } from '../carry.ts';
import { type Decision, imageNumberBits } from '../early-exit.ts';
import { FrameBuffer } from '../frame-buffer.ts';
import type { Sink } from '../lanes.ts';
import type { RegisterFile } from '../registers.ts';
import type { Engine } from './contract.ts';
import { EventBuffer } from './event/buffer.ts';
import { EventEngine } from './event/engine.ts';
import { WideEngine } from './wide/engine.ts';
import { WindowEngine } from './window/engine.ts';

/** What a layer's engine reads from, where its potentials go, who may end an image early, and who takes the inputs that it hands on. */
export interface EngineLinks {
  readonly source: Source | EventBuffer;
  readonly sink: Sink;
  readonly decision: Decision;
  readonly carry: Carry | undefined;
}

export function layerEngine(
  file: RegisterFile,
  plan: Plan,
  layer: LayerPlan,
  { source, sink, decision, carry }: EngineLinks,
): Engine {
  if (source instanceof EventBuffer) return new EventEngine(file, plan, layer, source, sink, decision);
  if (layer.engine.kind === 'wide') return new WideEngine(file, plan, layer, source, sink);
  return new WindowEngine(file, plan, layer, { source, sink, decision, carry });
}

/** The buffer in front of a layer. */
export function layerBuffer(file: RegisterFile, plan: Plan, layer: LayerPlan): FrameBuffer | EventBuffer {
  const lanes = plan.timeSteps.lanes;
  const elementBits = inputLanesOf(layer) * lanes * layer.valueBits;
  const imageBits = imageNumberBits(plan);
  if (layer.engine.kind === 'event')
    return new EventBuffer(file, geometryOf(layer).elements, elementBits, lanes, imageBits);
  const banks = layer.engine.kind === 'window' ? layer.engine.inputBanks : 2;
  return new FrameBuffer(file, {
    metaName: 'active',
    metaBits: lanes,
    elementBits,
    banks,
    imageBits,
    ...frameOf(layer),
  });
}

/** A frame without padding, whose rows nobody asks for. */
export function oneRow(elements: number) {
  return {
    elements,
    start: 0,
    last: elements - 1,
    rowElements: elements,
    rowPadding: 0,
    offsets: [0],
    addressBits: indexBits(elements),
    columnBits: 0,
  };
}

/** The frame that a window engine reads: with the kernel's padding, and an output for each position lane. */
export function frameOf(layer: LayerPlan) {
  const g = geometryOf(layer);
  if (layer.engine.kind === 'wide') return oneRow(g.elements / inputLanesOf(layer));
  const offsets = Array.from({ length: layer.positionLanes }, (_, x) => {
    const y = Math.floor(x / g.poolWidth);
    return (y * layer.strideY * g.paddedWidth + (x % g.poolWidth) * layer.strideX) * g.channels;
  });
  return {
    elements: g.elements,
    start: g.start,
    last: g.last,
    rowElements: g.rowElements,
    rowPadding: g.rowPadding,
    offsets,
    addressBits: indexBits(g.elements),
    columnBits: g.rowPadding === 0 ? 0 : indexBits(g.rowElements),
  };
}
