"""Training in phases: a teacher where the recipe names one, plain sigmoids, spikes, spikes with weights of few bits. Adam under a one-cycle schedule; all is seeded."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from .curve import LOGISTIC, read_curve
from .data import Batches, Data
from .errors import TrainingError
from .networks import count_weights, parse_network
from .neuron import Mode, Physics, set_neurons
from .quantise import fold, with_bits, without_bits
from .recipe import Recipe
from .run import potentials

Say = Callable[[str], None]


def physics_of(recipe: Recipe, base: Path) -> Physics:
    """The devices of a recipe; the curve's file is looked up from the recipe's folder."""
    curve = LOGISTIC if recipe.curve is None else read_curve((base / recipe.curve).resolve())
    return Physics(curve, recipe.threshold_sigma, recipe.slope_sigma, recipe.read_error, recipe.drift)


@dataclass(frozen=True)
class Phase:
    """One stretch of training: what the neurons do, how long, and how fast."""

    name: str
    mode: Mode
    epochs: int
    rate: float
    decay: float
    time_steps: int = 1


def train(network: nn.Module, data: Data, recipe: Recipe, physics: Physics, device: torch.device, say: Say, teacher: Optional[nn.Module] = None) -> nn.Module:
    """Trains in place and returns the network to keep, batch norms folded: that of the averaged weights after the last epoch."""
    torch.manual_seed(recipe.seed)
    if teacher is not None:
        teacher.to(device).eval()
    kept = network
    for phase in (
        Phase("float", Mode.FLOAT, recipe.float_epochs, recipe.float_rate, recipe.weight_decay),
        Phase("spikes", Mode.SPIKES, recipe.spike_epochs, recipe.spike_rate, recipe.weight_decay, recipe.time_steps),
    ):
        kept = run_phase(kept, data, recipe, physics, phase, device, say, teacher)
    folded = fold(kept)
    if recipe.bits_epochs > 0:
        last = Phase(f"{recipe.bits} bits", Mode.SPIKES, recipe.bits_epochs, recipe.bits_rate, recipe.weight_decay, recipe.bits_time_steps or recipe.time_steps)
        folded = without_bits(run_phase(with_bits(folded, recipe.bits), data, recipe, physics, last, device, say, teacher))
    set_neurons(folded, Mode.FLOAT, physics)
    return folded.eval()


def train_teacher(recipe: Recipe, shape: tuple[int, ...], data: Data, device: torch.device, say: Say) -> Optional[nn.Module]:
    """The network of ReLUs that the recipe names, trained on the labels alone; None where it names none."""
    if not recipe.teacher or recipe.distil == 0:
        return None
    torch.manual_seed(recipe.seed)
    network, taken = parse_network(recipe.teacher, norm_start=1.0)
    if taken != shape:
        raise TrainingError(f"the teacher takes {taken}, the network {shape}", "write the same image in front of both")
    say(f"teacher {recipe.teacher}: {count_weights(network)} weights")
    phase = Phase("teacher", Mode.RELU, recipe.teacher_epochs, recipe.teacher_rate, recipe.teacher_decay)
    kept = run_phase(network, data, recipe, Physics(), phase, device, say, None)
    set_neurons(kept, Mode.RELU)
    return kept.eval()


def run_phase(network: nn.Module, data: Data, recipe: Recipe, physics: Physics, phase: Phase, device: torch.device, say: Say, teacher: Optional[nn.Module]) -> nn.Module:
    """Returns the averaged network (the network itself where nothing is averaged)."""
    if phase.epochs == 0:
        return network
    # Channels last is the order that convolutions of a few channels are quickest in, on CPUs by a fifth.
    network.to(device, memory_format=torch.channels_last)
    set_neurons(network.train(), phase.mode, physics)
    batches = Batches(data, recipe.batch, recipe.shift, recipe.flip, device)
    # The schedule divides by the length of its rise, a tenth of all steps less one: that must not be nothing in a phase of a few steps.
    steps = max(2, phase.epochs * len(batches))
    optimiser = torch.optim.AdamW(network.parameters(), lr=phase.rate, weight_decay=phase.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, phase.rate, total_steps=steps, pct_start=max(0.1, 1.5 / steps))
    average = RunningAverage(network, recipe.average) if recipe.average > 0 else None
    for epoch in range(phase.epochs):
        # Nothing in the loop waits for a GPU: the losses are added up where they are.
        started, total = time.monotonic(), torch.zeros((), device=device)
        for images, labels in batches:
            images = images.contiguous(memory_format=torch.channels_last) if images.dim() == 4 else images
            with half_precision(device):
                score = potentials(network, images, phase.time_steps, recipe.encoding).float() / phase.time_steps
                wanted = answers(teacher, images, recipe)
            loss = loss_of(score, labels, wanted, recipe)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            if average is not None:
                average.update(network)
            total += loss.detach()
        say(f"{phase.name} epoch {epoch + 1}/{phase.epochs}: loss {float(total) / len(batches):.4f}, {time.monotonic() - started:.1f} s")
    return network if average is None else average.network


def half_precision(device: torch.device) -> torch.autocast:
    """bfloat16 for products and activations on a GPU; weights and sums over a batch stay in 32 bits. Tried on a processor alone: no GPU was to be had."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


class RunningAverage:
    """An exponential average of weights and batch norms that forgets its first steps: they count for little while few have been made."""

    def __init__(self, network: nn.Module, keep: float) -> None:
        self.network, self.keep, self.made = copy.deepcopy(network), keep, 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        share = min(self.keep, (1 + self.made) / (10 + self.made))
        self.made += 1
        averages, values = [], []
        for average, now in zip(tensors(self.network), tensors(network)):
            if average.is_floating_point():
                averages.append(average)
                values.append(now)
            else:
                average.copy_(now)
        # All tensors by one call instead of some kernels for each.
        torch._foreach_lerp_(averages, values, 1 - share)


def tensors(network: nn.Module) -> Iterator[Tensor]:
    return chain(network.parameters(), network.buffers())


@torch.no_grad()
def answers(teacher: Optional[nn.Module], images: Tensor, recipe: Recipe) -> Optional[Tensor]:
    """The teacher's softened classes [N, outputs] for the images as they were moved for the network; None without a teacher."""
    if teacher is None or recipe.distil == 0:
        return None
    return functional.softmax(teacher(images).float() / recipe.distil_temperature, 1)


def loss_of(score: Tensor, labels: Tensor, wanted: Optional[Tensor], recipe: Recipe) -> Tensor:
    """Cross-entropy of the potentials; with a teacher, part of it against the teacher's softened classes (Hinton et al., arXiv:1503.02531)."""
    if score.shape[1] == 1:
        return functional.binary_cross_entropy_with_logits(score[:, 0], labels.to(score.dtype))
    loss = functional.cross_entropy(score / recipe.temperature, labels, label_smoothing=recipe.label_smoothing)
    if recipe.spike_weight > 0:
        # A cross-entropy makes output neurons spike as often as a class is likely; this makes them decide.
        wanted_spikes = functional.one_hot(labels, score.shape[1]).to(score.dtype)
        loss = loss + recipe.spike_weight * (torch.sigmoid(score) - wanted_spikes).abs().sum(1).mean()
    if wanted is None:
        return loss
    heat = recipe.distil_temperature
    taught = functional.kl_div(functional.log_softmax(score / heat, 1), wanted, reduction="batchmean") * heat * heat
    return (1 - recipe.distil) * loss + recipe.distil * taught
