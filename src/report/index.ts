/** Results as people read them. */
export { type JUnitCase, type JUnitSuite, junitXml } from './junit.ts';
export { markdownTable, type Table, textTable } from './table.ts';
