import { dirname } from 'node:path';
import { readPlainFile } from '../store/index.ts';
import { externalDataIn, type ImportedModel, type InputOptions, importModel } from './onnx/index.ts';

/**
 * Reads a network from disk, with the weights that stand beside it.
 *
 * @param path of the file
 * @param shown how errors name it; its stem names the network
 * @throws SpinfireError (badInput) when it can't be read, or holds what the hardware would not compute
 */
export function readModel(path: string, shown: string, options: InputOptions = {}): ImportedModel {
  return importModel(readPlainFile(path, shown), shown, { ...options, external: externalDataIn(dirname(path)) });
}
