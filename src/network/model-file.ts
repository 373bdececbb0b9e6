import { dirname } from 'node:path';
import { readPlainFile } from '../store/index.ts';
import { readNir } from './nir/index.ts';
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

/**
 * The same, and NIR files (.nir) too, which are read by a library that is loaded on demand.
 *
 * @throws SpinfireError (badInput) as `readModel`
 */
export async function openModel(path: string, shown: string, options: InputOptions = {}): Promise<ImportedModel> {
  if (!/\.nir$/i.test(path)) return readModel(path, shown, options);
  // What can't be read, or is no plain file, is said as of every file.
  readPlainFile(path, shown);
  return readNir(path, shown, options);
}
