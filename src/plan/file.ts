/** The plan as a file: `plan.json` beside the Verilog, and its JSON Schema for programs of others. */
import { z } from 'zod';
import { badInput } from '../errors/index.ts';
import { parseJson } from '../store/index.ts';
import { type Plan, planSchema, planVersion } from './schema/index.ts';

/** Name of the plan in a core's folder. */
export const planFileName = 'plan.json';
/** Name of the plan's JSON Schema in a core's folder. */
export const planSchemaFileName = 'plan.schema.json';

/** One line for each row of numbers, so that a change of weights reads well in a diff. */
export function writePlan(value: Plan): string {
  return `${JSON.stringify(value, undefined, 1).replace(/\[\s+(?=-?\d)([^[\]]*?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;
}

/** The schema of `plan.json` as JSON Schema (draft 2020-12). */
export function planJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(planSchema), undefined, 2)}\n`;
}

/** @throws badInput with the place in the file that is wrong, or with its version where that is another one */
export function readPlan(text: string, fileName: string): Plan {
  const help = 'build it again: spinfire build';
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw badInput('the plan is not JSON', { where: fileName, found: (cause as Error).message, help }, cause);
  }
  const version = z.object({ version: z.number() }).safeParse(value);
  if (version.success && version.data.version !== planVersion)
    throw badInput('the plan is of another version', {
      where: fileName,
      found: `version ${version.data.version}`,
      expected: `version ${planVersion}`,
      help,
    });
  return checked(value, fileName, help);
}

function checked(value: unknown, where: string, help: string): Plan {
  const result = planSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue?.path.map(String).join('.') || 'its top';
  throw badInput('the plan does not fit its schema', {
    where: `${where}, at ${at}`,
    found: issue?.message ?? '',
    help,
  });
}
