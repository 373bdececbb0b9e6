"""How a network is trained: all that decides the weights, in one file of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Optional

from .errors import TrainingError

ENCODINGS = ("direct", "bernoulli")


@dataclass(frozen=True)
class Recipe:
    """One training. Epochs and rates of its phases: the teacher, float sigmoids, spikes, spikes with weights of `bits` bits."""

    network: str = ""
    # A network of ReLUs that is trained first, on the same images, and teaches the other by `distil`; as text, as `network`.
    teacher: str = ""
    teacher_epochs: int = 20
    teacher_rate: float = 3e-3
    teacher_decay: float = 0.05
    # An image value drives the first layer as it is (direct), or is the chance of a spike (bernoulli).
    encoding: str = "direct"
    float_epochs: int = 4
    float_rate: float = 4e-3
    spike_epochs: int = 30
    spike_rate: float = 4e-3
    bits_epochs: int = 0
    bits_rate: float = 5e-4
    bits: int = 8
    batch: int = 100
    # Time steps whose potentials are added up before the loss, in training with spikes; and in the phase of `bits`, 0: as many.
    time_steps: int = 1
    bits_time_steps: int = 0
    shift: int = 0
    flip: bool = False
    # Batch norms while training; they fold into the weights.
    batch_norm: bool = True
    # Potentials are divided by this in the cross-entropy.
    temperature: float = 1.0
    # Weight of the expected number of wrong spikes of output neurons: for the spike-count readout.
    spike_weight: float = 0.0
    label_smoothing: float = 0.0
    weight_decay: float = 0.0
    # Weight of a teacher's classes in the loss, 0 to 1, and its temperature; the teacher is the network converted, or `teacher`.
    distil: float = 0.0
    distil_temperature: float = 4.0
    # Share of the running average of the weights that each step keeps; 0: the last weights are taken.
    average: float = 0.999
    # The device: a CSV file with a switching curve, none for the logistic function; and what the devices do beside it.
    curve: Optional[str] = None
    threshold_sigma: float = 0.0
    slope_sigma: float = 0.0
    read_error: float = 0.0
    drift: float = 0.0
    seed: int = 1

    def check(self) -> Recipe:
        if self.encoding not in ENCODINGS:
            raise TrainingError(f"encoding '{self.encoding}'", f"use {' or '.join(ENCODINGS)}")
        for name, low, high in (("batch", 1, 1 << 20), ("time_steps", 1, 64), ("bits_time_steps", 0, 64), ("bits", 2, 16), ("shift", 0, 64), ("read_error", 0, 0.5), ("distil", 0, 1), ("average", 0, 0.99999)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise TrainingError(f"{name} = {value}", f"it goes from {low} to {high}")
        if self.teacher and self.distil == 0:
            raise TrainingError("a teacher, and distil = 0", "say how much of the loss is the teacher's: distil, 0 to 1")
        return self


def read_recipe(path: Path) -> Recipe:
    """Raises TrainingError with the names of unknown or mistyped fields."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: {error}", "a recipe is a JSON object; `spinfire-train recipe` prints one with all fields") from error
    return with_fields(Recipe(), given, str(path))


def with_fields(recipe: Recipe, given: Any, where: str) -> Recipe:
    if not isinstance(given, dict):
        raise TrainingError(f"{where}: not a JSON object", "`spinfire-train recipe` prints one with all fields")
    known = {f.name: type(getattr(Recipe(), f.name)) for f in fields(Recipe)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise TrainingError(f"{where}: unknown {', '.join(unknown)}", f"known are {', '.join(known)}")
    for name, value in given.items():
        fits = isinstance(value, str) or value is None if name == "curve" else isinstance(value, known[name]) or (known[name] is float and type(value) is int)
        if not fits or (isinstance(value, bool) and known[name] is not bool):
            raise TrainingError(f"{where}: {name} = {value!r}", f"expected {known[name].__name__}")
    return replace(recipe, **given).check()


def show_recipe(recipe: Recipe) -> str:
    return json.dumps(asdict(recipe), indent=2) + "\n"
