"""Networks in which layers of different depths meet, channels last, from Keras: python3 test/zoo/graph_zoo_keras.py (keras, tensorflow, onnx, onnxruntime)."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers as L
from zoo import Zoo

keras.utils.set_random_seed(3)


def conv(filters, size=3, **more):
    return L.Conv2D(filters, size, padding="same", **more)


def residual():
    image = keras.Input((8, 8, 2))
    x = conv(3, activation="sigmoid")(image)
    y = conv(4, activation="sigmoid", strides=2)(x)
    y = L.BatchNormalization()(conv(4, use_bias=False)(y))
    x = L.Activation("sigmoid")(L.Add()([y, conv(4, 1, strides=2)(x)]))
    return keras.Model(image, L.Dense(4)(L.GlobalAveragePooling2D()(x)))


def densely_connected():
    image = keras.Input((8, 8, 1))
    x = conv(2, activation="sigmoid")(image)
    for filters in (2, 3):
        x = L.Concatenate()([x, conv(filters, activation="sigmoid")(x)])
    x = L.AveragePooling2D(2)(conv(3, 1, activation="sigmoid")(x))
    return keras.Model(image, L.Dense(4)(L.Flatten()(x)))


def wide_and_deep():
    values = keras.Input((12,))
    x = L.Dense(6, activation="sigmoid")(values)
    y = L.Dense(5, activation="sigmoid")(x)
    return keras.Model(values, L.Dense(3)(L.Concatenate()([x, y])))


def main():
    zoo = Zoo("graphs-keras")
    for make in (residual, densely_connected, wide_and_deep):
        network = make()
        network(np.zeros((1, *network.input_shape[1:]), np.float32))
        network.export(str(zoo.path(make.__name__)), format="onnx", verbose=False)
        zoo.accept(make.__name__)
    zoo.close()


main()
