"""A whole training, a whole conversion, and the command line, on small made images."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from onnx import numpy_helper
from torch import nn

from spinfire_train import Data, Physics, Recipe, float_accuracy, parse_network, spike_accuracy, train, write_onnx
from spinfire_train.cli import main


def bars(count: int, seed: int) -> Data:
    """Class 0: a bright row, class 1: a bright column, in noise."""
    chance = np.random.default_rng(seed)
    images = chance.integers(0, 80, (count, 1, 8, 8)).astype(np.uint8)
    labels = np.arange(count) % 2
    for image, label, at in zip(images[:, 0], labels, chance.integers(0, 8, count)):
        (image if label == 0 else image.T)[at] = 230
    return Data(torch.from_numpy(images), torch.from_numpy(labels))


def quiet(_line: str) -> None:
    return None


def trained(text: str, recipe: Recipe) -> tuple[nn.Module, tuple[int, ...]]:
    torch.manual_seed(recipe.seed)
    network, shape = parse_network(text)
    return train(network, bars(600, 1), recipe, Physics(), torch.device("cpu"), quiet), shape


SHORT = Recipe(float_epochs=3, float_rate=0.01, spike_epochs=8, spike_rate=0.01, batch=50, average=0.9)


@pytest.mark.parametrize("text", ["8x8-6c3p-2s-2o", "8x8-4c3p-r(6c3p/2-6c3p)-g-2o"])
def test_it_learns_and_exports(tmp_path: Path, text: str) -> None:
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    kept, shape = trained(text, SHORT)
    held = bars(400, 2)
    assert spike_accuracy(kept, held, Physics(), "direct", (8,), 1)[8] > 85
    path = tmp_path / "net.onnx"
    write_onnx(kept, shape, path)
    assert str(Path(__file__).parent.parent).encode() not in path.read_bytes(), "no folder of this machine is in the file"
    assert [f.name for f in tmp_path.iterdir()] == ["net.onnx"]
    images = held.images[:50].float() / 255
    session = runtime.InferenceSession(str(path))
    (out,) = session.run(None, {"image": images.numpy()})
    float_accuracy(kept, held)
    assert np.allclose(out, kept(images).detach().numpy(), atol=1e-4)


def test_the_same_seed_gives_the_same_weights() -> None:
    one, _ = trained("8x8-4c3p-2s-2o", SHORT)
    two, _ = trained("8x8-4c3p-2s-2o", SHORT)
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values()))


@pytest.mark.parametrize("batch", [1000, 300, 60])
def test_a_phase_may_be_of_one_step_or_ten(batch: int) -> None:
    kept, _ = trained("8x8-4c3p-2s-2o", replace(SHORT, float_epochs=1, spike_epochs=1, batch=batch))
    assert all(bool(torch.isfinite(value).all()) for value in kept.state_dict().values())


def test_bits_are_trained() -> None:
    kept, _ = trained("8x8-6c3p-2s-2o", Recipe(**{**SHORT.__dict__, "bits_epochs": 3, "bits": 3}))
    assert all(len(m.weight.unique()) <= 8 for m in kept.modules() if isinstance(m, (nn.Conv2d, nn.Linear)))
    assert spike_accuracy(kept, bars(400, 2), Physics(), "direct", (8,), 1)[8] > 80


def test_a_recipe_trains_its_own_teacher(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    fields = {**SHORT.__dict__, "network": "8x8-4c3p-2s-2o", "teacher": "8x8-8c3p-r(8c3p-8c3p)-g-2o", "teacher_epochs": 6, "distil": 0.7, "bits_epochs": 1, "bits": 4, "bits_time_steps": 2}
    recipe.write_text(json.dumps(fields))
    out = tmp_path / "net.onnx"
    assert main(["train", str(recipe), "-o", str(out), "--images", str(saved(tmp_path, bars(600, 1))), "--seeds", "1"]) == 0
    log = json.loads(out.with_suffix(".json").read_text())
    assert log["teacher"] > 95 and log["spikes"]["1"]["8"] > 85
    assert [line.split()[0] for line in log["training"] if "epoch 1/" in line] == ["teacher", "float", "spikes", "4"]


def test_a_teacher_changes_what_is_learnt() -> None:
    network, _ = parse_network("8x8-4c3p-2s-2o")

    class Contrary(nn.Module):
        """Rows and columns the wrong way round: with nothing but this teacher in the loss, the network answers as it does."""

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            rows = images[:, 0].sum(2).amax(1) - images[:, 0].sum(1).amax(1)
            return torch.stack([-rows, rows], 1) * 8

    kept = train(network, bars(600, 1), replace(SHORT, distil=1.0), Physics(), torch.device("cpu"), quiet, Contrary())
    assert spike_accuracy(kept, bars(400, 2), Physics(), "direct", (8,), 1)[8] < 15


def test_a_teacher_must_see_the_same_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "recipe.json"
    arguments = ["train", str(recipe), "-o", str(tmp_path / "x.onnx"), "--images", str(saved(tmp_path, bars(40, 1)))]
    for fields, words in (({"teacher": "9x9-4c3p-g-2o", "distil": 0.5}, "(1, 9, 9)"), ({"teacher": "8x8-4c3p-g-2o"}, "distil = 0")):
        recipe.write_text(json.dumps({"network": "8x8-2c3p-2o", **fields}))
        assert main(arguments) == 2
        assert words in capsys.readouterr().err and not (tmp_path / "x.onnx").exists()


def saved(folder: Path, data: Data) -> Path:
    np.savez(folder / "set.npz", images=data.images.numpy(), labels=data.labels.numpy())
    return folder / "set.npz"


class WithSkip(nn.Module):
    """ReLU, batch norm, max pool, and a sum of two paths in front of a ReLU."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(1, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU())
        self.two = nn.Conv2d(6, 6, 3, padding=1)
        self.short = nn.Conv2d(6, 6, 1)
        self.act, self.pool, self.out = nn.ReLU(), nn.MaxPool2d(2), nn.Linear(96, 2)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        first = self.one(images)
        return self.out(torch.flatten(self.pool(self.act(self.two(first) + self.short(first))), 1))


