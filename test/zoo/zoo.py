"""What all parts of the zoo share: inputs that TypeScript can make again, expected results by onnxruntime, files."""

import json
import pathlib
import sys

import numpy as np

from without_paths import without_folders

HERE = pathlib.Path(__file__).parent


def mulberry(seed, count):
    """The generator of test/network/samples.ts."""
    state = seed & 0xFFFFFFFF
    values = np.empty(count)

    def imul(a, b):
        return (a * b) & 0xFFFFFFFF

    for i in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = imul(state ^ (state >> 15), state | 1)
        mixed ^= (mixed + imul(mixed ^ (mixed >> 7), mixed | 61)) & 0xFFFFFFFF
        mixed &= 0xFFFFFFFF
        values[i] = ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32
    return values


INPUTS = 3


class Zoo:
    """One folder of files, with the expected results beside it as <tool>.json."""

    def __init__(self, tool):
        self.tool = tool
        self.folder = HERE / tool
        self.folder.mkdir(exist_ok=True)
        self.entries = []

    def path(self, name):
        return self.folder / f"{name}.onnx"

    def accept(self, name, *, rows=False, twin=None, **more):
        """Keeps a file that must be taken, with what onnxruntime computes from it.

        rows: the exporter has put the values of an image one below the other.
        twin: name of a file that computes the mean of what this one draws at random.
        """
        import onnxruntime

        # As the file says it: its optimisations would compute with int8 where the file has floats.
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(self.path(twin or name)), options, providers=["CPUExecutionProvider"])
        given = session.get_inputs()[0]
        dims = [dim if isinstance(dim, int) and dim > 0 else 1 for dim in given.shape]
        batch = dims[0]
        size = int(np.prod(dims[1:]))
        results = []
        for seed in range(1, INPUTS + 1):
            values = mulberry(seed, size)
            scaled = np.round(values * 255).astype(np.uint8) if given.type == "tensor(uint8)" else values
            if "float16" in given.type:
                kind = np.float16
            elif "uint8" in given.type:
                kind = np.uint8
            else:
                kind = np.float64 if "double" in given.type else np.float32
            image = scaled.astype(kind).reshape([1, *dims[1:]])
            outputs = session.run(None, {given.name: np.repeat(image, batch, axis=0)})
            if rows:
                outputs = [value.reshape(1, -1) for value in outputs]
            results.append(self._result(session, outputs, more.get("output")))
        self.entries.append({"file": name, "results": results, **more})

    @staticmethod
    def _result(session, outputs, wanted):
        for info, value in zip(session.get_outputs(), outputs):
            if wanted is not None and info.name != wanted:
                continue
            if isinstance(value, list):
                return [float(f"{each:.7g}") for each in value[0].values()]
            if wanted is not None or len(outputs) == 1 or "float" in info.type or "double" in info.type:
                flat = np.asarray(value[0] if np.ndim(value) else value, dtype=np.float64).reshape(-1)
                return [float(f"{each:.7g}") for each in flat]
        raise ValueError("no result")

    def refuse(self, name, reason, **more):
        """Keeps a file that must be refused with an error that holds `reason`."""
        self.entries.append({"file": name, "refused": reason, **more})

    def close(self):
        for file in sorted(self.folder.glob("*.onnx")):
            without_folders(file)
        lines = ",\n".join(json.dumps(entry) for entry in self.entries)
        (HERE / f"{self.tool}.json").write_text(f"[\n{lines}\n]\n")
        size = sum(file.stat().st_size for file in self.folder.iterdir())
        print(f"{self.tool}: {len(self.entries)} files, {size} bytes", file=sys.stderr)
