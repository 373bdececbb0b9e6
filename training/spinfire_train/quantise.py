"""Weights as the hardware holds them: integers of a few bits, one power of two for each layer (or channel)."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx import GraphModule
from torch.nn.utils import parametrize

from .neuron import NormedNeuron


# Layers whose weights the hardware holds.
WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Linear)


class Rounded(nn.Module):
    """Rounds a weight to the hardware's grid in the forward pass; the gradient passes straight through."""

    def __init__(self, bits: int) -> None:
        super().__init__()
        self.bits = bits

    def forward(self, weight: Tensor) -> Tensor:
        return weight + (rounded(weight.detach(), self.bits) - weight).detach()


def rounded(weight: Tensor, bits: int) -> Tensor:
    """The weight on the grid of the power of two with the least squared error among those from 'no weight is cut' downwards."""
    limit = 2 ** (bits - 1)
    # Nothing here waits for a GPU: a number taken from it for a choice in Python would stop it at every layer of every step.
    largest = weight.abs().max().clamp_min(1e-30)
    coarsest = torch.exp2(torch.floor(torch.log2((limit - 0.5) / largest)))
    choices = [(weight * scale).round().clamp(-limit, limit - 1) / scale for scale in (coarsest * 2**e for e in range(bits // 2 + 1))]
    errors = torch.stack([(choice - weight).square().sum() for choice in choices])
    return torch.stack(choices)[errors.argmin()]


def with_bits(network: nn.Module, bits: int) -> nn.Module:
    """Trains on with weights of `bits` bits. Call it behind `fold`, since batch norms scale the weights that are kept."""
    for module in network.modules():
        if isinstance(module, WEIGHTED):
            parametrize.register_parametrization(module, "weight", Rounded(bits))
    return network


def round_weights(network: nn.Module, bits: int) -> nn.Module:
    """Rounds the weights of all layers in place, without training."""
    for module in network.modules():
        if isinstance(module, WEIGHTED):
            module.weight = nn.Parameter(rounded(module.weight.detach(), bits))
    return network


def without_bits(network: nn.Module) -> nn.Module:
    """Keeps the rounded weights as they are."""
    for module in network.modules():
        if parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
    return network


def fold(network: nn.Module) -> nn.Module:
    """A copy in which batch norms are part of the weights in front of them: behind a layer in a Sequential, and in the graph of a converted file behind a layer or a sum of layers."""
    result = copy.deepcopy(network).eval()
    for module in [result, *result.modules()]:
        if isinstance(module, nn.Sequential):
            fold_sequence(module)
    if isinstance(result, GraphModule):
        fold_graph(result)
    return result


def fold_sequence(sequence: nn.Sequential) -> None:
    names = list(sequence._modules)
    for name, following in zip(names, names[1:]):
        layer, norm = sequence._modules[name], sequence._modules[following]
        if isinstance(layer, WEIGHTED) and isinstance(norm, (nn.BatchNorm1d, nn.BatchNorm2d)):
            fold_into([layer], norm)
            sequence._modules[following] = nn.Identity()


def fold_into(layers: list[nn.Module], norm: nn.Module) -> None:
    """The factor goes to all layers of a sum, the shift to the first one."""
    factor = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
    mean, shift = norm.running_mean, norm.bias.detach()
    for layer in layers:
        bias = layer.bias.detach() if layer.bias is not None else torch.zeros_like(mean)
        shape = [-1] + [1] * (layer.weight.dim() - 1)
        layer.weight = nn.Parameter(layer.weight.detach() * factor.reshape(shape))
        layer.bias = nn.Parameter(shift + (bias - mean) * factor)
        mean, shift = torch.zeros_like(mean), torch.zeros_like(shift)


def fold_graph(network: GraphModule) -> None:
    calls = [node for node in network.graph.nodes if node.op == "call_module"]
    uses = Counter(node.target for node in calls)
    for node in calls:
        module = network.get_submodule(node.target)
        if not isinstance(module, NormedNeuron) or isinstance(module.norm, nn.Identity):
            continue
        layers = layers_of(network, node.args[0], uses)
        if layers:
            fold_into(layers, module.norm)
            parent, _, last = node.target.rpartition(".")
            setattr(network.get_submodule(parent) if parent else network, last, module.fire)


def layers_of(network: GraphModule, node: Any, uses: Counter[str]) -> list[nn.Module]:
    """The layers whose sum a node is; none where it is anything else, or where somebody else needs them too."""
    if getattr(node, "op", "") != "call_module" or len(node.users) != 1 or uses[node.target] != 1:
        return []
    module = network.get_submodule(node.target)
    if isinstance(module, WEIGHTED):
        return [module]
    if getattr(module, "math_op_function", None) is not torch.add or len(node.args) != 2:
        return []
    one, other = (layers_of(network, each, uses) for each in node.args)
    return one + other if one and other else []
