/** Names that people give to cores. */
import { describe, expect, it } from 'vitest';
import { checkName, identifier } from '../../src/app/design.ts';
import { buildHardware } from '../../src/core/index.ts';
import { devicePlan, smallPlan } from '../sim/small-core.ts';

describe('the name of a core', () => {
  it.each([
    ['plain', smallPlan()],
    ['with a bus', devicePlan()],
    ['with early exit', { ...smallPlan(), earlyExit: 'margin' as const }],
  ])('is none of its ports: a core %s', (_, plan) => {
    const ports = buildHardware(plan).ports();
    expect(ports.length).toBeGreaterThan(10);
    for (const { name } of ports) expect(() => checkName(name, '--name')).toThrow('is taken');
  });

  it.each(['readout', 'image_guard', smallPlan().layers[0]!.name])('is not that of a block inside: %s', (name) => {
    expect(() => buildHardware({ ...smallPlan(), name })).toThrow("the core's name cannot be used");
  });

  it.each([
    ['digits-cnn', 'digits_cnn'],
    ['7', 'core_7'],
    ['module', 'core_module'],
    ['time_steps', 'core_time_steps'],
    ['a -- b', 'a_b'],
  ])('is made of the file name %s', (file, name) => {
    expect(identifier(file)).toBe(name);
    expect(() => checkName(identifier(file), '--name')).not.toThrow();
  });
});
