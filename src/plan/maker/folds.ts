/** Which folds suit a layer. */
import { badInput } from '../../errors/index.ts';
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import type { EnginePlan } from '../schema/index.ts';
import type { LayerFold } from './options.ts';
import { checkRange } from './ranges.ts';

/** A layer that a fold is meant for; `direct`: it reads pixels from the image buffer. */
interface FoldedLayer<Engine = EnginePlan> {
  readonly layer: QuantisedLayer;
  readonly fold: LayerFold;
  readonly engine: Engine;
  readonly direct: boolean;
  readonly where: string;
}

type EngineOf<Kind> = Extract<EnginePlan, { kind: Kind }>;

/** What each kind of engine asks of its layer. */
const engines: { [Kind in EnginePlan['kind']]: (folded: FoldedLayer<EngineOf<Kind>>) => void } = {
  window: ({ engine, direct, where }) => {
    if (engine.inputBanks === 1 && direct)
      throw badInput('only a frame buffer can have one bank', { where, help: "the image's own is imageBanks" });
  },
  event: ({ layer, fold, direct, where }) => {
    if (!coversInput(layer) || direct || fold.positionLanes > 1)
      throw badInput('an event engine wants a dense layer of spikes', { where, help: 'choose the window engine here' });
  },
  wide: ({ layer, fold, engine: { inputLanes }, where }) => {
    const inputs = layer.input.height * layer.input.width * layer.input.channels;
    checkRange(`input lanes of ${where}`, inputLanes, 1, 64);
    if (!coversInput(layer) || layer.pool || fold.positionLanes > 1)
      throw badInput('a wide engine wants a dense layer without a pool', {
        where,
        help: 'choose the window engine here',
      });
    if (inputs % inputLanes !== 0)
      throw badInput('input lanes do not divide the inputs', {
        where,
        found: `${inputLanes} input lanes, ${inputs} inputs`,
        expected: `a divisor of ${inputs}`,
      });
  },
};

/** Throws badInput when the fold does not suit the layer. */
export function checkFold(layer: QuantisedLayer, fold: LayerFold, direct: boolean): void {
  const where = `layer ${layer.name}`;
  checkRange(`output lanes of ${where}`, fold.outputLanes, 1, layer.output.channels);
  const pool = layer.pool ?? { height: 1, width: 1 };
  const allowed = [...new Set([1, pool.width, pool.width * pool.height])];
  if (!allowed.includes(fold.positionLanes))
    throw badInput('position lanes do not suit the pool window', {
      where,
      found: String(fold.positionLanes),
      expected: `one of ${allowed.join(', ')}`,
    });
  if (fold.positionLanes > 1 && fold.outputLanes < layer.output.channels)
    throw badInput('position lanes need every output channel in a lane of its own', {
      where,
      found: `${fold.outputLanes} output lanes`,
      expected: `${layer.output.channels}`,
    });
  const check = engines[fold.engine.kind] as (folded: FoldedLayer) => void;
  check({ layer, fold, engine: fold.engine, direct, where });
}

/** Inputs that the engine takes at once. */
export function inputLanesOf({ engine }: Pick<LayerFold, 'engine'>): number {
  return engine.kind === 'wide' ? engine.inputLanes : 1;
}

/** Throws badInput unless several pixels a beat go straight into an engine that takes as many inputs. */
export function checkPixelLanes({ input }: QuantisedNetwork, pixelLanes: number, first: LayerFold | undefined): void {
  const pixels = input.height * input.width * input.channels;
  checkRange('pixel lanes', pixelLanes, 1, 64);
  if (pixels % pixelLanes !== 0)
    throw badInput('pixel lanes do not divide the image', {
      found: `${pixelLanes} pixel lanes, ${pixels} pixels`,
      expected: `a divisor of ${pixels}`,
    });
  const taken = first ? inputLanesOf(first) : 1;
  if (taken !== pixelLanes)
    throw badInput('the first layer takes another number of pixels at once than arrive', {
      found: `${pixelLanes} pixel lanes, ${taken} input lanes`,
      expected: 'as many input lanes of a wide engine as pixel lanes',
    });
}

function coversInput(layer: QuantisedLayer): boolean {
  return layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
}
