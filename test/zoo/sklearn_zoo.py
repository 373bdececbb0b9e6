"""Networks of scikit-learn by skl2onnx: python3 test/zoo/sklearn_zoo.py (scikit-learn, skl2onnx, onnxruntime)."""

import warnings

import numpy as np
from skl2onnx import to_onnx
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Perceptron, RidgeClassifier, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, MultinomialNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, MinMaxScaler, Normalizer, PolynomialFeatures, StandardScaler
from sklearn.svm import LinearSVC
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
# Linear models and what stands in front of and behind them.
X3 = X[:, :3]
LINEAR = {
    "sgd_log_three": (SGDClassifier(loss="log_loss", random_state=1), THREE),
    "sgd_log_two": (SGDClassifier(loss="log_loss", random_state=1), TWO),
    "sgd_hinge_three": (SGDClassifier(random_state=1), THREE),
    "perceptron": (Perceptron(), THREE),
    "ridge_two": (RidgeClassifier(), TWO),
    "svc_two": (LinearSVC(), TWO),
    "lda": (LinearDiscriminantAnalysis(), THREE),
    "pca": (make_pipeline(PCA(5), mlp()), THREE),
    "one_vs_rest": (OneVsRestClassifier(LogisticRegression()), THREE),
    "naive_bayes": (MultinomialNB(), THREE),
    "bernoulli_bayes": (BernoulliNB(binarize=None), THREE),
    "several_labels": (mlp(), (X3 > 0.5).astype(int)),
}
REFUSED = {
    "normalizer": (make_pipeline(Normalizer(), mlp()), "normalise the images before they come"),
    "binarizer": (make_pipeline(Binarizer(threshold=0.5), mlp()), "make the images black and white before they come"),
    "sgd_huber": (SGDClassifier(loss="modified_huber", random_state=1), "a stochastic MTJ neuron computes a sigmoid"),
    "polynomial": (make_pipeline(PolynomialFeatures(2), LogisticRegression()), "Prod over values of the network"),
    "forest": (RandomForestClassifier(3, max_depth=2, random_state=1), 'take a network: MLPClassifier(activation="logistic")'),
}


def written(name, network, labels):
    network.fit(X, labels)
    last = network[-1] if hasattr(network, "steps") else network
    options = None if isinstance(last, LinearSVC) else {id(last): {"zipmap": False}}
    model = to_onnx(network, X[:1], options=options, target_opset=17)
    zoo.path(name).write_bytes(model.SerializeToString())


for name, (network, labels) in LINEAR.items():
    written(name, network, labels)
    zoo.accept(name, output="probabilities")
for name, (network, reason) in REFUSED.items():
    written(name, network, THREE)
    zoo.refuse(name, reason)
two = MLPRegressor(hidden_layer_sizes=(6,), activation="logistic", max_iter=60, random_state=1).fit(X, X[:, :2])
zoo.path("regressor_two").write_bytes(to_onnx(two, X[:1], target_opset=17).SerializeToString())
zoo.accept("regressor_two", rows=True)
regressor = MLPRegressor(hidden_layer_sizes=(6,), activation="logistic", max_iter=60, random_state=1).fit(X, X[:, 0])
zoo.path("regressor").write_bytes(to_onnx(regressor, X[:1], target_opset=17).SerializeToString())
zoo.accept("regressor")
zoo.close()
