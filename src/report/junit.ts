/** JUnit XML, which every CI system reads. */

export interface JUnitCase {
  readonly name: string;
  /** Present when the case failed: what is wrong, first line short. */
  readonly failure?: string;
}

/** Cases and their failures. */
export interface JUnitSuite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly JUnitCase[];
}

/** Results in the XML that CI systems read. */
export function junitXml({ name, seconds, cases }: JUnitSuite): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const totals = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${xmlText(name)}" ${totals}>`,
    ...cases.flatMap((testCase) => caseLines(name, testCase)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines(suite: string, { name, failure }: JUnitCase): string[] {
  const open = `    <testcase classname="${xmlText(suite)}" name="${xmlText(name)}"`;
  if (failure === undefined) return [`${open}/>`];
  const message = xmlText(failure.split('\n')[0] ?? '');
  return [`${open}>`, `      <failure message="${message}">${xmlText(failure)}</failure>`, '    </testcase>'];
}

function xmlText(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // XML 1.0 has no way to write other control characters.
      .replace(/[^\t\n\r\u0020-\uffff]/g, '?')
  );
}
