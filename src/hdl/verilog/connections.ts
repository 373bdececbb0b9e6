/** Outputs of instances that drive one signal and nothing else are connected to that signal itself. */

import type { Usage } from '../elaborate/usage.ts';
import { rootsOf } from '../elaborate/usage.ts';
import { type Expr, mask, visitExprs } from '../ir/expr.ts';
import type { Entity, ModuleIr } from '../ir/module.ts';

/** From an instance's output to the wire or output that takes its place. */
export function directConnections(module: ModuleIr, usage: Usage): Map<Entity, Entity> {
  const readers = new Map<Entity, Expr[]>();
  const named = module.entities.flatMap((entity) =>
    entity.value !== undefined && usage.bits.has(entity) ? [entity.value] : [],
  );
  const roots = [...rootsOf(module), ...named];
  visitExprs(roots, (expr) => {
    if (expr.kind === 'ref' && expr.entity.role === 'instanceOutput') {
      readers.set(expr.entity, [...(readers.get(expr.entity) ?? []), expr]);
    }
  });
  const drivers = new Map<Entity, number>();
  for (const item of module.body) {
    if (item.kind === 'assign') drivers.set(item.target, (drivers.get(item.target) ?? 0) + 1);
  }
  const direct = new Map<Entity, Entity>();
  for (const item of module.body) {
    if (item.kind !== 'assign' || item.value.kind !== 'ref' || item.target.role === 'register') continue;
    const source = item.value.entity;
    const exprs = readers.get(source) ?? [];
    const single = exprs.length === 1 && exprs[0] === item.value && usage.uses.get(item.value) === 1;
    const plain = drivers.get(item.target) === 1 && item.target.defaultValue === undefined;
    if (source.role !== 'instanceOutput' || !single || !plain || !declaredBefore(module, item.target, source)) continue;
    // A wire of which not all bits are read must not hide that from the linter.
    if (usage.bits.get(source) === mask(source.type.width)) direct.set(source, item.target);
  }
  return direct;
}

/** The net must stand above the instance; ports always do. */
function declaredBefore(module: ModuleIr, target: Entity, source: Entity): boolean {
  if (target.role === 'output') return true;
  for (const item of module.body) {
    if (item.kind === 'declare' && item.entity === target) return true;
    if (item.kind === 'instance' && item.instance === source.instance) return false;
  }
  return false;
}
