"""Trains and converts networks for stochastic spiking neurons of magnetic tunnel junctions."""

from .curve import LOGISTIC, Curve, read_curve
from .data import Data, read_data
from .errors import TrainingError
from .export import write_onnx
from .networks import parse_network
from .neuron import Mode, Neuron, Physics, set_neurons
from .recipe import Recipe, read_recipe
from .run import float_accuracy, spike_accuracy
from .train import train

__all__ = [
    "LOGISTIC",
    "Curve",
    "Data",
    "Mode",
    "Neuron",
    "Physics",
    "Recipe",
    "TrainingError",
    "float_accuracy",
    "parse_network",
    "read_curve",
    "read_data",
    "read_recipe",
    "set_neurons",
    "spike_accuracy",
    "train",
    "write_onnx",
]
