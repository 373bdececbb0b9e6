"""Accuracy of a network whose neurons spike at random: float or quantised weights, ideal or computed device."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mnist import Images
from networks import Network

TIME_STEPS = (1, 2, 4, 8, 16)
BATCH = 1000

# Maps potentials to the probability that a neuron spikes.
Curve = Callable[[Tensor], Tensor]

# The hardware's switching table: potentials from -8 to 8 in steps of 1/16.
TABLE_ENTRIES = 256
TABLE_START = -8.0
TABLE_STEPS_PER_UNIT = 16


def float_accuracy(network: Network, images: Images) -> float:
    """Percent of the images that the network of plain sigmoids classifies correctly."""
    with torch.no_grad():
        correct = sum(int((first_highest(network(pixels)) == labels).sum()) for pixels, labels in batches(images))
    return percent(correct, images)


def stochastic_accuracy(network: Network, images: Images, curve: Curve, seed: int) -> dict[str, dict[str, float]]:
    """Percent correct, for each readout and number of time steps, of one run with Bernoulli pixels and neurons.

    `potential`: the class whose potential, summed over the time steps, is highest. `count`: the class whose output
    neuron spiked most often. On a tie the lowest class wins, as in the hardware.
    """
    chance = torch.Generator().manual_seed(seed)

    def spikes(probability: Tensor) -> Tensor:
        return (torch.rand(probability.shape, generator=chance) < probability).float()

    correct = {readout: dict.fromkeys(TIME_STEPS, 0) for readout in ("potential", "count")}
    with torch.no_grad():
        for pixels, labels in batches(images):
            scores = {readout: torch.zeros(len(labels), 10) for readout in correct}
            for step in range(1, max(TIME_STEPS) + 1):
                potential = network.steps(pixels, curve, spikes, [])
                scores["potential"] += potential
                scores["count"] += spikes(curve(potential))
                for readout, score in scores.items():
                    if step in TIME_STEPS:
                        correct[readout][step] += int((first_highest(score) == labels).sum())
    return {
        readout: {str(steps): percent(count, images) for steps, count in counts.items()}
        for readout, counts in correct.items()
    }


def batches(images: Images) -> Iterator[tuple[Tensor, Tensor]]:
    return zip(images.pixels.split(BATCH), images.labels.split(BATCH))


def first_highest(scores: Tensor) -> Tensor:
    """The lowest index among the highest scores of each row; NumPy promises this, some builds of PyTorch don't."""
    return torch.from_numpy(np.argmax(scores.numpy(), axis=1))


def percent(count: int, images: Images) -> float:
    return round(100 * count / len(images.labels), 2)


def quantised(network: Network, bits: int) -> Network:
    """The network with each layer's weights rounded to `bits` bits; its scale is the best power of two."""
    result = copy.deepcopy(network)
    for layer in result.children():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            scale = best_scale(layer.weight.detach(), bits)
            layer.weight.data = rounded(layer.weight.detach(), scale, bits)
            layer.bias.data = torch.round(layer.bias.detach() * scale) / scale
    return result


def best_scale(weights: Tensor, bits: int) -> float:
    finest = np.floor(np.log2((2 ** (bits - 1) - 0.5) / float(weights.abs().max())))
    candidates = [float(2.0 ** (finest + extra)) for extra in range(bits + 1)]
    return min(candidates, key=lambda scale: float((rounded(weights, scale, bits) - weights).square().sum()))


def rounded(weights: Tensor, scale: float, bits: int) -> Tensor:
    limit = 2 ** (bits - 1)
    return torch.round(weights * scale).clamp(-limit, limit - 1) / scale


def device_curve(path: Path) -> Curve:
    """The switching table that a neuron with the device of this file holds: current (uA), probability.

    The curve is linear in the log odds between the points and beyond them. A potential z is driven as
    centre + z * scale of the logistic function nearest to the curve.
    """
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    current = np.array([float(row["current (uA)"]) for row in rows])
    chance = np.array([float(row["probability"]) for row in rows])
    odds = np.log(chance / (1 - chance))

    def probability(drive: np.ndarray) -> np.ndarray:
        segment = np.clip(np.searchsorted(current, drive) - 1, 0, len(current) - 2)
        slope = (odds[segment + 1] - odds[segment]) / (current[segment + 1] - current[segment])
        return logistic(odds[segment] + (drive - current[segment]) * slope)

    centre, scale = nearest_logistic(probability, current)
    potentials = TABLE_START + (np.arange(TABLE_ENTRIES) + 0.5) / TABLE_STEPS_PER_UNIT
    codes = np.round(probability(centre + potentials * scale) * 65536).clip(0, 65535)
    table = torch.from_numpy((np.where(codes == 65535, 65536, codes) / 65536).astype(np.float32))

    def look_up(potential: Tensor) -> Tensor:
        address = torch.floor((potential - TABLE_START) * TABLE_STEPS_PER_UNIT).clamp(0, TABLE_ENTRIES - 1)
        return table[address.long()]

    return look_up


def nearest_logistic(probability: Callable[[np.ndarray], np.ndarray], current: np.ndarray) -> tuple[float, float]:
    """Centre and scale with the least squared difference (Gauss-Newton), where the curve is in 0.001..0.999."""
    reach = current[-1] - current[0]
    drive = np.linspace(current[0] - reach, current[-1] + reach, 4001)
    drive = drive[(probability(drive) >= 0.001) & (probability(drive) <= 0.999)]
    target = probability(drive)
    centre, scale = float(np.interp(0.5, target, drive)), float(reach / 8)
    for _ in range(50):
        z = (drive - centre) / scale
        fit = logistic(z)
        steepness = fit * (1 - fit) / scale
        jacobian = np.stack([-steepness, -steepness * z], 1)
        step = np.linalg.lstsq(jacobian, target - fit, rcond=None)[0]
        centre, scale = centre + float(step[0]), scale + float(step[1])
    return centre, scale


def logistic(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))
