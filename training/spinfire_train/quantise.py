"""Weights as the hardware holds them: integers of a few bits, one power of two for each layer (or channel)."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize


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
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            parametrize.register_parametrization(module, "weight", Rounded(bits))
    return network


def round_weights(network: nn.Module, bits: int) -> nn.Module:
    """Rounds the weights of all layers in place, without training."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.weight = nn.Parameter(rounded(module.weight.detach(), bits))
    return network


def without_bits(network: nn.Module) -> nn.Module:
    """Keeps the rounded weights as they are."""
    for module in network.modules():
        if parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
    return network


def fold(network: nn.Module) -> nn.Module:
    """A copy in which every batch norm directly behind a convolution or dense layer in a Sequential is part of its weights."""
    result = copy.deepcopy(network).eval()
    for module in [result, *result.modules()]:
        if isinstance(module, nn.Sequential):
            fold_sequence(module)
    return result


def fold_sequence(sequence: nn.Sequential) -> None:
    names = list(sequence._modules)
    for name, following in zip(names, names[1:]):
        layer, norm = sequence._modules[name], sequence._modules[following]
        if not isinstance(layer, (nn.Conv2d, nn.Linear)) or not isinstance(norm, (nn.BatchNorm1d, nn.BatchNorm2d)):
            continue
        factor = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
        bias = layer.bias.detach() if layer.bias is not None else torch.zeros_like(norm.running_mean)
        shape = [-1] + [1] * (layer.weight.dim() - 1)
        layer.weight = nn.Parameter(layer.weight.detach() * factor.reshape(shape))
        layer.bias = nn.Parameter(norm.bias.detach() + (bias - norm.running_mean) * factor)
        sequence._modules[following] = nn.Identity()
