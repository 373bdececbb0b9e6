"""Networks by a line of text, as the field writes them: 28x28-16c3p-16c3p-2s-32c3p-32c3p-2s-10o.

| part | meaning |
| --- | --- |
| 28x28, 32x32x3, 64 | the image: height x width (x channels), or a vector |
| 16c3 | convolution to 16 channels, 3 x 3, batch norm, neurons; `p` pads to the same size, `/2` strides by 2 |
| 2s | average pool, 2 x 2 |
| g | average over the whole map |
| 128f | dense layer of 128 neurons |
| r(16c3p-16c3p) | residual block: the drive of its last neurons is the sum of its last convolution and a 1 x 1 convolution of the block's input |
| 10o | the outputs: a dense layer without neurons |

A network of one's own need not be written so: any torch module whose activations are `Neuron` trains the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .errors import TrainingError
from .neuron import Neuron
from .quantise import WEIGHTED

PART = re.compile(r"r\([^()]*\)(?:/\d+)?|[^-]+")
CONVOLUTION = re.compile(r"(\d+)c(\d+)(p?)(?:/(\d+))?$")


@dataclass
class Cursor:
    """The shape [channels, height, width] behind the layers made so far; a vector is [values, 1, 1]."""

    channels: int
    height: int
    width: int

    @property
    def values(self) -> int:
        return self.channels * self.height * self.width


class Residual(nn.Module):
    """Convolutions with neurons between them; their sum with a 1 x 1 convolution of the input drives the last neurons."""

    def __init__(self, body: nn.Module, short: nn.Module) -> None:
        super().__init__()
        self.body, self.short, self.fire = body, short, Neuron()

    def forward(self, spikes: Tensor) -> Tensor:
        return self.fire(self.body(spikes) + self.short(spikes))


def parse_network(text: str, batch_norm: bool = True, norm_start: float = 2.0) -> tuple[nn.Sequential, tuple[int, ...]]:
    """The network and the shape of one image, [channels, height, width] or [values]; batch norms start with the factor `norm_start`.

    Raises TrainingError with the part that is no layer.
    """
    parts = PART.findall(text.replace(" ", ""))
    size = [int(n) for n in parts[0].split("x")] if re.fullmatch(r"\d+(x\d+){0,2}", parts[0] if parts else "") else []
    if not size or len(parts) < 2 or not parts[-1].endswith("o"):
        raise TrainingError(f"network '{text}'", "write an image, layers and outputs, as 28x28-16c3p-2s-10o")
    at = Cursor(size[0], 1, 1) if len(size) == 1 else Cursor(size[2] if len(size) == 3 else 1, size[0], size[1])
    shape = (at.channels,) if len(size) == 1 else (at.channels, at.height, at.width)
    layers: list[nn.Module] = []
    flat = len(size) == 1
    for part in parts[1:]:
        dense = re.fullmatch(r"(\d+)([fo])", part)
        if dense:
            if not flat:
                layers.append(nn.Flatten())
                flat = True
            count = int(dense[1])
            hidden = dense[2] == "f"
            layers.append(nn.Linear(at.values, count, bias=not (hidden and batch_norm)))
            layers += ([nn.BatchNorm1d(count)] if hidden and batch_norm else []) + ([Neuron()] if hidden else [])
            at = Cursor(count, 1, 1)
        elif flat:
            raise TrainingError(f"network '{text}': '{part}' behind a dense layer", "convolutions and pools come first")
        else:
            layers += spatial(part, at, text, batch_norm)
    network = nn.Sequential(*layers)
    start(network, batch_norm, norm_start)
    return network, shape


def spatial(part: str, at: Cursor, text: str, batch_norm: bool) -> list[nn.Module]:
    """The modules of a convolution, a pool or a residual block; moves the cursor."""
    if re.fullmatch(r"\d+s", part):
        window = int(part[:-1])
        at.height, at.width = (side // window if window else 0 for side in (at.height, at.width))
        if min(at.height, at.width) < 1:
            raise TrainingError(f"network '{text}': nothing is left of the image behind '{part}'", "use fewer or smaller pools")
        return [nn.AvgPool2d(window)]
    if part == "g":
        size = (at.height, at.width)
        at.height = at.width = 1
        return [nn.AvgPool2d(size)]
    if part.startswith("r("):
        return [residual(part, at, text)]
    return [*convolution(part, at, text, batch_norm), Neuron()]


def convolution(part: str, at: Cursor, text: str, batch_norm: bool = True) -> list[nn.Module]:
    found = CONVOLUTION.match(part)
    if not found:
        raise TrainingError(f"network '{text}': '{part}' is no layer", "use 16c3, 16c3p, 16c3p/2, 2s, g, 128f, r(...), 10o")
    channels, size, stride = int(found[1]), int(found[2]), int(found[4] or 1)
    pad = size // 2 if found[3] else 0
    conv = nn.Conv2d(at.channels, channels, size, stride=stride, padding=pad, bias=not batch_norm)
    at.channels = channels
    at.height, at.width = ((side + 2 * pad - size) // stride + 1 for side in (at.height, at.width))
    if at.height < 1 or at.width < 1:
        raise TrainingError(f"network '{text}': nothing is left of the image behind '{part}'", "use fewer pools or smaller windows")
    return [conv, nn.BatchNorm2d(channels)] if batch_norm else [conv]


def residual(part: str, at: Cursor, text: str) -> Residual:
    before = Cursor(at.channels, at.height, at.width)
    inner = part[2:].rstrip(")").split("-")
    body: list[nn.Module] = []
    for index, layer in enumerate(inner):
        body += [*([Neuron()] if index else []), *convolution(layer, at, text)]
    stride = before.height // at.height
    if (-(-before.height // stride), -(-before.width // stride)) != (at.height, at.width):
        raise TrainingError(f"network '{text}': '{part}' turns {before.height} x {before.width} into {at.height} x {at.width}", "a block's convolutions keep the size, with p, or stride")
    short = nn.Conv2d(before.channels, at.channels, 1, stride=stride, bias=False)
    return Residual(nn.Sequential(*body), nn.Sequential(short, nn.BatchNorm2d(at.channels)))


def start(network: nn.Sequential, batch_norm: bool, norm_start: float) -> None:
    """Glorot's bound times 4 is the usual start for logistic neurons; with batch norms, these being 2 lets neurons decide from the first step (1 is usual for ReLUs)."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(module.weight, gain=1.0 if batch_norm or module is network[-1] else 4.0)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.constant_(module.weight, norm_start)


def count_weights(network: nn.Module) -> int:
    """Weights of convolutions and dense layers; biases and batch norms fold away."""
    return sum(m.weight.numel() for m in network.modules() if isinstance(m, WEIGHTED))
