"""Networks of Keras, by its own export and by tf2onnx: python3 test/zoo/keras_zoo.py (tensorflow-cpu, tf2onnx, onnxruntime)."""

import contextlib
import io
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers as l  # noqa: E402, E741
from zoo import Zoo  # noqa: E402

keras.utils.set_random_seed(1)


def net(*layers, shape=(8, 8, 1)):
    return keras.Sequential([keras.Input(shape), *layers])


def trained_norm():
    return l.BatchNormalization(
        moving_mean_initializer=keras.initializers.RandomUniform(-0.3, 0.3),
        moving_variance_initializer=keras.initializers.RandomUniform(0.5, 1.5),
    )


CONV = lambda filters=3, size=3, **more: l.Conv2D(filters, size, activation="sigmoid", bias_initializer="random_normal", **more)  # noqa: E731
DENSE = lambda units, **more: l.Dense(units, bias_initializer="random_normal", **more)  # noqa: E731
ACCEPTED = {
    "mlp": (net(l.Flatten(), DENSE(6, activation="sigmoid"), DENSE(4)), [8, 8, 1]),
    "mlp_softmax": (net(l.Flatten(), DENSE(6, activation="sigmoid"), DENSE(4, activation="softmax")), [8, 8, 1]),
    "mlp_colour": (net(l.Flatten(), DENSE(6, activation="sigmoid"), DENSE(4), shape=(6, 6, 3)), [6, 6, 3]),
    "tabular": (net(DENSE(6, activation="sigmoid"), DENSE(3), shape=(5,)), None),
    "tabular_tanh": (net(DENSE(6, activation="tanh"), DENSE(3), shape=(5,)), None),
    "cnn": (net(CONV(), l.AveragePooling2D(2), CONV(4, 2), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "cnn_same": (net(CONV(padding="same"), l.AveragePooling2D(2), CONV(4, padding="same", strides=2), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "cnn_colour": (net(CONV(), l.AveragePooling2D(2), l.Flatten(), DENSE(4), shape=(8, 8, 3)), [8, 8, 3]),
    "cnn_global": (net(CONV(), l.GlobalAveragePooling2D(), DENSE(4)), [8, 8, 1]),
    "cnn_norm": (net(l.Conv2D(3, 3), trained_norm(), l.Activation("sigmoid"), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "cnn_norm_after": (net(CONV(), trained_norm(), CONV(2, padding="same"), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "cnn_rescaled": (net(l.Rescaling(2.0, offset=-1.0), CONV(padding="same"), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "depthwise": (net(l.DepthwiseConv2D(3, activation="sigmoid"), CONV(2, 1), l.Flatten(), DENSE(4), shape=(8, 8, 3)), [8, 8, 3]),
    "separable": (net(l.SeparableConv2D(4, 3, activation="sigmoid"), l.Flatten(), DENSE(4), shape=(8, 8, 3)), [8, 8, 3]),
    "dense_on_image": (net(CONV(), DENSE(2, activation="sigmoid"), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "pad": (net(l.ZeroPadding2D(1), CONV(), l.Flatten(), DENSE(4)), [8, 8, 1]),
    "reshape": (net(l.Reshape((8, 8, 1)), CONV(), l.Flatten(), DENSE(4), shape=(64,)), None),
    "conv1d": (net(l.Conv1D(3, 3, activation="sigmoid"), l.AveragePooling1D(2), l.Flatten(), DENSE(4), shape=(12, 2)), None),
    "dropout": (net(CONV(), l.Dropout(0.5), l.Flatten(), DENSE(4)), [8, 8, 1]),
}
REFUSED = {
    "relu": (net(l.Conv2D(3, 3, activation="relu"), l.Flatten(), DENSE(4)), "operator Relu is not supported"),
    "max_pool": (net(CONV(), l.MaxPooling2D(), l.Flatten(), DENSE(4)), "operator MaxPool is not supported"),
}


def by_keras(model, path):
    model.export(path, format="onnx", verbose=False)


def by_tf2onnx(model, path):
    import tf2onnx

    signature = [tf.TensorSpec((None, *model.inputs[0].shape[1:]), tf.float32, name="x")]
    function = tf.function(lambda x: model(x, training=False), input_signature=signature)
    tf2onnx.convert.from_function(function, input_signature=signature, opset=15, output_path=str(path))


for tool, write in (("keras", by_keras), ("tf2onnx", by_tf2onnx)):
    zoo = Zoo(tool)
    for name, (model, told) in {**ACCEPTED, **REFUSED}.items():
        model(np.zeros((1, *model.inputs[0].shape[1:]), np.float32))
        quiet = io.StringIO()
        try:
            with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
                write(model, str(zoo.path(name)))
        except Exception as error:  # what an exporter itself cannot write is no file to test
            print(f"{tool} {name}: not exported: {str(error).splitlines()[0][:160]}")
            continue
        if isinstance(told, str):
            zoo.refuse(name, told)
        else:
            zoo.accept(name, **({"layout": told} if told else {}))
    zoo.close()
