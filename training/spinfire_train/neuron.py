"""The stochastic neuron as a module: a sigmoid while the network is exported, Bernoulli spikes while it is trained for hardware, a ReLU in a teacher."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import torch
from torch import Tensor, nn

from .curve import LOGISTIC, Curve, TabledSpikes, tabled


class Mode(Enum):
    """What a neuron hands on: its probability by the plain logistic function, a spike drawn with the device's probability, or, in a teacher, max(0, potential)."""

    FLOAT = "float"
    SPIKES = "spikes"
    RELU = "relu"


@dataclass
class Physics:
    """What the devices do beside their mean curve. All zero: every device is the curve.

    threshold_sigma: spread of the devices' thresholds, in units of z. slope_sigma: relative spread of their slopes.
    read_error: chance that a spike is read as none, or none as a spike. drift: largest common shift of all thresholds, in units of z.
    While training, every batch meets other devices, so that the weights do not rely on one chip's.
    """

    curve: Curve = field(default_factory=lambda: LOGISTIC)
    threshold_sigma: float = 0.0
    slope_sigma: float = 0.0
    read_error: float = 0.0
    drift: float = 0.0
    _tables: dict[torch.device, tuple[Tensor, Tensor]] = field(default_factory=dict, repr=False, compare=False)

    def table(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Probabilities and slopes over z on a device, made once."""
        if device not in self._tables:
            probability, slope = tabled(self.curve, self.read_error)
            self._tables[device] = (probability.to(device), slope.to(device))
        return self._tables[device]


class Neuron(nn.Module):
    """A layer of MTJ neurons. Potentials of any shape in, spikes (0 or 1) of the same shape out, memoryless from step to step."""

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.FLOAT
        self.physics = Physics()

    def forward(self, potential: Tensor) -> Tensor:
        if self.mode is Mode.FLOAT:
            return torch.sigmoid(potential)
        if self.mode is Mode.RELU:
            return torch.relu(potential)
        return spikes(potential, self.physics)


class NormedNeuron(nn.Module):
    """Scale and shift of each channel, then neurons. Both are learnt; they fold into the weights in front where these are one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.norm: nn.Module = nn.Identity()
        self.fire = Neuron()

    def forward(self, potential: Tensor) -> Tensor:
        if isinstance(self.norm, nn.Identity):
            kind = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d}[potential.dim()]
            self.norm = kind(potential.shape[1])
            nn.init.constant_(self.norm.weight, 2.0)
        return self.fire(self.norm(potential))


def spikes(potential: Tensor, physics: Physics) -> Tensor:
    """Bernoulli samples; the gradient of the probability passes straight through the sample."""
    z = potential
    if physics.slope_sigma > 0 or physics.threshold_sigma > 0:
        one = potential[:1]
        z = z * (1 + physics.slope_sigma * torch.randn_like(one)) - physics.threshold_sigma * torch.randn_like(one)
    if physics.drift > 0:
        z = z + physics.drift * (2 * torch.rand((), device=z.device) - 1)
    table, slope = physics.table(z.device)
    return TabledSpikes.apply(z, table, slope)


def set_neurons(network: nn.Module, mode: Mode, physics: Physics | None = None) -> int:
    """Puts all neurons of a network into a mode; returns how many layers of neurons it has."""
    count = 0
    for module in network.modules():
        if isinstance(module, Neuron):
            module.mode = mode
            if physics is not None:
                module.physics = physics
            count += 1
    return count
