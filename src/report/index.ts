/** Results as people read them. */
export {
  acceptFigures,
  compareFigures,
  type Figure,
  type FigureBook,
  type FigureVerdict,
  figureBook,
} from './figures.ts';
export { type HtmlSection, htmlPage } from './html.ts';
export { type JUnitCase, type JUnitSuite, junitXml } from './junit.ts';
export { type Plot, type PlotPoint, type PlotSeries, plotSvg } from './plot.ts';
export { type Stretch, scheduleSvg } from './schedule.ts';
export { markdownTable, type Table, textTable } from './table.ts';
export { type Tornado, type TornadoBar, tornadoSvg } from './tornado.ts';