def test_a_relu_network_is_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnx2torch", reason="onnx2torch is not installed")
    torch.manual_seed(0)
    data = bars(600, 1)
    teacher = WithSkip()
    optimiser = torch.optim.Adam(teacher.parameters(), 0.01)
    for _ in range(60):
        optimiser.zero_grad()
        nn.functional.cross_entropy(teacher(data.images.float() / 255), data.labels).backward()
        optimiser.step()
    model = tmp_path / "relu.onnx"
    torch.onnx.export(teacher.eval(), (torch.zeros(2, 1, 8, 8),), str(model), dynamo=True, external_data=False, dynamic_shapes=({0: torch.export.Dim("N")},), verbose=False)
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"float_epochs": 2, "spike_epochs": 8, "spike_rate": 0.01, "bits_epochs": 2, "bits": 4, "batch": 50, "average": 0.9, "distil": 0.3}))
    out = tmp_path / "spikes.onnx"
    assert main(["convert", str(model), "--recipe", str(recipe), "-o", str(out), "--images", str(saved(tmp_path, data)), "--seeds", "1"]) == 0
    log = json.loads(out.with_suffix(".json").read_text())
    assert log["original"] > 90 and log["spikes"]["1"]["8"] > 80
    assert sum("-> neurons" in line for line in log["exchanged"]) == 2
    import onnx

    graph = onnx.load(str(out)).graph
    kinds = {node.op_type for node in graph.node}
    assert "Sigmoid" in kinds and not kinds & {"Relu", "MaxPool", "BatchNormalization"}
    # Behind a sum of two layers, too, the batch norm is in the weights, and these have few levels.
    weights = [numpy_helper.to_array(t) for t in graph.initializer if len(t.dims) in (2, 4)]
    assert len(weights) == 4 and all(len(np.unique(w)) <= 16 for w in weights)


def test_a_network_of_series_is_converted(tmp_path: Path) -> None:
    pytest.importorskip("onnx2torch", reason="onnx2torch is not installed")
    torch.manual_seed(0)
    chance = np.random.default_rng(3)
    labels = np.arange(400) % 2
    series = chance.random((400, 2, 24)).astype(np.float32) * 0.4
    for one, label, at in zip(series, labels, chance.integers(0, 16, 400)):
        one[label, at : at + 8] += 0.6
    np.savez(tmp_path / "set.npz", images=series, labels=labels)
    teacher = nn.Sequential(nn.Conv1d(2, 6, 5), nn.BatchNorm1d(6), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(60, 2))
    optimiser = torch.optim.Adam(teacher.parameters(), 0.01)
    for _ in range(60):
        optimiser.zero_grad()
        nn.functional.cross_entropy(teacher(torch.from_numpy(series)), torch.from_numpy(labels)).backward()
        optimiser.step()
    model = tmp_path / "relu.onnx"
    torch.onnx.export(teacher.eval(), (torch.zeros(2, 2, 24),), str(model), dynamo=True, external_data=False, dynamic_shapes=({0: torch.export.Dim("N")},), verbose=False)
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"float_epochs": 1, "spike_epochs": 6, "spike_rate": 0.01, "bits_epochs": 2, "bits": 3, "batch": 50, "average": 0.9, "distil": 0.3}))
    out = tmp_path / "spikes.onnx"
    assert main(["convert", str(model), "--recipe", str(recipe), "-o", str(out), "--images", str(tmp_path / "set.npz"), "--seeds", "1"]) == 0
    log = json.loads(out.with_suffix(".json").read_text())
    assert log["shape"] == [2, 24] and log["weights"] == 60 + 120 and log["spikes"]["1"]["8"] > 85
    import onnx

    # What convolves over one dimension has few levels, too.
    kernels = [numpy_helper.to_array(t) for t in onnx.load(str(out)).graph.initializer if len(t.dims) == 3]
    assert kernels and all(len(np.unique(k)) <= 8 for k in kernels)


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "nothing.json", "-o", "x.onnx", "--images", "nothing.npz"],
        ["convert", "nothing.onnx", "-o", "x.onnx", "--images", "nothing.npz"],
    ],
)
def test_what_is_missing_is_said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: nothing") and "help: " in said


def test_images_of_another_shape_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"network": "9x9-2c3p-2o"}))
    assert main(["train", str(recipe), "-o", str(tmp_path / "x.onnx"), "--images", str(saved(tmp_path, bars(40, 1)))]) == 2
    assert "(1, 8, 8)" in capsys.readouterr().err and not (tmp_path / "x.onnx").exists()
