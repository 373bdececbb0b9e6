import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { badInput } from '../../errors/index.ts';
import { expectSize, mostWeights } from '../lower/index.ts';
import type { ExternalData } from './tensors.ts';

/**
 * Reads weights that stand in files beside a model, from its own folder only: a model must not name other files of the
 * machine, neither by `..` nor through a link.
 */
export function externalDataIn(folder: string): ExternalData {
  return (location, { offset, length = 0 }, where) => {
    const path = pathInside(folder, location, where);
    // Eight bytes a value at most.
    expectSize(length, mostWeights * 8, `bytes of weights in ${location}`, where);
    if (!statSync(path).isFile()) throw badInput('the weights are not in a file', { where, found: location });
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (offset + length > size) {
        throw badInput('a file of weights is too short', {
          where: `${where}, ${location} byte ${offset}`,
          found: `${size} bytes`,
          expected: `${length} bytes from byte ${offset} on`,
          help: 'copy both files again: the model and its weights belong together',
        });
      }
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const got = readSync(file, bytes, done, length - done, offset + done);
        if (got === 0) throw badInput('a file of weights ended while it was read', { where, found: location });
        done += got;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  };
}

function pathInside(folder: string, location: string, where: string): string {
  const outside = (found: string) =>
    badInput('weights outside the folder of the model', {
      where,
      found,
      expected: 'a file in the same folder as the model, or in a folder below it',
      help: 'copy the weights beside the model, or save it with save_as_external_data=False',
    });
  if (isAbsolute(location) || location.split(/[\\/]/).includes('..')) throw outside(location);
  let path: string;
  try {
    path = realpathSync(join(folder, location));
  } catch (cause) {
    throw badInput(
      'the file of the weights cannot be read',
      {
        where,
        found: cause instanceof Error ? cause.message.replace(/, lstat.*|, realpath.*/, '') : String(cause),
        expected: `${location} beside the model`,
        help: 'PyTorch writes model.onnx and model.onnx.data: keep them together, under these names',
      },
      cause,
    );
  }
  const inside = relative(realpathSync(folder), path);
  if (inside.startsWith(`..${sep}`) || inside === '..' || isAbsolute(inside))
    throw outside(`${location}, a link out of it`);
  return path;
}
