/** How a check says what contradicts it. */
import { badInput } from '../../errors/index.ts';
import type { LayerPlan } from '../../plan/schema/index.ts';

type Shape = LayerPlan['input'];

export function demand(holds: boolean, where: string, found: string, expected: string): void {
  if (!holds) throw badInput('The plan contradicts itself', { where, found, expected });
}

export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

export function isIn(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

export function same(a: Shape, b: Shape): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}

export function show(shape: Shape): string {
  return `${shape.height}x${shape.width}x${shape.channels}`;
}
