"""Switching curves: the probability that a neuron spikes, as a function of its potential z.

A device file holds currents and probabilities. Between and beyond its points the curve is linear in the log odds, and a
potential z is driven as the current centre + z * scale of the logistic function nearest to the curve: the same rule
by which spinfire fills a neuron's switching table.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
import torch
from torch import Tensor

from .errors import TrainingError

UNITS = {"A": 1.0, "mA": 1e-3, "uA": 1e-6, "µA": 1e-6, "nA": 1e-9, "V": 1.0, "mV": 1e-3}


@dataclass(frozen=True)
class Curve:
    """A switching curve over z. `knots` and `log_odds` are None for the logistic function itself."""

    name: str
    knots: Optional[Tensor] = None
    log_odds: Optional[Tensor] = None

    def to(self, device: torch.device) -> Curve:
        if self.knots is None or self.log_odds is None:
            return self
        return Curve(self.name, self.knots.to(device), self.log_odds.to(device))

    def probability(self, z: Tensor) -> Tensor:
        """Spike probability of potentials of any shape; differentiable."""
        if self.knots is None or self.log_odds is None:
            return torch.sigmoid(z)
        segment = (torch.bucketize(z.detach(), self.knots) - 1).clamp(0, len(self.knots) - 2)
        left, right = self.knots[segment], self.knots[segment + 1]
        low, high = self.log_odds[segment], self.log_odds[segment + 1]
        return torch.sigmoid(low + (z - left) * ((high - low) / (right - left)))


LOGISTIC = Curve("logistic")

# A tabulated curve goes from -REACH to REACH; neighbouring entries differ by less than 1 in 500 in probability.
REACH = 16.0
ENTRIES_PER_UNIT = 128


class TabledSpikes(torch.autograd.Function):
    """Bernoulli samples by a table of probabilities; the gradient is the table's slope. Much quicker than the curve itself."""

    @staticmethod
    def forward(context: torch.autograd.function.FunctionCtx, z: Tensor, table: Tensor, slope: Tensor) -> Tensor:
        address = ((z.float() + REACH) * ENTRIES_PER_UNIT).clamp_(0, len(table) - 1).to(torch.int32)
        context.save_for_backward(address, slope)
        probability = torch.index_select(table, 0, address.flatten()).view_as(z)
        # Random numbers of full precision, whatever the potentials are kept in: with eight bits a spike of one in a thousand would come four times as often.
        return (torch.rand(z.shape, device=z.device) < probability).to(z.dtype)

    @staticmethod
    def backward(context: torch.autograd.function.FunctionCtx, gradient: Tensor):
        address, slope = context.saved_tensors
        return gradient * torch.index_select(slope, 0, address.flatten()).view_as(gradient).to(gradient.dtype), None, None


def tabled(curve: Curve, read_error: float) -> tuple[Tensor, Tensor]:
    """Probability (with the chance of a wrong read) and its slope at the middle of each entry."""
    count = int(2 * REACH * ENTRIES_PER_UNIT)
    with torch.enable_grad():
        z = ((torch.arange(count, dtype=torch.float32) + 0.5) / ENTRIES_PER_UNIT - REACH).requires_grad_(True)
        probability = curve.to(torch.device("cpu")).probability(z) * (1 - 2 * read_error) + read_error
        (slope,) = torch.autograd.grad(probability.sum(), z)
    return probability.detach(), slope


def read_curve(path: Path) -> Curve:
    """Reads a device file of one curve: a CSV with a drive (A, mA, uA, V ...) and a probability; `#` starts a comment.

    Raises TrainingError where columns are missing, values are no numbers or fewer than three points lie strictly between 0 and 1.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: {error}", "name a CSV file with a switching curve") from error
    rows = list(csv.DictReader(line for line in text.splitlines() if line.strip() and not line.startswith("#")))
    columns = list(rows[0]) if rows else []
    drive = next((name for name in columns if unit_of(name) is not None), None)
    if drive is None or "probability" not in columns:
        raise TrainingError(
            f"{path}: columns {columns}, expected a drive with its unit, as 'current (A)', and 'probability'",
            "`spinfire calibrate` writes such a file",
        )
    try:
        points = np.array([(float(row[drive]), float(row["probability"])) for row in rows])
    except (TypeError, ValueError) as error:
        raise TrainingError(f"{path}: {error}", "every line needs a drive and a probability") from error
    points = points[(points[:, 1] > 0) & (points[:, 1] < 1)]
    points = points[np.argsort(points[:, 0])]
    if len(points) < 3 or len(np.unique(points[:, 0])) < len(points):
        raise TrainingError(f"{path}: {len(points)} usable points", "a curve needs three drives or more, each once, with 0 < P < 1")
    current = points[:, 0] * (unit_of(drive) or 1.0)
    odds = np.log(points[:, 1] / (1 - points[:, 1]))
    centre, scale = nearest_logistic(current, odds)
    return Curve(
        path.stem,
        torch.tensor((current - centre) / scale, dtype=torch.float32),
        torch.tensor(odds, dtype=torch.float32),
    )


def unit_of(column: str) -> Optional[float]:
    """Factor to SI of a column such as 'current (uA)', or None."""
    if "(" not in column or not column.endswith(")"):
        return None
    return UNITS.get(column[column.rindex("(") + 1 : -1].strip())


def nearest_logistic(current: np.ndarray, odds: np.ndarray) -> tuple[float, float]:
    """Centre and scale of least squared difference in probability (Gauss-Newton), where P is in 0.001..0.999."""

    def probability(drive: np.ndarray) -> np.ndarray:
        segment = np.clip(np.searchsorted(current, drive) - 1, 0, len(current) - 2)
        slope = (odds[segment + 1] - odds[segment]) / (current[segment + 1] - current[segment])
        return 1 / (1 + np.exp(-(odds[segment] + (drive - current[segment]) * slope)))

    reach = current[-1] - current[0]
    drive = np.linspace(current[0] - reach, current[-1] + reach, 4001)
    target = probability(drive)
    inside = (target >= 0.001) & (target <= 0.999)
    drive, target = drive[inside], target[inside]
    centre, scale = float(np.interp(0.5, target, drive)), float(reach / 8)
    for _ in range(50):
        z = (drive - centre) / scale
        fit = 1 / (1 + np.exp(-z))
        steepness = fit * (1 - fit) / scale
        jacobian = np.stack([-steepness, -steepness * z], 1)
        step = np.linalg.lstsq(jacobian, target - fit, rcond=None)[0]
        centre, scale = centre + float(step[0]), scale + float(step[1])
    if not (math.isfinite(centre) and scale > 0):
        raise TrainingError("the curve has no logistic function near it", "is its probability rising with the drive?")
    return centre, scale
