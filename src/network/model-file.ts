import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { badInput } from '../errors/index.ts';
import { externalDataIn, type ImportedModel, type InputOptions, importModel } from './onnx/index.ts';

/**
 * Reads a network from disk, with the weights that stand beside it.
 *
 * @param path of the file
 * @param shown how errors name it; its stem names the network
 * @throws SpinfireError (badInput) when it can't be read, or holds what the hardware would not compute
 */
export function readModel(path: string, shown: string, options: InputOptions = {}): ImportedModel {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('a file cannot be read', { where: shown, found, expected: 'a network' }, cause);
  }
  return importModel(bytes, shown, { ...options, external: externalDataIn(dirname(path)) });
}
