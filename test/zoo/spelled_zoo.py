"""Sigmoids as people spell them, and neurons that draw spikes already: python3 test/zoo/spelled_zoo.py (torch, onnxscript, onnxruntime)."""

import contextlib
import io
import logging
import warnings

import torch
import torch.nn.functional as F
from torch import nn
from zoo import Zoo

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


class Net(nn.Module):
    def __init__(self, neurons, end=lambda x: x):
        super().__init__()
        torch.manual_seed(3)
        self.a, self.b = nn.Linear(9, 6), nn.Linear(6, 4)
        self.neurons, self.end = neurons, end

    def forward(self, x):
        return self.end(self.b(self.neurons(self.a(x))))


class Threshold(nn.Module):
    def forward(self, x):
        return (x > 0.5).float()


def straight_through(x):
    p = torch.sigmoid(x)
    return (torch.bernoulli(p) - p).detach() + p


SPELLINGS = {
    "exp_of_logsigmoid": Net(lambda x: torch.exp(F.logsigmoid(x))),
    "exp_over_one_plus_exp": Net(lambda x: torch.exp(x) / (1 + torch.exp(x))),
    "quotient_with_factors": Net(lambda x: (1 + 3 * torch.exp(x)) / (2 + torch.exp(x))),
    "one_minus": Net(lambda x: 1 - torch.sigmoid(-x)),
    "expit": Net(torch.special.expit),
    "logsigmoid_end": Net(torch.sigmoid, F.logsigmoid),
}
# With the mean of what they draw.
DRAWN = {
    "bernoulli": Net(lambda x: torch.bernoulli(torch.sigmoid(x))),
    "uniform_below": Net(lambda x: (torch.rand_like(x) < torch.sigmoid(x)).float()),
    "above_uniform": Net(lambda x: (torch.sigmoid(x) > torch.rand_like(x)).float()),
    "straight_through": Net(straight_through),
}
REFUSED = {
    "softplus": (Net(lambda x: torch.exp(-F.softplus(-x))), "operator Softplus is not supported"),
    "step": (Net(lambda x: (torch.sigmoid(x) > 0.5).float()), "leave the comparison out"),
    "step_of_input": (nn.Sequential(Threshold(), nn.Linear(9, 4)), "make the images black and white before they come"),
    "top_k": (Net(torch.sigmoid, lambda x: torch.topk(x, 1)[1]), "export the network without it"),
    "log": (Net(lambda x: F.logsigmoid(x)), "a stochastic MTJ neuron computes a sigmoid"),
    "noise": (Net(lambda x: torch.sigmoid(x + torch.rand_like(x))), "noise inside the network"),
    "bernoulli_of_half": (Net(lambda x: torch.bernoulli(0.5 * torch.sigmoid(x))), "random numbers of this probability"),
    "arctan": (Net(torch.atan), "a stochastic MTJ neuron computes a sigmoid"),
}
zoo = Zoo("spelled")


def export(name, network, dynamo):
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        torch.onnx.export(
            network.eval(), (torch.rand(1, 9),), zoo.path(name), dynamo=dynamo, opset_version=18, external_data=False, verbose=False
        )


for dynamo in (False, True):
    ending = "_dynamo" if dynamo else ""
    for name, network in SPELLINGS.items():
        export(name + ending, network, dynamo)
        zoo.accept(name + ending)
    for name, network in DRAWN.items():
        export(name + ending, network, dynamo)
        zoo.accept(name + ending, twin="expit")
    for name, (network, reason) in REFUSED.items():
        export(name + ending, network, dynamo)
        zoo.refuse(name + ending, reason)
zoo.close()
