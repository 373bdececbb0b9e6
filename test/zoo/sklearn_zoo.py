"""Networks of scikit-learn by skl2onnx: python3 test/zoo/sklearn_zoo.py (scikit-learn, skl2onnx, onnxruntime)."""

import warnings

import numpy as np
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from zoo import Zoo

warnings.filterwarnings("ignore")
rng = np.random.default_rng(1)
X = rng.random((200, 9)).astype(np.float32)
THREE = (X[:, :3].argmax(1)).astype(np.int64)
TWO = (X.sum(1) > 4.5).astype(np.int64)


def mlp(activation="logistic", **more):
    return MLPClassifier((6,), activation=activation, max_iter=60, random_state=1, **more)


zoo = Zoo("sklearn")
NETWORKS = {
    "mlp_three": (mlp(), THREE),
    "mlp_two": (mlp(), TWO),
    "mlp_tanh": (mlp("tanh"), THREE),
    "mlp_deep": (MLPClassifier((6, 5), activation="logistic", max_iter=60, random_state=1), THREE),
    "mlp_scaled": (make_pipeline(StandardScaler(), mlp()), THREE),
    "mlp_min_max": (make_pipeline(MinMaxScaler(), mlp()), THREE),
    "mlp_identity": (mlp("identity"), THREE),
    "logistic_three": (LogisticRegression(), THREE),
    "logistic_two": (LogisticRegression(), TWO),
    "mlp_relu": (mlp("relu"), THREE),
    "mlp_names": (mlp(), np.array(["setosa", "virginica", "other"])[THREE]),
}
for name, (network, labels) in NETWORKS.items():
    network.fit(X, labels)
    for zipmap in (True, False):
        label = name if zipmap else f"{name}_plain"
        last = network[-1] if hasattr(network, "steps") else network
        model = to_onnx(network, X[:1], options={id(last): {"zipmap": zipmap}}, target_opset=17)
        zoo.path(label).write_bytes(model.SerializeToString())
        if name == "mlp_relu":
            zoo.refuse(label, "operator Relu is not supported")
        else:
            zoo.accept(label, output="output_probability" if zipmap else "probabilities")
regressor = MLPRegressor(hidden_layer_sizes=(6,), activation="logistic", max_iter=60, random_state=1).fit(X, X[:, 0])
zoo.path("regressor").write_bytes(to_onnx(regressor, X[:1], target_opset=17).SerializeToString())
zoo.accept("regressor")
zoo.close()
