"""Training in three phases: plain sigmoids, spikes, spikes with weights of few bits. Adam under a one-cycle schedule; all is seeded."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from .curve import LOGISTIC, read_curve
from .data import Batches, Data
from .neuron import Mode, Physics, set_neurons
from .quantise import fold, with_bits, without_bits
from .recipe import Recipe
from .run import potentials

Say = Callable[[str], None]


def physics_of(recipe: Recipe, base: Path) -> Physics:
    """The devices of a recipe; the curve's file is looked up from the recipe's folder."""
    curve = LOGISTIC if recipe.curve is None else read_curve((base / recipe.curve).resolve())
    return Physics(curve, recipe.threshold_sigma, recipe.slope_sigma, recipe.read_error, recipe.drift)


def train(network: nn.Module, data: Data, recipe: Recipe, physics: Physics, device: torch.device, say: Say, teacher: Optional[nn.Module] = None) -> nn.Module:
    """Trains in place and returns the network to keep, batch norms folded: that of the averaged weights after the last epoch."""
    torch.manual_seed(recipe.seed)
    # Channels last is the order that convolutions of a few channels are quickest in, on CPUs by a fifth.
    network.to(device, memory_format=torch.channels_last)
    if teacher is not None:
        teacher.to(device).eval()
    phases = [
        ("float", Mode.FLOAT, recipe.float_epochs, recipe.float_rate),
        ("spikes", Mode.SPIKES, recipe.spike_epochs, recipe.spike_rate),
    ]
    kept = network
    for name, mode, epochs, rate in phases:
        kept = phase(network, data, recipe, physics, mode, epochs, rate, device, say, name, teacher)
    folded = fold(kept)
    if recipe.bits_epochs > 0:
        with_bits(folded, recipe.bits)
        folded = without_bits(phase(folded, data, recipe, physics, Mode.SPIKES, recipe.bits_epochs, recipe.bits_rate, device, say, f"{recipe.bits} bits", teacher))
    set_neurons(folded, Mode.FLOAT, physics)
    return folded.eval()


def phase(network: nn.Module, data: Data, recipe: Recipe, physics: Physics, mode: Mode, epochs: int, rate: float, device: torch.device, say: Say, name: str, teacher: Optional[nn.Module]) -> nn.Module:
    """One phase; returns the averaged network (the network itself where nothing is averaged)."""
    if epochs == 0:
        return network
    set_neurons(network.train(), mode, physics)
    batches = Batches(data, recipe.batch, recipe.shift, recipe.flip, device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * len(batches), pct_start=0.1)
    average = torch.optim.swa_utils.AveragedModel(network, avg_fn=running_average(recipe.average), use_buffers=True)
    for epoch in range(epochs):
        started, total = time.monotonic(), 0.0
        for images, labels in batches:
            images = images.contiguous(memory_format=torch.channels_last) if images.dim() == 4 else images
            score = potentials(network, images, recipe.time_steps, recipe.encoding) / recipe.time_steps
            loss = loss_of(score, labels, images, recipe, teacher)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            average.update_parameters(network)
            total += float(loss.detach())
        say(f"{name} epoch {epoch + 1}/{epochs}: loss {total / len(batches):.4f}, {time.monotonic() - started:.1f} s")
    return average.module if recipe.average > 0 else network


def running_average(keep: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """An exponential average that forgets its first steps: they count for little while few have been made."""

    def update(average: Tensor, now: Tensor, made: Tensor | int) -> Tensor:
        share = min(keep, (1 + int(made)) / (10 + int(made)))
        return average * share + now * (1 - share)

    return update


def loss_of(score: Tensor, labels: Tensor, images: Tensor, recipe: Recipe, teacher: Optional[nn.Module]) -> Tensor:
    """Cross-entropy of the potentials; with a teacher, part of it against the teacher's softened classes (Hinton et al., arXiv:1503.02531)."""
    if score.shape[1] == 1:
        return functional.binary_cross_entropy_with_logits(score[:, 0], labels.to(score.dtype))
    loss = functional.cross_entropy(score / recipe.temperature, labels, label_smoothing=recipe.label_smoothing)
    if recipe.spike_weight > 0:
        # A cross-entropy makes output neurons spike as often as a class is likely; this makes them decide.
        wanted_spikes = functional.one_hot(labels, score.shape[1]).to(score.dtype)
        loss = loss + recipe.spike_weight * (torch.sigmoid(score) - wanted_spikes).abs().sum(1).mean()
    if teacher is None or recipe.distil == 0:
        return loss
    heat = recipe.distil_temperature
    with torch.no_grad():
        wanted = functional.softmax(teacher(images) / heat, 1)
    taught = functional.kl_div(functional.log_softmax(score / heat, 1), wanted, reduction="batchmean") * heat * heat
    return (1 - recipe.distil) * loss + recipe.distil * taught
