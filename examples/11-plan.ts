/**
 * What a core is, read from its `plan.json`: any program can, `plan.schema.json` says how.
 * Run it: `npx tsx examples/11-plan.ts`
 */
import { readFileSync } from 'node:fs';
import { type Plan, readPlan } from 'spinfire/plan';

const file = new URL('../generated/digits/plan.json', import.meta.url);
const plan: Plan = readPlan(readFileSync(file, 'utf8'), 'plan.json');
const { name, timeSteps, layers } = plan;
console.log(`${name}: ${timeSteps.default} time steps, ${timeSteps.lanes} of them side by side`);
for (const { name: layer, engine, outputLanes, positionLanes, weights, weightBits, neuron } of layers) {
  const count = weights.reduce((sum, row) => sum + row.length, 0);
  console.log(
    `${layer}: ${engine.kind} engine of ${outputLanes} x ${positionLanes} lanes, ${count} weights of ${weightBits} bits, neurons: ${neuron.kind}`,
  );
}
