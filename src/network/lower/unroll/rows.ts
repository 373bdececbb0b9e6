/** The layers of a graph in an order in which each stands behind those that it needs. */
import { badInput } from '../../../errors/index.ts';
import type { Shape } from '../../types.ts';
import { flatOnly, imageParts } from '../join.ts';
import type { InputStage, NeuronStage, PlainStage, PotentialStage, SourceStage } from '../stages.ts';
import type { Key } from './keys.ts';

export interface Row {
  readonly drive: PotentialStage;
  readonly stage: NeuronStage | undefined;
  /** Places and channels of what it gives, behind its pool. */
  output: Shape;
  pool: { readonly height: number; readonly width: number; readonly made: readonly string[] } | undefined;
}

function rowOf(drive: PotentialStage, stage: NeuronStage | undefined): Row {
  const { map } = drive;
  const shape = stage?.layout?.shape ?? (map.kind === 'window' ? map.output : undefined);
  return { drive, stage, output: shape ?? { height: 1, width: 1, channels: drive.size }, pool: undefined };
}

/** All rows of neurons that a row needs, each behind those that it needs; and the input. */
function inOrder(last: PotentialStage): { input: InputStage; stages: NeuronStage[] } {
  const stages: NeuronStage[] = [];
  const seen = new Set<SourceStage>();
  let input: InputStage | undefined;
  const visit = (source: SourceStage): void => {
    if (seen.has(source)) return;
    seen.add(source);
    if (source.kind === 'input') input = source;
    else if (source.kind === 'pooled') visit(source.spikes);
    else if (source.kind === 'joined') for (const part of source.parts) visit(part.source);
    else {
      visit(source.drive.source);
      stages.push(source);
    }
  };
  visit(last.source);
  if (input === undefined) throw new Error('a network begins at its input');
  return { input, stages };
}

/** Row 0 is the input, row 1 the first layer. */
export class Rows {
  readonly all: readonly Row[];
  readonly #input: InputStage;
  readonly #numbers: Map<SourceStage, number>;
  readonly #inverses = new Map<Int32Array, Int32Array>();

  constructor(last: PotentialStage) {
    const { input, stages } = inOrder(last);
    this.#input = input;
    this.all = [...stages.map((stage): Row => rowOf(stage.drive, stage)), rowOf(last, undefined)];
    this.#numbers = new Map<SourceStage, number>([[input, 0]]);
    this.all.forEach(({ stage }, index) => {
      if (stage) this.#numbers.set(stage, index + 1);
    });
    this.#flatten();
    this.#keepPools();
  }

  row(row: number): Row {
    return this.all[row - 1]!;
  }

  /** Places and channels of what a row gives; of the input its own. */
  output(row: number): Shape {
    if (row > 0) return this.row(row).output;
    return this.#input.layout?.shape ?? { height: 1, width: 1, channels: this.#input.size };
  }

  own(row: number, channel: number): Key {
    const { height, width } = this.output(row);
    return { row, channel, strideY: height > 1 ? 1 : 0, strideX: width > 1 ? 1 : 0, offsetY: 0, offsetX: 0 };
  }

  /** Which row a stage is, and the window of a pool that the row itself does not have. */
  find(source: Exclude<SourceStage, { kind: 'joined' }>) {
    const row = this.#numbers.get(source.kind === 'pooled' ? source.spikes : source)!;
    const isOwn = source.kind !== 'pooled' || this.row(row).pool !== undefined;
    return { row, height: isOwn ? 1 : source.windowHeight, width: isOwn ? 1 : source.windowWidth };
  }

  /** Where an element is in the order of places. */
  placeOf(order: Int32Array | undefined, element: number): number {
    if (order === undefined) return element;
    const known = this.#inverses.get(order) ?? new Int32Array(order.length);
    if (!this.#inverses.has(order)) for (const [place, each] of order.entries()) known[each] = place;
    this.#inverses.set(order, known);
    return known[element]!;
  }

  /** A dense layer's neurons stand in an image only where somebody looks at them through a window. */
  #flatten(): void {
    const seen = new Set<number>();
    for (const { drive } of this.all) {
      const { source, map } = drive;
      if (map.kind === 'dense' || (source.kind === 'joined' && flatOnly(source.parts))) continue;
      for (const part of imageParts(source)) seen.add(this.#numbers.get(spikesOf(part.source))!);
    }
    this.all.forEach((row, index) => {
      const { drive, stage } = row;
      if (drive.map.kind === 'dense' && stage && !seen.has(index + 1) && !this.#isPooled(stage))
        row.output = { height: 1, width: 1, channels: stage.size };
    });
  }

  #isPooled(stage: NeuronStage): boolean {
    const isOf = (source: SourceStage): boolean =>
      source.kind === 'joined'
        ? source.parts.some((part) => isOf(part.source))
        : source.kind === 'pooled' && source.spikes === stage;
    return this.all.some(({ drive }) => isOf(drive.source));
  }

  /** A layer keeps its pool where all who need it need the same one, and nothing is handed on past it. */
  #keepPools(): void {
    const uses = new Map<number, Set<string>>();
    const farthest = new Map<number, number>();
    const made = new Map<number, readonly string[]>();
    const note = (source: SourceStage, reader: number): void => {
      if (source.kind === 'joined') {
        for (const part of source.parts) note(part.source, reader);
        return;
      }
      const row = this.#numbers.get(source.kind === 'pooled' ? source.spikes : source)!;
      const window = source.kind === 'pooled' ? `${source.windowHeight} ${source.windowWidth}` : '';
      if (source.kind === 'pooled') made.set(row, source.made);
      uses.set(row, (uses.get(row) ?? new Set()).add(window));
      farthest.set(row, Math.max(farthest.get(row) ?? 0, reader));
    };
    this.all.forEach(({ drive }, index) => {
      note(drive.source, index + 1);
    });
    for (const [row, windows] of uses) {
      const [window] = [...windows];
      const isPassed = [...farthest].some(([from, to]) => from < row && to > row);
      if (windows.size > 1 || window === '' || isPassed) continue;
      const [height, width] = window!.split(' ').map(Number) as [number, number];
      const own = this.row(row);
      own.pool = { height, width, made: made.get(row)! };
      const { output } = own;
      const pooled = { height: Math.floor(output.height / height), width: Math.floor(output.width / width) };
      own.output = { ...pooled, channels: output.channels };
    }
  }

  cannotPass(row: number, { height, width }: Pick<Shape, 'height' | 'width'>) {
    const { where } = this.row(row).drive;
    const [before, behind] = [this.output(row - 1), this.output(row)];
    return badInput('two layers meet whose places do not fit', {
      where,
      found: `places of an image of ${height} x ${width} beside a layer from ${before.height} x ${before.width} to ${behind.height} x ${behind.width}`,
      expected: 'a skip connection that keeps the size, or steps as the layers do that it skips',
      help: 'give the skip connection the stride and the padding of the layers that it skips',
    });
  }
}

const spikesOf = (stage: PlainStage): SourceStage => (stage.kind === 'pooled' ? stage.spikes : stage);
