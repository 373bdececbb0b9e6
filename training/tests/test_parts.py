"""Curve, neuron, data, network text, weights."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from spinfire_train import LOGISTIC, Mode, Neuron, Physics, TrainingError, parse_network, read_curve, read_data, set_neurons
from spinfire_train.curve import tabled
from spinfire_train.networks import count_weights
from spinfire_train.quantise import fold, rounded, with_bits, without_bits
from spinfire_train.recipe import Recipe, with_fields

DEVICE = Path(__file__).resolve().parents[2] / "models" / "devices" / "spin-hall-300K-0p5ns.csv"


def logistic_csv(path: Path, centre: float, scale: float) -> Path:
    drive = centre + scale * np.linspace(-8, 8, 33)
    rows = "\n".join(f"{d:.6f},{1 / (1 + np.exp(-(d - centre) / scale)):.9f}" for d in drive)
    path.write_text(f"# a made curve\ncurrent (uA),probability\n{rows}\n")
    return path


def test_a_logistic_device_is_the_logistic_function(tmp_path: Path) -> None:
    curve = read_curve(logistic_csv(tmp_path / "device.csv", 50, 4))
    z = torch.linspace(-7, 7, 101)
    assert torch.allclose(curve.probability(z), torch.sigmoid(z), atol=1e-5)


def test_the_shipped_device_is_not_quite_logistic() -> None:
    z = torch.linspace(-6, 6, 101)
    away = (read_curve(DEVICE).probability(z) - torch.sigmoid(z)).abs().max()
    assert 0.005 < away < 0.06


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "current (uA),probability\n1,x\n", "current (uA),probability\n1,0.5\n", "current,probability\n1,0.1\n2,0.5\n3,0.9\n"])
def test_a_bad_device_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(TrainingError):
        read_curve(file)


@pytest.mark.parametrize("z", [-3.0, -0.5, 0.0, 1.0, 2.5])
def test_spikes_come_as_often_as_the_curve_says(z: float) -> None:
    torch.manual_seed(3)
    neuron = Neuron()
    neuron.mode, neuron.physics = Mode.SPIKES, Physics(read_curve(DEVICE))
    count = 200_000
    potential = torch.full((count,), z, requires_grad=True)
    spikes = neuron(potential)
    wanted = float(read_curve(DEVICE).probability(torch.tensor(z)))
    assert set(spikes.unique().tolist()) <= {0.0, 1.0}
    assert abs(float(spikes.detach().mean()) - wanted) < 4 * (wanted * (1 - wanted) / count) ** 0.5 + 0.002
    spikes.sum().backward()
    slope = float((read_curve(DEVICE).probability(torch.tensor(z + 0.01)) - read_curve(DEVICE).probability(torch.tensor(z - 0.01))) / 0.02)
    assert potential.grad is not None and abs(float(potential.grad.mean()) - slope) < 0.02


def test_wrong_reads_and_spread() -> None:
    probability, _ = tabled(LOGISTIC, 0.1)
    assert float(probability[0]) == pytest.approx(0.1, abs=1e-3) and float(probability[-1]) == pytest.approx(0.9, abs=1e-3)
    torch.manual_seed(1)
    neuron = Neuron()
    neuron.mode, neuron.physics = Mode.SPIKES, Physics(LOGISTIC, threshold_sigma=2.0)
    # One chip: a neuron keeps its threshold over the batch, neurons differ.
    rate = neuron(torch.zeros(2000, 50)).mean(0)
    assert float(rate.std()) > 0.2


def idx(path: Path, array: np.ndarray, packed: bool) -> Path:
    raw = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(raw) if packed else raw)
    return path


def test_images_of_all_kinds(tmp_path: Path) -> None:
    pixels = np.arange(6 * 4 * 5, dtype=np.uint8).reshape(6, 4, 5)
    labels = np.array([0, 1, 2, 0, 1, 2])
    for packed in (False, True):
        tail = ".gz" if packed else ""
        data = read_data(idx(tmp_path / f"x{tail}", pixels, packed), idx(tmp_path / f"y{tail}", labels, packed))
        assert tuple(data.images.shape) == (6, 1, 4, 5) and data.classes == 3
    np.savez(tmp_path / "set.npz", images=np.stack([pixels] * 3, 3), labels=labels)
    assert tuple(read_data(tmp_path / "set.npz").images.shape) == (6, 3, 4, 5)
    (tmp_path / "set.csv").write_text("a,label,b\n0.5,1,2\n1.5,0,3\n")
    table = read_data(tmp_path / "set.csv")
    assert table.images.tolist() == [[0.5, 2.0], [1.5, 3.0]] and table.labels.tolist() == [1, 0]
    (tmp_path / "set.bin").write_bytes(bytes([7]) + bytes(3072) + bytes([2]) + bytes([9] * 3072))
    assert read_data(tmp_path / "set.bin").labels.tolist() == [7, 2]


def test_pictures(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    for index, name in enumerate(["cat", "dog"]):
        (tmp_path / "set" / name).mkdir(parents=True)
        image.new("RGB", (6, 4), (index * 100, 0, 0)).save(tmp_path / "set" / name / "a.png")
    data = read_data(tmp_path / "set")
    assert tuple(data.images.shape) == (2, 3, 4, 6) and data.labels.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "shape", "weights"),
    [
        ("28x28-6c5-2s-12c5-2s-10o", (1, 28, 28), 3870),
        ("28x28-16c3p-16c3p-2s-32c3p-32c3p-2s-10o", (1, 28, 28), 31952),
        ("16-8f-3o", (16,), 152),
        ("8x8x3-4c3p-r(8c3p/2-8c3p)-g-2o", (3, 8, 8), 108 + 288 + 576 + 32 + 16),
    ],
)
def test_network_texts(text: str, shape: tuple[int, ...], weights: int) -> None:
    network, found = parse_network(text)
    assert found == shape and count_weights(network) == weights
    assert network(torch.zeros(2, *shape)).shape[0] == 2


@pytest.mark.parametrize("text", ["", "28x28", "28x28-q-10o", "28x28-10f-3c3-2o", "4x4-2s-2s-2s-10o", "4x4-3c9-10o"])
def test_a_bad_network_is_told(text: str) -> None:
    with pytest.raises(TrainingError):
        parse_network(text)


def test_folding_changes_nothing_and_bits_are_on_the_grid() -> None:
    torch.manual_seed(5)
    network, shape = parse_network("8x8-4c3p-r(4c3p-4c3p)-2s-6f-3o")
    images = torch.rand(20, *shape)
    for _ in range(20):
        network.train()(images)
    network.eval()
    folded = fold(network)
    assert torch.allclose(network(images), folded(images), atol=1e-4)
    few = without_bits(with_bits(folded, 4))
    for module in few.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            assert len(module.weight.unique()) <= 16
            assert torch.equal(rounded(module.weight.detach(), 4), module.weight)


def test_recipes_say_what_is_wrong() -> None:
    for given in ({"netwrok": 1}, {"batch": "x"}, {"batch": 0}, {"encoding": "rate"}, {"flip": 1}, []):
        with pytest.raises(TrainingError):
            with_fields(Recipe(), given, "recipe.json")
    assert with_fields(Recipe(), {"float_rate": 1}, "recipe.json").float_rate == 1


def test_modes() -> None:
    network, _ = parse_network("4-3f-2o")
    assert set_neurons(network, Mode.FLOAT) == 1
