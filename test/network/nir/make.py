"""Small NIR graphs and what they compute, for nir.test.ts: python3 make.py (needs the packages nir and numpy)."""
import json
import pathlib

import nir
import numpy as np

here = pathlib.Path(__file__).parent
random = np.random.default_rng(7)
sigmoid = {"spinfire": "sigmoid"}


def floats(*dims):
    return random.normal(0, 0.5, dims).astype(np.float32)


def conv(x, weight, bias, stride, pad, dilation=1, groups=1):
    out, inner, kh, kw = weight.shape
    x = np.pad(x, ((0, 0), (pad[0], pad[1]), (pad[2], pad[3])))
    height = (x.shape[1] - dilation * (kh - 1) - 1) // stride + 1
    width = (x.shape[2] - dilation * (kw - 1) - 1) // stride + 1
    y = np.zeros((out, height, width))
    for o in range(out):
        first = o // (out // groups) * inner
        for i in range(height):
            for j in range(width):
                rows = slice(i * stride, i * stride + dilation * (kh - 1) + 1, dilation)
                columns = slice(j * stride, j * stride + dilation * (kw - 1) + 1, dilation)
                y[o, i, j] = np.sum(weight[o] * x[first : first + inner, rows, columns]) + bias[o]
    return y


def sums(x, size):
    c, h, w = x.shape
    return x[:, : h // size * size, : w // size * size].reshape(c, h // size, size, w // size, size).sum((2, 4))


def fire(x, threshold=0.0):
    return 1 / (1 + np.exp(-(x - threshold)))


def chain(name, nodes, compute=None, shape=None):
    names = list(nodes)
    graph = nir.NIRGraph(nodes=nodes, edges=list(zip(names, names[1:])), type_check=False)
    nir.write(here / f"{name}.nir", graph)
    if compute is None:
        return
    inputs = np.round(random.uniform(0, 1, (4, *shape)) * 255) / 255
    results = {"inputs": inputs.reshape(4, -1).tolist(), "outputs": [np.ravel(compute(x)).tolist() for x in inputs]}
    (here / f"{name}.json").write_text(json.dumps(results) + "\n")


def entry(*shape):
    return nir.Input({"input": np.array(shape)})


def leave(*shape):
    return nir.Output({"output": np.array(shape)})


a, b, c, d, s, t = floats(5, 6), floats(5), floats(3, 5), floats(3), floats(6), floats(5)
chain(
    "dense",
    {
        "input": entry(6),
        "scale": nir.Scale(s),
        "fc1": nir.Affine(a, b),
        "fire": nir.Threshold(t, metadata=sigmoid),
        "fc2": nir.Linear(c),
        "output": leave(3),
    },
    lambda x: c @ fire(a @ (s * x) + b, t),
    (6,),
)

w1, b1, w2, b2 = floats(4, 2, 3, 3), floats(4), floats(4, 2, 3, 3), floats(4)
w3, b3 = floats(3, 16), floats(3)
chain(
    "images",
    {
        "input": entry(2, 8, 9),
        "conv1": nir.Conv2d((8, 9), w1, 1, "same", 1, 1, b1),
        "fire1": nir.Threshold(np.zeros((4, 8, 9), np.float32), metadata=sigmoid),
        "pool1": nir.SumPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        "conv2": nir.Conv2d((4, 4), w2, 1, (2, 2), 2, 2, b2),
        "fire2": nir.Threshold(np.zeros((4, 4, 4), np.float32), metadata=sigmoid),
        "pool2": nir.AvgPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        "flatten": nir.Flatten({"input": np.array([4, 2, 2])}, 0, -1),
        "fc": nir.Affine(w3, b3),
        "output": leave(3),
    },
    lambda x: w3
    @ np.ravel(
        sums(
            fire(conv(sums(fire(conv(x, w1, b1, 1, (1, 1, 1, 1))), 2), w2, b2, 1, (2, 2, 2, 2), 2, 2)),
            2,
        )
        / 4
    )
    + b3,
    (2, 8, 9),
)

w4, b4, w5 = floats(3, 2, 4), floats(3), floats(2, 12)

def signal(x):
    x = np.pad(x, ((0, 0), (1, 1)))
    count = (x.shape[1] - 4) // 2 + 1
    return np.array([[np.sum(w4[o] * x[:, 2 * i : 2 * i + 4]) + b4[o] for i in range(count)] for o in range(3)])


chain(
    "signal",
    {
        "input": entry(2, 9),
        "conv": nir.Conv1d(9, w4, 2, 1, 1, 1, b4),
        "fire": nir.Threshold(np.zeros((3, 4), np.float32), metadata=sigmoid),
        "fc": nir.Linear(w5),
        "output": leave(2),
    },
    lambda x: w5 @ np.ravel(fire(signal(x))),
    (2, 9),
)

one = np.ones(5, np.float32)
for name, neuron in {
    "LIF": nir.LIF(one, one, one, one, one),
    "CubaLIF": nir.CubaLIF(one, one, one, one, one, one),
    "LI": nir.LI(one, one, one),
    "Threshold": nir.Threshold(one),
}.items():
    chain(f"refused-{name}", {"input": entry(6), "fc": nir.Affine(a, b), "neuron": neuron, "output": leave(5)})
