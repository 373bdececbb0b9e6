/** spinfire explain: the page of a design rule. */
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import { type RuleCode, rulePages, ruleTitles, severityOf } from '../../hdl/index.ts';
import { command } from '../command.ts';
import { shaped } from '../options.ts';

/** `HDL014`, `hdl14` or `14`. */
const rule = shaped((typed) => {
  const [, digits] = /^(?:HDL)?0*(\d{1,3})$/i.exec(typed) ?? [];
  return digits === undefined ? undefined : `HDL${digits.padStart(3, '0')}`;
}, 'the number of a rule, HDL014');

export const explainCommand = command({
  name: 'explain',
  summary: 'what a design rule is for, with a design that breaks it and one that keeps it',
  arguments: { rule: { type: rule, help: 'its number, as messages show it: HDL014' } },
  options: {},
  result: z.object({
    rule: z.string(),
    title: z.string(),
    severity: z.enum(['error', 'warning']),
    why: z.string().describe('what would go wrong without it'),
    bad: z.string().describe('TypeScript that breaks it'),
    good: z.string().describe('TypeScript that does what was meant'),
  }),
  run: ({ rule: wanted }) => {
    if (!isRule(wanted))
      throw badInput('there is no such rule', { found: wanted, expected: Object.keys(ruleTitles).join(', ') });
    const { why, bad, good } = rulePages[wanted];
    const [title, severity] = [ruleTitles[wanted], severityOf(wanted)];
    return {
      json: { rule: wanted, title, severity, why, bad, good },
      text: [
        `${severity} ${wanted} ${title}`,
        why,
        `not so:\n\n${indent(bad)}`,
        ...(bad.includes('as never')
          ? ['(The TypeScript compiler refuses this, too; `as never` keeps it quiet.)']
          : []),
        `but so:\n\n${indent(good)}`,
      ].join('\n\n'),
    };
  },
});

const isRule = (text: string): text is RuleCode => text in ruleTitles;

const indent = (code: string) => code.trimEnd().replace(/^(?=.)/gm, '    ');
