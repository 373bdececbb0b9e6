"""The digit networks, of plain sigmoids or of neurons that spike at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

import torch
from torch import Tensor, nn

CLASSES = 10

Step = Callable[[Tensor], Tensor]


class Spike(torch.autograd.Function):
    """A Bernoulli sample of a probability; the gradient passes straight through."""

    @staticmethod
    def forward(_context: object, probability: Tensor) -> Tensor:
        return (torch.rand_like(probability) < probability).float()

    @staticmethod
    def backward(_context: object, gradient: Tensor) -> Tensor:
        return gradient


def unchanged(value: Tensor) -> Tensor:
    return value


class DigitsCnn(nn.Module):
    """28x28-6c5-2s-12c5-2s-10o, the network of arXiv:1605.04494."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 12, 5)
        self.out = nn.Linear(192, CLASSES)
        # There is no padding to count, but PyTorch 1.13 exports an empty Pad in front of the pool unless told so.
        self.pool = nn.AvgPool2d(2, count_include_pad=False)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.steps(pixels, torch.sigmoid, unchanged, [])

    def steps(self, pixels: Tensor, curve: Step, fire: Step, potentials: list[Tensor]) -> Tensor:
        """One time step, to the output potentials [N, 10]; appends the hidden potentials to `potentials`.

        `curve` maps a potential to a probability, `fire` a probability to what the next layer sees.
        """
        first = self.conv1(fire(pixels))
        second = self.conv2(self.pool(fire(curve(first))))
        potentials += [first, second]
        return self.out(torch.flatten(self.pool(fire(curve(second))), 1))


class DigitsMlp(nn.Module):
    """784-128-10."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(784, 128)
        self.out = nn.Linear(128, CLASSES)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.steps(pixels, torch.sigmoid, unchanged, [])

    def steps(self, pixels: Tensor, curve: Step, fire: Step, potentials: list[Tensor]) -> Tensor:
        hidden = self.hidden(torch.flatten(fire(pixels), 1))
        potentials += [hidden]
        return self.out(fire(curve(hidden)))


Network = Union[DigitsCnn, DigitsMlp]


def build(name: str) -> Network:
    network = DigitsCnn() if name == "digits-cnn" else DigitsMlp()
    for layer in network.children():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            # Glorot's bound times 4 is the usual start for logistic neurons.
            nn.init.xavier_uniform_(layer.weight, gain=1.0 if layer is network.out else 4.0)
            nn.init.zeros_(layer.bias)
    return network
