/** From the tensors of a file to layers in a row, whatever the format; what skips layers is handed on by them. */
export { expectElements, expectSize, expectWork, mostWeights } from './budget.ts';
export { type Finished, finishNetwork, type LayerOrigin } from './finish.ts';
export {
  asPotentials,
  channelsFirst,
  denseView,
  type Named,
  rowsView,
  shown,
  type WindowWeights,
  windowView,
} from './linear.ts';
export { concatViews, sumViews, unify } from './meet.ts';
export { neuronsView } from './neurons.ts';
export { averageView, type PoolWindow } from './pools.ts';
export { at, type InputStage, type Layout, type Stage, type View, volume } from './stages.ts';
export { affineView, checkedVolume, gatherView, imageDims, reshapeView, wholeView } from './views.ts';
