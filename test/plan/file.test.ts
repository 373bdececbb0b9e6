/** `plan.json`: read back, refused with a reason, and described for programs of others by its JSON Schema. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type Plan, planJsonSchema, planSchema, readPlan, writePlan } from '../../src/plan/index.ts';
import { withRandomDevice } from '../golden/random-device.ts';
import { randomFrom, randomPlan, widened } from '../golden/random-plan.ts';
import { withRandomTelegraph } from '../golden/random-telegraph.ts';
import { devicePlan, smallPlan } from '../sim/small-core.ts';

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
const plans: readonly Plan[] = [
  smallPlan(),
  devicePlan(),
  ...seeds.map((seed) => randomPlan(seed)),
  ...seeds.map((seed) => withRandomDevice(randomPlan(seed), seed)),
  ...seeds.map((seed) => widened(randomPlan(seed), seed)),
  ...seeds.map((seed) => withRandomTelegraph(randomPlan(seed), seed)),
];

const validate = new Ajv2020({ allErrors: false }).compile(JSON.parse(planJsonSchema()));

function reportOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { report?: string }).report ?? String(error);
  }
  return 'read';
}

describe('a plan as a file', () => {
  it('comes back as it was written', () => {
    for (const plan of plans) expect(readPlan(writePlan(plan), 'plan.json')).toEqual(plan);
  });

  it('of version 1 is to be built again', () => {
    const old = writePlan(smallPlan()).replace('"version": 2', '"version": 1');
    const report = reportOf(() => readPlan(old, 'old/plan.json'));
    expect(report).toMatch(
      /the plan is of another version\n.*old\/plan\.json\n +found: +version 1\n +expected: +version 2\n +help: +build it again/,
    );
  });

  it('that is none is refused with its place', () => {
    expect(reportOf(() => readPlan('{', 'plan.json'))).toContain('the plan is not JSON');
    const bad = { ...smallPlan(), timeSteps: { max: 4, lanes: 0, default: 1 } };
    expect(reportOf(() => readPlan(JSON.stringify(bad), 'plan.json'))).toMatch(/plan\.json, at timeSteps\.lanes/);
  });

  it('holds every number it is asked to hold: others are refused by the maker', () => {
    for (const plan of plans) expect(planSchema.safeParse(plan).error).toBeUndefined();
  });
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place of a document, as the container and the key in it. */
function* places(value: Json): Generator<{ readonly within: Record<string, Json>; readonly key: string }> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    yield { within: value as Record<string, Json>, key };
    yield* places(inner);
  }
}

/** Keys that a layer may lack. */
const optionalKeys = new Set(['carry', 'runs', 'channelShifts']);

/** A value that is no longer what the place can hold. */
function broken(value: Json, choice: number): Json {
  const others = (...choices: Json[]) => choices[choice % choices.length]!;
  if (typeof value === 'number') return others(value + 0.5, `${value}`, null);
  if (typeof value === 'string') return others(7, null, [value]);
  if (typeof value === 'boolean') return others(1, 'yes', null);
  if (value === null) return others(0, true, 'none');
  return Array.isArray(value) ? 5 : 'none';
}

describe('the JSON Schema of a plan', () => {
  it('takes every plan', () => {
    for (const plan of plans) expect(validate(JSON.parse(writePlan(plan))), plan.name).toBe(true);
  });

  it('refuses what was broken in one place: another type, a key too many, a key too few', () => {
    const random = randomFrom(20261128);
    let tried = 0;
    for (const plan of plans) {
      const all = [...places(JSON.parse(writePlan(plan)))].length;
      for (let i = 0; i < 12; i += 1) {
        const document: Json = JSON.parse(writePlan(plan));
        const { within, key } = [...places(document)][random(all)]!;
        const was = within[key]!;
        const kind = random(3);
        const isRow = Array.isArray(within);
        if (kind === 0 || isRow) within[key] = broken(was, random(3));
        else if (kind === 1) within.surplus = was;
        else if (optionalKeys.has(key)) within[key] = broken(was, random(3));
        else delete within[key];
        tried += 1;
        const what = `${plan.name}, ${key}: ${JSON.stringify(was).slice(0, 40)}, change ${kind}`;
        expect(validate(document), what).toBe(false);
        expect(planSchema.safeParse(document).success, what).toBe(false);
      }
    }
    expect(tried).toBeGreaterThan(2000);
  });

  it('says what each part is', () => {
    const schema = JSON.parse(planJsonSchema());
    expect(schema.properties.version.const).toBe(2);
    expect(schema.properties.seeding.description).toContain('start states');
    expect(JSON.stringify(schema)).not.toContain('readOnly');
  });
});
