/** onnxruntime, where it is installed: another program's opinion on what a network computes. */
import { execa } from 'execa';
import { z } from 'zod';

/** Results of a model for some inputs. */
export interface RuntimeResults {
  /** `onnxruntime 1.32.0 (Python)`. */
  readonly program: string;
  /** [input][value] of the output that was asked for. */
  readonly results: readonly (readonly number[])[];
  /** Why there are none: it does not take the file. */
  readonly problem?: string;
}

export interface RuntimeRequest {
  readonly path: string;
  readonly output: string;
  /** Of one input, without the batch. */
  readonly dims: readonly number[];
  /** In the file's units and order. */
  readonly inputs: readonly (readonly number[])[];
}

/** Reads a request from stdin, prints the results; exit code 9: no onnxruntime. */
const script = `
import sys
# Packages only: what lies in the folder of a network is none of ours, whatever its name.
if sys.path[:1] == [""]: del sys.path[0]
import json
try:
    import numpy, onnxruntime
except ImportError:
    sys.exit(9)
request = json.load(sys.stdin)
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
options.log_severity_level = 3
session = onnxruntime.InferenceSession(request["path"], options, providers=["CPUExecutionProvider"])
given = session.get_inputs()[0]
kinds = {"tensor(double)": "float64", "tensor(float16)": "float16", "tensor(uint8)": "uint8"}
batch = given.shape[0] if given.shape and isinstance(given.shape[0], int) else 1
results = []
for values in request["inputs"]:
    image = numpy.asarray(values).astype(kinds.get(given.type, "float32")).reshape([1, *request["dims"]])
    result = session.run([request["output"]], {given.name: numpy.repeat(image, batch, axis=0)})[0]
    first = list(result[0].values()) if isinstance(result, list) else numpy.asarray(result[0]).reshape(-1).tolist()
    results.append([float(value) for value in first])
json.dump({"version": onnxruntime.__version__, "results": results}, sys.stdout)
`;

const answerSchema = z.object({ version: z.string(), results: z.array(z.array(z.number())) });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Python's package and npm's are looked for; undefined: neither is installed. */
export async function runOnnxruntime(
  request: RuntimeRequest,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RuntimeResults | undefined> {
  return (await byPython(request, env)) ?? (await byNode(request));
}

async function byPython(
  request: RuntimeRequest,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RuntimeResults | undefined> {
  const python = env.SPINFIRE_PYTHON || 'python3';
  const run = await execa(python, ['-c', script], {
    input: JSON.stringify(request),
    reject: false,
    timeout: 120_000,
    maxBuffer: 1 << 28,
  });
  if (run.exitCode === 9 || run.exitCode === undefined) return undefined;
  if (run.failed) {
    const problem = run.stderr.trim().split('\n').at(-1) ?? `exit code ${run.exitCode}`;
    return { program: 'onnxruntime (Python)', results: [], problem };
  }
  const answer = z.safeParse(answerSchema, jsonOf(run.stdout));
  if (!answer.success) return { program: python, results: [], problem: 'no answer that is one: is it a python3?' };
  return { program: `onnxruntime ${answer.data.version} (Python)`, results: answer.data.results };
}

interface Session {
  readonly inputNames: readonly string[];
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: ArrayLike<number | bigint> }>>;
}

interface NodeRuntime {
  readonly InferenceSession: { create(path: string): Promise<Session> };
  readonly Tensor: new (type: string, data: Float32Array, dims: readonly number[]) => unknown;
}

async function byNode({ path, output, dims, inputs }: RuntimeRequest): Promise<RuntimeResults | undefined> {
  try {
    // Not a package of ours: whoever has it gets the check.
    const name = 'onnxruntime-node';
    const loaded = (await import(name)) as { default?: NodeRuntime } & NodeRuntime;
    const runtime = loaded.default ?? loaded;
    const session = await runtime.InferenceSession.create(path);
    const results: number[][] = [];
    for (const values of inputs) {
      const tensor = new runtime.Tensor('float32', Float32Array.from(values), [1, ...dims]);
      const found = await session.run({ [session.inputNames[0]!]: tensor });
      results.push(Array.from(found[output]!.data, Number));
    }
    return { program: 'onnxruntime-node (npm)', results };
  } catch {
    return undefined;
  }
}
