/** A design fitted to its device and to a budget of accuracy, on images that are set apart for it. */
import type { CoreDesign } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
import type { AppContext } from '../context.ts';
import { type ImageOptions, loadImages } from '../images.ts';
import { plainPlan } from '../plain-plan.ts';
import { type BitSearch, searchBits } from './bits.ts';
import { type CurveFit, fitToCurve, gains, judgeFit } from './curve.ts';
import { holdOut } from './held-out.ts';

export type { BitSearch } from './bits.ts';
export type { CurveFit } from './curve.ts';

/** Images to fit on, and how much accuracy narrower weights may cost. */
export interface FitOptions extends Pick<ImageOptions, 'imageRange' | 'imageLayout' | 'labelColumn' | 'layout'> {
  /** File or folder of images like those that the core will see, but not those that it is judged by. */
  readonly calibration?: string | undefined;
  readonly calibrationLabels?: string | undefined;
  /** Points of accuracy, per cent, that fewer bits may cost. */
  readonly accuracyBudget?: number | undefined;
}

/** The design that came out, and what was done. */
export interface Fitted {
  readonly design: CoreDesign;
  /** What was fitted to the curve; `taken` only where it gains on `heldOut` images that it did not see. */
  readonly curve?: CurveFit & { readonly heldOut: number; readonly taken: boolean };
  readonly bits?: BitSearch;
}

/** Images of the calibration that are read. */
const mostImages = 2000;

/** Fits a design where calibration images are named; otherwise it is as it was. Throws badInput for a budget or labels without images. */
export async function fitDesign(
  design: CoreDesign,
  options: FitOptions,
  { io, progress }: AppContext,
): Promise<Fitted> {
  const { calibration, calibrationLabels, accuracyBudget, ...files } = options;
  if (calibration === undefined) {
    if (accuracyBudget === undefined && calibrationLabels === undefined) return { design };
    throw badInput('an accuracy budget and calibration labels want calibration images', {
      help: 'give --calibration, images like those that the core will see',
    });
  }
  const data = loadImages(
    { ...files, images: calibration, labels: calibrationLabels, limit: mostImages },
    plainPlan(design),
    io,
  );
  const { seen, held } = holdOut(data, calibration);
  const fitted = await progress.step('fit to the device', (report) => fitToCurve(design, seen, report));
  const { images: heldOut, ...judged } = await judgeFit(design, fitted, held);
  const taken = gains(judged);
  const curve = { ...fitted, ...judged, ...{ heldOut, taken } };
  const start = taken ? fitted.design : design;
  if (accuracyBudget === undefined) return { design: start, curve };
  const bits = await progress.step('bits of each layer', (report) =>
    searchBits(start, { seen, held }, accuracyBudget / 100, report),
  );
  return { design: bits.design, curve, bits };
}
