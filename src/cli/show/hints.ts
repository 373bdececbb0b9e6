/** What could be told a network whose answers are often wrong: other values of its input, its pixels as numbers, another readout. */
import {
  coreInputHint,
  countCorrect,
  type DesignOptions,
  encodingHint,
  type ImageOptions,
  type InputHint,
  inputHint,
  type LoadedImages,
  likelyRenumbering,
  readoutHint,
  type Surroundings,
} from '../../app/index.ts';
import type { CoreDesign } from '../../core/index.ts';
import type { Plan } from '../../plan/index.ts';
import { flagOf } from '../options.ts';

/** Below these shares of right answers other values of the input are tried, and another encoding or readout. */
const wellAnswered = { input: 0.97, encoding: 0.9 };

/** Who has answered, and what. */
interface Answered {
  readonly plan: Plan;
  /** Absent for a core that was built: its encoding and readout are settled. */
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
  readonly calibration?: string | undefined;
}

/** Notes, where they would make a clear difference; nothing is changed. */
export async function answerHints(
  { plan, design, data, classes, timeSteps }: Answered,
  chosen: Chosen,
  io: Pick<Surroundings, 'cwd'>,
): Promise<string[]> {
  const { labels } = data;
  const { model, encoding, engine, calibration } = chosen;
  if (labels === undefined || engine !== 'golden') return [];
  const right = countCorrect(classes, labels) / data.count;
  // Classes in another order are answered wrongly, whatever else is tried.
  if (right >= wellAnswered.input || likelyRenumbering(classes, labels) !== undefined) return [];
  if (design === undefined || model === undefined) {
    const input = coreInputHint(plan, chosen.imageRange, data);
    return input === undefined ? [] : [coreInputWords(input)];
  }
  const input = await inputHint(model, chosen, data, io);
  if (input !== undefined) return [inputWords(input, chosen)];
  if (right >= wellAnswered.encoding) return [];
  const readout = await readoutHint(design, data, timeSteps);
  const hint = encoding === undefined ? await encodingHint(design, data, timeSteps) : undefined;
  return [
    ...(hint === undefined
      ? []
      : [
          `of ${hint.images} of the images ${hint.direct} are right with --encoding direct, ${hint.bernoulli} with pixels as random spikes`,
        ]),
    ...(readout === undefined
      ? []
      : [
          `of ${readout.images} of the images ${readout.potential} are right with --readout potential, ${readout.count} with counts of spikes, for which a network is trained or ${calibration === undefined ? 'fitted: --calibration IMAGES' : 'given more time steps'}`,
        ]),
  ];
}

function coreInputWords({ images, right, better, options }: InputHint): string {
  const other = options === '' ? 'with pixels as 0 to 1' : `with ${options}`;
  return `in floats the core's network has ${better} of ${images} of the images right ${other}, and ${right} as it was built: if it was trained on such values, build it again so`;
}

function inputWords({ images, right, better, options }: InputHint, { inputRange, mean, deviation }: Chosen): string {
  const given = Object.entries({ inputRange, mean, deviation })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => flagOf(key));
  const isTold = given.length > 0;
  const other = options === '' ? `without ${given.join(' and ')}` : `with ${options}${isTold ? ' instead' : ''}`;
  return `in floats the network has ${better} of ${images} of the images right ${other}, and ${right} as it is told now: was it trained on such values?`;
}
