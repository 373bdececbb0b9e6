"""The network over time steps: potentials summed, as the potential readout does; and its accuracy."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .data import Data, unit
from .neuron import Mode, Physics, set_neurons


def potentials(network: nn.Module, images: Tensor, time_steps: int, encoding: str) -> Tensor:
    """Potentials of the outputs [N, outputs], added up over the time steps; `images` hold values of 0 to 1."""
    total: Tensor | None = None
    for _ in range(time_steps):
        shown = images if encoding == "direct" else (torch.rand_like(images) < images).to(images.dtype)
        step = network(shown)
        total = step if total is None else total + step
    assert total is not None
    return total


def place_of(network: nn.Module) -> torch.device:
    """Where a network's weights are."""
    return next(network.parameters()).device


@torch.no_grad()
def float_accuracy(network: nn.Module, data: Data, mode: Mode = Mode.FLOAT, batch: int = 1000) -> float:
    """Percent right without spikes: with plain sigmoids, or with the ReLUs of a teacher."""
    set_neurons(network.eval(), mode)
    place = place_of(network)
    right = sum(int((network(unit(x.to(place))).argmax(1).cpu() == y).sum()) for x, y in zip(data.images.split(batch), data.labels.split(batch)))
    return 100 * right / len(data)


@torch.no_grad()
def spike_accuracy(network: nn.Module, data: Data, physics: Physics, encoding: str, steps: tuple[int, ...], seed: int, batch: int = 1000) -> dict[int, float]:
    """Percent right for each number of time steps, potential readout, one run of one seed."""
    torch.manual_seed(seed)
    set_neurons(network.eval(), Mode.SPIKES, physics)
    place = place_of(network)
    right = dict.fromkeys(steps, 0)
    for images, labels in zip(data.images.split(batch), data.labels.split(batch)):
        score, shown = 0, unit(images.to(place))
        for step in range(1, max(steps) + 1):
            score = score + potentials(network, shown, 1, encoding)
            if step in right:
                right[step] += int((score.argmax(1).cpu() == labels).sum())
    return {step: 100 * count / len(data) for step, count in right.items()}
