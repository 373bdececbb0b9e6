import type { Dataset, Entity, Group } from 'h5wasm/node';
import { badInput, SpinfireError } from '../../errors/index.ts';

/** Numbers of a file, row-major; a scalar has no dimensions. */
export interface NirArray {
  readonly dims: readonly number[];
  readonly values: Float64Array;
}

/** A group of a file as plain data. */
export interface NirGroup {
  readonly arrays: ReadonlyMap<string, NirArray>;
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, NirGroup>;
}

/** Values of one array: a gigabyte of float32. */
const mostValues = 2 ** 28;
const mostDepth = 8;

/** Loaded on demand: most runs read no HDF5. */
async function library() {
  const hdf5 = await import('h5wasm/node');
  const module = await hdf5.ready;
  // Otherwise the C library writes its own report to the terminal.
  module.activate_throwing_error_handler();
  return hdf5;
}

/**
 * Everything in an HDF5 file.
 *
 * @param shown how errors name the file
 * @throws SpinfireError (badInput): no HDF5, truncated, links, or values that are neither numbers nor text
 */
export async function readHdf5(path: string, shown: string): Promise<NirGroup> {
  let file: { close(): unknown } | undefined;
  try {
    // Inside, too: a damaged file can leave the C library damaged for the next one.
    const { File } = await library();
    const opened = new File(path, 'r');
    file = opened;
    const root = groupOf(opened, shown, 0);
    file = undefined;
    opened.close();
    return root;
  } catch (cause) {
    closeDamaged(file);
    if (cause instanceof SpinfireError) throw cause;
    const found = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const details = {
      where: shown,
      found,
      expected: 'a whole HDF5 file',
      help: 'copy it again, or write it again with nir.write',
    };
    throw badInput('the NIR file is damaged, truncated or no HDF5 file', details, cause);
  }
}

/** The C library gives up in the middle of closing some damaged files; what is wrong with the file is known by then. */
function closeDamaged(file: { close(): unknown } | undefined): void {
  try {
    file?.close();
  } catch {
    // Nothing can be done about it, and the file was only read.
  }
}

function groupOf(group: Group, shown: string, depth: number): NirGroup {
  if (depth > mostDepth) {
    throw badInput('a NIR file has too many groups in each other', { where: shown, expected: `at most ${mostDepth}` });
  }
  const arrays = new Map<string, NirArray>();
  const words = new Map<string, readonly string[]>();
  const groups = new Map<string, NirGroup>();
  for (const key of group.keys()) {
    const where = `${shown}: ${group.path === '/' ? '' : group.path}/${key}`;
    const entity = group.get(key);
    if (isGroup(entity)) groups.set(key, groupOf(entity, shown, depth + 1));
    else if (isDataset(entity)) {
      const value = datasetOf(entity, where);
      if ('values' in value) arrays.set(key, value);
      else words.set(key, value.words);
    } else {
      throw badInput('a NIR file has something in it that is neither a group nor values', {
        where,
        found: kindOf(entity),
        expected: 'groups and datasets, all in one file',
      });
    }
  }
  return { arrays, words, groups };
}

const kindOf = (entity: Entity | null): string =>
  entity !== null && 'type' in entity ? entity.type.toString() : 'nothing readable';
const isGroup = (entity: Entity | null): entity is Group => kindOf(entity) === 'Group';
const isDataset = (entity: Entity | null): entity is Dataset => kindOf(entity) === 'Dataset';

function datasetOf(dataset: Dataset, where: string): NirArray | { readonly words: readonly string[] } {
  const dims = dataset.shape ?? [];
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (count > mostValues) {
    const found = `[${dims.join(', ')}]`;
    throw badInput('an array is too large', { where, found, expected: `at most ${mostValues} values` });
  }
  const value: unknown = dataset.value;
  if (typeof value === 'string') return { words: [value] };
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return { words: value };
  const list =
    typeof value === 'object' && value !== null && 'length' in value ? (value as ArrayLike<unknown>) : [value];
  const values = Float64Array.from(list, Number);
  const isNumber = (each: unknown) => ['number', 'bigint', 'boolean'].includes(typeof each);
  if (values.length === count && Array.prototype.every.call(list, isNumber)) return { dims, values };
  throw badInput('values of a NIR file are neither numbers nor text', {
    where,
    found: JSON.stringify(dataset.dtype) ?? 'no type',
    expected: 'floating-point numbers, integers or text',
  });
}

/** Numbers to be written. */
export interface WrittenArray {
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** A group to be written: arrays, text, lists of pairs of names, and groups. */
export interface WrittenGroup {
  readonly [name: string]: WrittenArray | WrittenGroup | string | readonly (readonly [string, string])[];
}

/** Writes an HDF5 file. */
export async function writeHdf5(path: string, root: WrittenGroup): Promise<void> {
  const { File } = await library();
  const file = new File(path, 'w');
  try {
    fill(file, root);
    file.flush();
  } finally {
    file.close();
  }
}

function fill(group: Group, content: WrittenGroup): void {
  for (const [name, value] of Object.entries(content)) {
    if (typeof value === 'string') group.create_dataset({ name, data: value });
    else if (Array.isArray(value)) {
      group.create_dataset({ name, data: (value as string[][]).flat(), shape: [value.length, 2] });
    } else if (isArray(value as WrittenArray | WrittenGroup)) {
      const { values, dims } = value as WrittenArray;
      group.create_dataset({ name, data: values, shape: [...dims] });
    } else fill(group.create_group(name), value as WrittenGroup);
  }
}

const isArray = (value: WrittenArray | WrittenGroup): value is WrittenArray => ArrayBuffer.isView(value.values);
