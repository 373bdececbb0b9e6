/** What could be told a network whose answers are mostly wrong: other values of its input, or its pixels as numbers. */
import {
  countCorrect,
  type DesignOptions,
  encodingHint,
  type ImageOptions,
  type InputHint,
  inputHint,
  type LoadedImages,
  type Surroundings,
} from '../../app/index.ts';
import type { CoreDesign } from '../../core/index.ts';
import { flagOf } from '../options.ts';

/** Below these shares of right answers other values of the input are tried, and the other encoding where nobody has chosen one. */
const wellAnswered = { input: 0.97, encoding: 0.9 };

/** Who has answered, and what. */
interface Answered {
  /** Absent for a core that was built: what it was told is settled. */
  readonly design: CoreDesign | undefined;
  readonly data: LoadedImages;
  /** [image] */
  readonly classes: readonly number[];
  readonly timeSteps: number;
}

interface Chosen
  extends Pick<DesignOptions, 'layout' | 'inputRange' | 'mean' | 'deviation' | 'encoding'>,
    Pick<ImageOptions, 'imageRange' | 'labelColumn'> {
  readonly model?: string | undefined;
  readonly engine: string;
}

/** Notes, where they would make a clear difference; nothing is changed. */
export async function answerHints(
  { design, data, classes, timeSteps }: Answered,
  chosen: Chosen,
  io: Pick<Surroundings, 'cwd'>,
): Promise<string[]> {
  const { labels } = data;
  const { model, encoding, engine } = chosen;
  if (labels === undefined || design === undefined || model === undefined || engine !== 'golden') return [];
  const right = countCorrect(classes, labels) / data.count;
  const input = right < wellAnswered.input ? await inputHint(model, chosen, data, io) : undefined;
  if (input !== undefined) return [inputWords(input, chosen)];
  const isTried = right < wellAnswered.encoding && encoding === undefined;
  const hint = isTried ? await encodingHint(design, data, timeSteps) : undefined;
  if (hint === undefined) return [];
  return [
    `of ${hint.images} of the images ${hint.direct} are right with --encoding direct, ${hint.bernoulli} with pixels as random spikes`,
  ];
}

function inputWords({ images, right, better, options }: InputHint, { inputRange, mean, deviation }: Chosen): string {
  const given = Object.entries({ inputRange, mean, deviation })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => flagOf(key));
  const isTold = given.length > 0;
  const other = options === '' ? `without ${given.join(' and ')}` : `with ${options}${isTold ? ' instead' : ''}`;
  return `in floats the network has ${better} of ${images} of the images right ${other}, and ${right} as it is told now: was it trained on such values?`;
}
