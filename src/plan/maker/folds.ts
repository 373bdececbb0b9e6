/** Which folds suit a layer. */
import { badInput } from '../../errors/index.ts';
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import { checkEngine, inputLanesOf } from '../engines/index.ts';
import type { LayerFold } from './options.ts';
import { checkRange } from './ranges.ts';

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
  if (layer.carry && (fold.positionLanes > 1 || fold.engine.kind !== 'window'))
    throw badInput('a layer that carries channels wants a window engine with one position lane', {
      where,
      found: `${fold.engine.kind} engine, ${fold.positionLanes} position lanes`,
    });
  checkEngine({ layer, fold, engine: fold.engine, direct, where });
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
