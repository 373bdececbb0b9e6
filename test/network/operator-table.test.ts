import { describe, expect, it } from 'vitest';
import { operatorHelps, operators, operatorTable } from '../../src/network/onnx/operators/index.ts';

describe('the table of operators', () => {
  const named = operatorTable.flatMap((row) => row.operators);

  it('names every operator that is read, once', () => {
    expect([...named].sort()).toEqual([...operators.keys()].sort());
  });

  it('says nothing of them among the refused', () => {
    expect(named.filter((name) => Object.hasOwn(operatorHelps, name))).toEqual([]);
  });
});
