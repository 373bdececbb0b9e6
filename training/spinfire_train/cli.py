"""Command line: train, convert, measure, recipe."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from .curve import LOGISTIC, read_curve
from .data import Data, read_data
from .errors import TrainingError
from .export import write_onnx
from .networks import count_weights, parse_network
from .neuron import Mode, Physics
from .quantise import round_weights
from .recipe import ENCODINGS, Recipe, read_recipe, show_recipe
from .run import float_accuracy, spike_accuracy
from .train import physics_of, train, train_teacher

TIME_STEPS = (1, 2, 4, 8, 16)


def main(arguments: list[str] | None = None) -> int:
    """0: done, 2: something in the input or the usage has to be mended, 130: interrupted."""
    given = parser().parse_args(arguments)
    try:
        torch.set_num_threads(given.threads)
        given.run(given)
        return 0
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        if error.mend:
            print(f"help: {error.mend}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="spinfire-train", description="Trains and converts networks for stochastic neurons of magnetic tunnel junctions.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("train", help="train the network of a recipe, write ONNX and a log")
    one.add_argument("recipe", type=Path)
    one.set_defaults(run=run_train)
    two = commands.add_parser("convert", help="turn an ONNX network with ReLU, max pools and batch norms into one that runs, by fine-tuning")
    two.add_argument("model", type=Path)
    two.add_argument("--recipe", type=Path, help="how it is tuned; without it a short recipe that holds for small images")
    two.set_defaults(run=run_convert)
    four = commands.add_parser("measure", help="accuracy of an ONNX network of sigmoids with spiking neurons, computed by PyTorch")
    four.add_argument("model", type=Path)
    four.add_argument("--encoding", choices=ENCODINGS, default="direct")
    four.add_argument("--curve", type=Path, help="the device's switching curve, a CSV file; without it the logistic function")
    four.add_argument("--bits", type=int, help="round the weights to so many bits")
    four.add_argument("--images", type=Path, required=True)
    four.add_argument("--labels", type=Path)
    four.add_argument("--seeds", type=int, default=5)
    four.set_defaults(run=run_measure)
    three = commands.add_parser("recipe", help="print a recipe with every field")
    three.set_defaults(run=lambda _: print(show_recipe(Recipe()), end=""))
    for command in (one, two, four):
        command.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda (default: cuda where there is one)")
    for command in (one, two):
        command.add_argument("-o", "--output", type=Path, required=True, help="the ONNX file; the log is written beside it as .json")
        command.add_argument("--images", type=Path, required=True, help="training images: IDX, .npy, .npz, .csv, CIFAR's .bin, or a folder with a folder of pictures for each class")
        command.add_argument("--labels", type=Path, help="for IDX and .npy")
        command.add_argument("--test-images", type=Path, help="measured on at the end; the last tenth of the training images where there are none")
        command.add_argument("--test-labels", type=Path)
        command.add_argument("--limit", type=int, default=0, help="only the first N training images")
        command.add_argument("--seeds", type=int, default=5, help="runs that are measured, with seeds 1, 2, ... (default 5)")
    three.set_defaults(device="cpu")
    for command in (one, two, three, four):
        command.add_argument("--threads", type=int, default=1, help="processor threads (default 1: the same sums on every machine of a kind)")
    return top


def read_sets(given: argparse.Namespace) -> tuple[Data, Data]:
    """Images to train with and images to measure on."""
    data = read_data(given.images, given.labels)
    if given.limit > 0:
        data = data.first(given.limit)
    if given.test_images is not None:
        return data, read_data(given.test_images, given.test_labels)
    return data.split(max(1, len(data) // 10))


def fits(shape: tuple[int, ...], data: Data) -> None:
    found = tuple(data.images.shape[1:])
    if found != shape:
        raise TrainingError(f"images of {found}, the network takes {shape}", "write the network's first part as the images are: height x width x channels")


def run_train(given: argparse.Namespace) -> None:
    recipe = read_recipe(given.recipe)
    torch.manual_seed(recipe.seed)
    network, shape = parse_network(recipe.network, recipe.batch_norm)
    data, held = read_sets(given)
    fits(shape, data)
    physics = physics_of(recipe, given.recipe.parent)
    print(f"{recipe.network}: {count_weights(network)} weights, {len(data)} images, seed {recipe.seed}, {given.device}", flush=True)
    lines: list[str] = []
    device = torch.device(given.device)
    teacher = train_teacher(recipe, shape, data, device, lambda line: tell(line, lines))
    judged = {} if teacher is None else {"teacher": float_accuracy(teacher, held, Mode.RELU)}
    if teacher is not None:
        print(f"the teacher: {judged['teacher']:.2f} %", flush=True)
    kept = train(network, data, recipe, physics, device, lambda line: tell(line, lines), teacher)
    write_onnx(kept, shape, given.output)
    report(given, recipe, kept, shape, held, lines, judged)


def run_convert(given: argparse.Namespace) -> None:
    from .convert import convert, is_of_series, read_onnx

    recipe = read_recipe(given.recipe) if given.recipe else Recipe(float_epochs=0, spike_epochs=10, spike_rate=1e-3, distil=0.5)
    physics = physics_of(recipe, given.recipe.parent if given.recipe else Path("."))
    teacher = read_onnx(given.model)
    data, held = read_sets(given)
    if is_of_series(teacher):
        data, held = data.as_series(), held.as_series()
    lines: list[str] = []
    shape = tuple(data.images.shape[1:])
    kept, before = convert(given.model, teacher, data, held, recipe, physics, torch.device(given.device), lambda line: tell(line, lines))
    write_onnx(kept, shape, given.output)
    report(given, recipe, kept, shape, held, lines, before)


def run_measure(given: argparse.Namespace) -> None:
    from .convert import check_shape, is_of_series, read_onnx, with_neurons

    data = read_data(given.images, given.labels)
    network = with_neurons(read_onnx(given.model))
    data = data.as_series() if is_of_series(network) else data
    check_shape(network, tuple(data.images.shape[1:]), given.model)
    network.to(given.device)
    print(f"float: {float_accuracy(network, data):.2f} %", flush=True)
    if given.bits is not None:
        round_weights(network, given.bits)
    physics = Physics(read_curve(given.curve) if given.curve else LOGISTIC)
    for seed in range(1, given.seeds + 1):
        run = spike_accuracy(network, data, physics, given.encoding, TIME_STEPS, seed)
        print(f"seed {seed}: " + ", ".join(f"T={t}: {value:.2f} %" for t, value in run.items()), flush=True)


def tell(line: str, lines: list[str]) -> None:
    print(line, flush=True)
    lines.append(line)


def report(given: argparse.Namespace, recipe: Recipe, kept: torch.nn.Module, shape: tuple[int, ...], held: Data, lines: list[str], before: dict[str, Any]) -> None:
    """Measures the network that is in the file and writes the log beside it."""
    kept.to(given.device)
    plain = float_accuracy(kept, held)
    physics = physics_of(replace(recipe, threshold_sigma=0.0, slope_sigma=0.0, drift=0.0), given.recipe.parent if given.recipe else Path("."))
    runs = {seed: spike_accuracy(kept, held, physics, recipe.encoding, TIME_STEPS, seed) for seed in range(1, given.seeds + 1)}
    means = {t: sum(run[t] for run in runs.values()) / len(runs) for t in TIME_STEPS} if runs else {}
    print(f"float {plain:.2f} %; " + ", ".join(f"T={t}: {value:.2f} %" for t, value in means.items()))
    log = {
        "shape": list(shape),
        "weights": count_weights(kept),
        "recipe": json.loads(show_recipe(recipe)),
        "torch": torch.__version__,
        "device": given.device,
        **before,
        "images": len(held),
        "float": plain,
        "spikes": {str(seed): {str(t): value for t, value in run.items()} for seed, run in runs.items()},
        "training": lines,
    }
    given.output.with_suffix(".json").write_text(json.dumps(log, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
