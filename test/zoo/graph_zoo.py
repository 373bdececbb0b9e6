"""Networks in which layers of different depths meet, through both exporters of PyTorch: python3 test/zoo/graph_zoo.py (torch, onnxscript, onnxruntime)."""

import contextlib
import io
import warnings

import torch
from torch import nn
from zoo import Zoo

warnings.filterwarnings("ignore")
torch.manual_seed(2)

S = nn.Sigmoid


def conv(a, b, kernel=3, **more):
    more.setdefault("padding", kernel // 2)
    return nn.Conv2d(a, b, kernel, **more)


class Graph(nn.Module):
    """A forward pass over named parts."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.parts = nn.ModuleDict(parts)
        self.steps = forward

    def forward(self, x):
        return self.steps(x, **self.parts)


s = torch.sigmoid


def cat(*values):
    return torch.cat(values, 1)


class Block(nn.Module):
    """Two convolutions and a projection of what goes into them, one row of neurons for both."""

    def __init__(self, a, b, stride=1, kernel=1, norm=False, pool=False):
        super().__init__()
        self.first, self.second = conv(a, b, stride=stride), conv(b, b)
        self.pool = nn.AvgPool2d(2) if pool else nn.Identity()
        self.skip = conv(a, b, kernel, stride=1 if pool else stride, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(b) if norm else nn.Identity() for _ in range(3)])
        for layer in self.norms if norm else []:
            nn.init.uniform_(layer.running_mean, -0.3, 0.3)
            nn.init.uniform_(layer.running_var, 0.5, 1.5)

    def forward(self, x):
        one, two, three = self.norms
        return s(two(self.second(s(one(self.first(x))))) + three(self.skip(self.pool(x))))


def head(inputs):
    return [nn.Flatten(), nn.Linear(inputs, 4)]


def identity(x, a, b, out):
    x = s(a(x))
    return out((s(b(x)) + x).flatten(1))


def before_neurons(x, a, b, c, out):
    x = s(a(x))
    return out(s(c(s(b(x))) + x).flatten(1))


def long_skip(x, a, b, c, d, out):
    first = s(a(x))
    return out(s(d(s(c(s(b(first))))) - 2 * first).flatten(1))


def dense_block(x, a, b, c, d, out):
    one = s(a(x))
    two = s(b(one))
    three = s(c(cat(one, two)))
    return out(s(d(cat(one, two, three))).flatten(1))


def dense_by_pairs(x, a, b, c, d, out):
    one = s(a(x))
    one = cat(one, s(b(one)))
    one = cat(one, s(c(one)))
    return out(s(d(one)).flatten(1))


def pooled_concat(x, a, b, c, out):
    pool = nn.AvgPool2d(2)
    one = pool(s(a(x)))
    two = s(b(one))
    return out(s(c(cat(one, two))).flatten(1))


def transition(x, a, b, c, out):
    one = s(a(x))
    two = s(b(one))
    return out(s(c(nn.AvgPool2d(2)(cat(one, two)))).flatten(1))


def skip_past_pool(x, a, b, c, p, out):
    one = s(a(x))
    two = nn.AvgPool2d(2)(s(b(one)))
    return out(s(c(two) + p(one)).flatten(1))


def mean_end(x, a, b, out):
    x = s(a(x))
    return out(cat(x, s(b(x))).mean((2, 3)))


def from_input(x, a, b, out):
    return out(s(b(s(a(x))) + x).flatten(1))


def u_shape(x, a, b, c, out):
    one = s(a(x))
    small = s(b(one))
    two = s(c(torch.nn.functional.interpolate(small, scale_factor=2)))
    return out(cat(one, two).flatten(1))


def u_shape_conv(x, a, b, c, d, out):
    one = s(a(x))
    small = s(b(one))
    two = s(c(torch.nn.functional.interpolate(small, scale_factor=2)))
    return out(s(d(cat(one, two))).flatten(1))


def mlp_residual(x, a, b, c, out):
    x = s(a(x.flatten(1)))
    return out(s(c(s(b(x))) + x))


def mlp_concat(x, a, b, c, out):
    x = s(a(x.flatten(1)))
    y = cat(x, s(b(x)))
    return out(cat(s(c(y)), y))


def wide_and_deep(x, a, b, out):
    return out(cat(x.flatten(1), s(b(s(a(x.flatten(1)))))))


def image_and_vector(x, a, b, out):
    x = s(a(x))
    return out(cat(x.flatten(1), s(b(x.flatten(1)))))


def two_branches(x, a, b, c, d, out):
    x = s(a(x))
    return out(s(c(s(b(x)))).flatten(1) + 0 * s(d(x)).flatten(1)[:, :1] + s(d(x)).flatten(1))


def gated(x, a, b, out):
    x = s(a(x))
    return out((s(b(x)) * x).flatten(1))


def other_size(x, a, b, c, p, out):
    one = s(a(x))
    return out(s(c(s(b(one))) + p(one)).flatten(1))


def linear(a, b):
    return nn.Linear(a, b)


ACCEPTED = {
    "resnet": (nn.Sequential(conv(1, 3), S(), Block(3, 3), Block(3, 4, 2), Block(4, 5, 2), nn.AvgPool2d(2), *head(5)), 1),
    "resnet_mean": (nn.Sequential(conv(1, 3), S(), Block(3, 3), Block(3, 4, 2), nn.AdaptiveAvgPool2d(1), *head(4)), 1),
    "resnet_norm": (nn.Sequential(conv(1, 3), S(), Block(3, 3, norm=True), Block(3, 4, 2, norm=True), *head(64)), 1),
    "resnet_pooled_skip": (nn.Sequential(conv(2, 3), S(), Block(3, 4, 2, pool=True), *head(64)), 2),
    "resnet_wide_skip": (nn.Sequential(conv(1, 3), S(), Block(3, 3, 2, kernel=3), *head(48)), 1),
    "resnet_stem_pool": (nn.Sequential(conv(1, 3), S(), nn.AvgPool2d(2), Block(3, 3), Block(3, 4, 2), *head(16)), 1),
    "identity": (Graph(identity, a=conv(1, 3), b=conv(3, 3), out=linear(192, 4)), 1),
    "before_neurons": (Graph(before_neurons, a=conv(1, 3), b=conv(3, 4), c=conv(4, 3), out=linear(192, 4)), 1),
    "long_skip": (Graph(long_skip, a=conv(1, 2), b=conv(2, 3), c=conv(3, 2, 1), d=conv(2, 2), out=linear(128, 4)), 1),
    "dense_block": (Graph(dense_block, a=conv(1, 2), b=conv(2, 2), c=conv(4, 2), d=conv(6, 3), out=linear(192, 4)), 1),
    "dense_by_pairs": (Graph(dense_by_pairs, a=conv(1, 2), b=conv(2, 2), c=conv(4, 2), d=conv(6, 3), out=linear(192, 4)), 1),
    "pooled_concat": (Graph(pooled_concat, a=conv(1, 3), b=conv(3, 2), c=conv(5, 2), out=linear(32, 4)), 1),
    "transition": (Graph(transition, a=conv(1, 2), b=conv(2, 2), c=conv(4, 3), out=linear(48, 4)), 1),
    "skip_past_pool": (Graph(skip_past_pool, a=conv(1, 2), b=conv(2, 2), c=conv(2, 3), p=conv(2, 3, 1, stride=2), out=linear(48, 4)), 1),
    "mean_end": (Graph(mean_end, a=conv(1, 3), b=conv(3, 4), out=linear(7, 4)), 1),
    "from_input": (Graph(from_input, a=conv(1, 3), b=conv(3, 2), out=linear(128, 4)), 1),
    "u_shape": (Graph(u_shape, a=conv(1, 2), b=conv(2, 3, stride=2), c=conv(3, 2), out=linear(256, 4)), 1),
    "mlp_residual": (Graph(mlp_residual, a=linear(64, 6), b=linear(6, 5), c=linear(5, 6), out=linear(6, 4)), 1),
    "mlp_concat": (Graph(mlp_concat, a=linear(64, 6), b=linear(6, 5), c=linear(11, 3), out=linear(14, 4)), 1),
    "wide_and_deep": (Graph(wide_and_deep, a=linear(64, 6), b=linear(6, 5), out=linear(69, 4)), 1),
    "image_and_vector": (Graph(image_and_vector, a=conv(1, 2), b=linear(128, 5), out=linear(133, 4)), 1),
    "two_branches": (Graph(two_branches, a=conv(1, 2), b=conv(2, 2), c=conv(2, 2), d=conv(2, 2), out=linear(128, 4)), 1),
    "conv1d": (Graph(before_neurons, a=nn.Conv1d(1, 3, 3, padding=1), b=nn.Conv1d(3, 4, 3, padding=1), c=nn.Conv1d(4, 3, 3, padding=1), out=linear(36, 4)), (1, 12)),
    "valid_skip": (Graph(other_size, a=conv(1, 2), b=conv(2, 2, padding=0), c=conv(2, 3), p=conv(2, 3, padding=0), out=linear(108, 4)), 1),
}

REFUSED = {
    "gated": (Graph(gated, a=conv(1, 3), b=conv(3, 3), out=linear(192, 4)), 1, "a product of two values of the network is not supported"),
    "u_shape_conv": (Graph(u_shape_conv, a=conv(1, 2), b=conv(2, 3, stride=2), c=conv(3, 2), d=conv(4, 2), out=linear(128, 4)), 1, "two layers meet whose places do not fit"),
}


def export(zoo, name, network, shape, dynamo):
    network.eval()
    dims = shape if isinstance(shape, tuple) else (shape, 8, 8)
    example = torch.rand(2, *dims)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if dynamo:
            program = torch.onnx.export(
                network, (example,), dynamo=True, input_names=["x"], verbose=False,
            )
            program.save(zoo.path(name), external_data=False)
        else:
            torch.onnx.export(network, (example,), zoo.path(name), dynamo=False, input_names=["x"], dynamic_axes={"x": {0: "batch"}})


def main():
    zoo = Zoo("graphs")
    for dynamo, ending in ((False, ""), (True, "_dynamo")):
        for source in [*ACCEPTED, *REFUSED]:
            network, shape, *reason = ACCEPTED.get(source) or REFUSED[source]
            name = source + ending
            export(zoo, name, network, shape, dynamo)
            zoo.refuse(name, reason[0]) if reason else zoo.accept(name)
    zoo.close()


main()
