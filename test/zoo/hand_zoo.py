"""Graphs by hand, for what no exporter here writes, and files of onnxruntime's quantiser: python3 test/zoo/hand_zoo.py (onnx, onnxruntime)."""

import logging

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper
from zoo import Zoo, mulberry

logging.disable(logging.WARNING)
rng = np.random.default_rng(1)
zoo = Zoo("hand")


def weights(*dims, scale=0.5):
    return (rng.normal(size=dims) * scale).astype(np.float32)


def tensor(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


def node(op, inputs, outputs, **attributes):
    outputs = [outputs] if isinstance(outputs, str) else outputs
    return h.make_node(op, inputs, outputs, name=outputs[0], **attributes)


def save(name, nodes, tensors, dims, result=4, opset=17, kind=T.FLOAT, out=T.FLOAT, domains=(), functions=(), check=True):
    graph = h.make_graph(
        nodes, "net", [h.make_tensor_value_info("x", kind, dims)],
        [h.make_tensor_value_info("y", out, ["batch", result] if result else None)], tensors,
    )
    opsets = [h.make_opsetid("", opset), *(h.make_opsetid(domain, 1) for domain in domains)]
    model = h.make_model(graph, opset_imports=opsets, ir_version=8, functions=list(functions))
    if check and result:
        onnx.checker.check_model(model)
    onnx.save(model, zoo.path(name))


FLAT = ["batch", 12]
W1, B1, W2, B2 = weights(12, 6), weights(6), weights(6, 4), weights(4)
MLP = [tensor("w1", W1), tensor("b1", B1), tensor("w2", W2), tensor("b2", B2)]


def mlp(first=(), w1="w1", b1="b1", w2="w2", b2="b2", x="x", sigmoid=None, last=()):
    return [
        *first,
        node("Gemm", [x, w1, b1], "h"),
        *(sigmoid or [node("Sigmoid", ["h"], "s")]),
        node("Gemm", ["s", w2, b2], "z" if last else "y"),
        *last,
    ]


def accept(name, nodes, tensors=(), dims=FLAT, more=None, **options):
    save(name, nodes, [*tensors], dims, **options)
    zoo.accept(name, **(more or {}))


# Types of weights.
for kind, numpy_type in ((T.FLOAT16, np.float16), (T.DOUBLE, np.float64)):
    label = "float16" if kind == T.FLOAT16 else "float64"
    casts = [node("Cast", [f"{n}_{label}"], n, to=T.FLOAT) for n in ("w1", "b1", "w2", "b2")]
    small = [tensor(f"{n}_{label}", v.astype(numpy_type)) for n, v in (("w1", W1), ("b1", B1), ("w2", W2), ("b2", B2))]
    accept(f"weights_{label}", mlp(casts), small)
half = h.make_tensor("wb", T.BFLOAT16, [12, 6], (W1.view(np.uint32) >> 16).astype(np.uint16).tobytes(), raw=True)
accept("weights_bfloat16", mlp([node("Cast", ["wb"], "w1", to=T.FLOAT)]), [half, *MLP[1:]])
q1 = np.clip(np.round(W1 / 0.02), -128, 127).astype(np.int8)
accept("weights_int8", mlp([node("DequantizeLinear", ["q", "scale", "zero"], "w1")]), [tensor("q", q1), tensor("scale", np.float32(0.02)), tensor("zero", np.int8(3)), *MLP[1:]])
accept("weights_int8_per_channel", mlp([node("DequantizeLinear", ["q", "scale", "zero"], "w1", axis=1)]),
       [tensor("q", q1), tensor("scale", np.linspace(0.01, 0.03, 6, dtype=np.float32)), tensor("zero", np.zeros(6, np.int8)), *MLP[1:]])
accept("weights_rounded_in_file", mlp([node("QuantizeLinear", ["w", "scale", "zero"], "q"), node("DequantizeLinear", ["q", "scale", "zero"], "w1")]),
       [tensor("w", W1), tensor("scale", np.float32(0.02)), tensor("zero", np.int8(0)), *MLP[1:]])
four = h.make_tensor("q", T.INT4, [12, 6], [int(v) for v in np.clip(np.round(W1 / 0.2), -8, 7).flatten()])
accept("weights_int4", mlp([node("DequantizeLinear", ["q", "scale"], "w1")]), [four, tensor("scale", np.float32(0.2)), *MLP[1:]], opset=21)
accept("weights_int32_cast", mlp([node("Cast", ["q", ], "qf", to=T.FLOAT), node("Mul", ["qf", "scale"], "w1")]), [tensor("q", q1.astype(np.int32)), tensor("scale", np.float32(0.02)), *MLP[1:]])
accept("weights_transposed", mlp([node("Transpose", ["wt"], "w1", perm=[1, 0])]), [tensor("wt", W1.T.copy()), *MLP[1:]])
accept("weights_by_constant_node", mlp([node("Constant", [], "w1", value=tensor("", W1))]), MLP[1:])
accept("weights_product", mlp([node("MatMul", ["a", "b"], "w1")]), [tensor("a", weights(12, 3)), tensor("b", weights(3, 6)), *MLP[1:]])
accept("weights_concatenated", mlp([node("Concat", ["wa", "wb"], "w1", axis=1)]), [tensor("wa", W1[:, :2].copy()), tensor("wb", W1[:, 2:].copy()), *MLP[1:]])
accept("weights_normalised", mlp([node("ReduceL2", ["v"], "n", axes=[0], keepdims=1), node("Div", ["v", "n"], "w1")]), [tensor("v", W1), *MLP[1:]])
accept("weights_masked", mlp([node("Where", ["mask", "v", "zero"], "w1")]), [tensor("mask", W1 > 0), tensor("v", W1), tensor("zero", np.float32(0)), *MLP[1:]])
accept("unused_tensors", [*mlp(), node("Relu", ["h"], "unused"), node("NonZero", ["s"], "unused2")], [*MLP, tensor("dead", q1)])
accept("nodes_out_of_order", mlp()[::-1], MLP, check=False)

# Gemm, and what stands for it.
accept("gemm_alpha_beta", [node("Gemm", ["x", "w1", "b1"], "h", alpha=0.5, beta=2.0), *mlp()[1:]], MLP)
accept("gemm_transposed", [node("Gemm", ["x", "wt", "b1"], "h", transB=1), *mlp()[1:]], [tensor("wt", W1.T.copy()), *MLP[1:]])
accept("gemm_scalar_bias", [node("Gemm", ["x", "w1", "one"], "h"), *mlp()[1:]], [tensor("one", np.float32([0.3])), *MLP])
accept("matmul_add", [node("MatMul", ["x", "w1"], "m"), node("Add", ["b1", "m"], "h"), *mlp()[1:]], MLP)
accept("sum_of_three", [node("MatMul", ["x", "w1"], "m"), node("MatMul", ["x", "w3"], "n"), node("Sum", ["m", "n", "b1"], "h"), *mlp()[1:]], [*MLP, tensor("w3", weights(12, 6))])
accept("mean_of_two", [node("MatMul", ["x", "w1"], "m"), node("MatMul", ["x", "w3"], "n"), node("Mean", ["m", "n"], "h"), *mlp()[1:]], [*MLP, tensor("w3", weights(12, 6))])

# Sigmoids by other names.
sigmoids = {
    "reciprocal": [node("Neg", ["h"], "n"), node("Exp", ["n"], "e"), node("Add", ["e", "one"], "d"), node("Reciprocal", ["d"], "s")],
    "power": [node("Neg", ["h"], "n"), node("Exp", ["n"], "e"), node("Add", ["one", "e"], "d"), node("Pow", ["d", "minus"], "s")],
    "division": [node("Mul", ["h", "minus"], "n"), node("Exp", ["n"], "e"), node("Add", ["e", "one"], "d"), node("Div", ["one", "d"], "s")],
    "exp_positive": [node("Exp", ["h"], "e"), node("Add", ["e", "one"], "d"), node("Div", ["two", "d"], "s")],
    "clipped": [node("Sigmoid", ["h"], "t"), node("Clip", ["t", "zero", "one"], "s")],
    "min_max": [node("Sigmoid", ["h"], "t"), node("Max", ["t", "zero"], "m"), node("Min", ["m", "one"], "s")],
}
numbers = [tensor("one", np.float32(1)), tensor("minus", np.float32(-1)), tensor("two", np.float32(2)), tensor("zero", np.float32(0))]
for label, steps in sigmoids.items():
    used = {name for step in steps for name in step.input}
    accept(f"sigmoid_{label}", mlp(sigmoid=steps), [*MLP, *(each for each in numbers if each.name in used)])

# Ends.
accept("softmax_by_hand", mlp(last=[node("ReduceMax", ["z"], "m", axes=[1]), node("Sub", ["z", "m"], "c"), node("Exp", ["c"], "e"), node("ReduceSum", ["e", "axis"], "t"), node("Div", ["e", "t"], "y")]),
       [*MLP, tensor("axis", np.int64([1]))])
accept("argmax_cast", mlp(last=[node("ArgMax", ["z"], "a", axis=1, keepdims=0), node("Cast", ["a"], "y", to=T.FLOAT)]), MLP, result=None)

# Shapes.
IMAGE = ["batch", 2, 4, 6]
conv = lambda x="x", out="c", **more: node("Conv", [x, "k", "kb"], out, **more)  # noqa: E731
KERNEL = [tensor("k", weights(3, 2, 3, 3)), tensor("kb", weights(3))]
tail = lambda x="s": [node("Flatten", [x], "f"), node("Gemm", ["f", "m", "mb"], "y")]  # noqa: E731
TAIL = lambda inputs: [tensor("m", weights(inputs, 4)), tensor("mb", weights(4))]  # noqa: E731
for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    sizes = {"SAME_UPPER": 18, "SAME_LOWER": 18, "VALID": 6}
    accept(f"conv_{mode.lower()}", [conv(auto_pad=mode, strides=[2, 2]), node("Sigmoid", ["c"], "s"), *tail()], [*KERNEL, *TAIL(sizes[mode])], IMAGE)
accept("pool_same", [conv(pads=[1, 1, 1, 1]), node("Sigmoid", ["c"], "t"), node("AveragePool", ["t"], "s", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER"), *tail()], [*KERNEL, *TAIL(18)], IMAGE)
shape = [node("Shape", ["c"], "sh"), node("Gather", ["sh", "i0"], "n"), node("Unsqueeze", ["n", "a0"], "nu"), node("Concat", ["nu", "rest"], "target", axis=0), node("Reshape", ["s", "target"], "f"), node("Gemm", ["f", "m", "mb"], "y")]
accept("reshape_by_shape", [conv(), node("Sigmoid", ["c"], "s"), *shape], [*KERNEL, *TAIL(24), tensor("i0", np.int64(0)), tensor("a0", np.int64([0])), tensor("rest", np.int64([-1]))], IMAGE)
product = [node("Shape", ["s"], "sh"), node("Slice", ["sh", "one", "four"], "sizes"), node("ReduceProd", ["sizes"], "p", keepdims=1), node("Mul", ["p", "neg"], "q"), node("Neg", ["q"], "r"),
           node("Concat", ["neg", "r"], "target", axis=0), node("Reshape", ["s", "target"], "f"), node("Gemm", ["f", "m", "mb"], "y")]
accept("reshape_by_arithmetic", [conv(), node("Sigmoid", ["c"], "s"), *product], [*KERNEL, *TAIL(24), tensor("one", np.int64([1])), tensor("four", np.int64([4])), tensor("neg", np.int64([-1]))], IMAGE)
pads = [node("ConstantOfShape", ["eight"], "zeros", value=tensor("v", np.int64([0]))), node("Pad", ["x", "zeros"], "px")]
accept("pad_by_shape", [*pads, conv("px"), node("Sigmoid", ["c"], "s"), *tail()], [*KERNEL, *TAIL(24), tensor("eight", np.int64([8]))], IMAGE)
picks = [node("Range", ["a", "b", "c1"], "r"), node("Gather", ["x", "r"], "g", axis=1), node("Gemm", ["g", "w1", "b1"], "h"), *mlp()[1:]]
accept("gather_by_range", picks, [tensor("a", np.int64(11)), tensor("b", np.int64(-1)), tensor("c1", np.int64(-1)), *MLP])
accept("expand_and_tile", mlp([node("Expand", ["v", "to"], "e"), node("Tile", ["e", "twice"], "b1")]), [tensor("v", np.float32([0.3])), tensor("to", np.int64([3])), tensor("twice", np.int64([2])), MLP[0], *MLP[2:]])
accept("space_to_depth", [node("SpaceToDepth", ["x"], "d", blocksize=2), node("Conv", ["d", "k8"], "c"), node("Sigmoid", ["c"], "s"), *tail()], [tensor("k8", weights(3, 8, 2, 2)), *TAIL(6)], IMAGE)
accept("channels_last", [node("Transpose", ["x"], "t", perm=[0, 3, 1, 2]), conv("t"), node("Sigmoid", ["c"], "s0"), node("Transpose", ["s0"], "s", perm=[0, 2, 3, 1]), *tail()], [*KERNEL, *TAIL(24)], ["batch", 4, 6, 2])
accept("channels_last_no_conv", [node("Flatten", ["x"], "f0"), *mlp(x="f0")], [tensor("w1", weights(75, 6)), *MLP[1:]], ["batch", 5, 5, 3], more={"layout": [5, 5, 3]})
accept("batch_fixed", [conv(), node("Sigmoid", ["c"], "s"), node("Reshape", ["s", "target"], "f"), node("Gemm", ["f", "m", "mb"], "y")], [*KERNEL, *TAIL(24), tensor("target", np.int64([5, 24]))], [5, 2, 4, 6], result=None)
accept("flatten_axis_0", [node("Flatten", ["x"], "f0", axis=0), *mlp(x="f0")], MLP, [1, 12])
accept("bytes_in", [node("Cast", ["x"], "xf", to=T.FLOAT), node("Div", ["xf", "full"], "xs"), *mlp(x="xs")], [tensor("full", np.float32(255)), *MLP], kind=T.UINT8)
accept("batchnorm_opset7", [conv(), node("BatchNormalization", ["c", "g", "o", "mu", "var"], "n", epsilon=1e-3), node("Sigmoid", ["n"], "s"), *tail()],
       [*KERNEL, *TAIL(24), tensor("g", weights(3)), tensor("o", weights(3)), tensor("mu", weights(3)), tensor("var", np.abs(weights(3)) + 0.5)], IMAGE, opset=7)
accept("mean_opset18", [conv(), node("Sigmoid", ["c"], "s0"), node("ReduceMean", ["s0", "axes"], "s", keepdims=0), node("Gemm", ["s", "m", "mb"], "y")], [*KERNEL, *TAIL(3), tensor("axes", np.int64([2, 3]))], IMAGE, opset=18)

# Functions of the model itself, and Clip's and Dropout's older spelling.
function = h.make_function("own", "Neuron", ["a", "w"], ["b"], [h.make_node("MatMul", ["a", "w"], ["p"]), h.make_node("Sigmoid", ["p"], ["b"])], [h.make_opsetid("", 17)], [])
accept("local_function", [h.make_node("Neuron", ["x", "w1"], ["s"], domain="own", name="n1"), node("Gemm", ["s", "w2", "b2"], "y")], [MLP[0], *MLP[2:]], domains=["own"], functions=[function])
accept("clip_opset7", mlp(sigmoid=[node("Sigmoid", ["h"], "t"), node("Clip", ["t"], "u", min=0.0, max=1.0), node("Dropout", ["u"], "s", ratio=0.5)]), MLP, opset=7)

# What must be refused.
def refuse(name, reason, nodes, tensors=(), dims=FLAT, **options):
    save(name, nodes, [*tensors], dims, check=False, **options)
    zoo.refuse(name, reason)


refuse("erf", "operator Erf is not supported", mlp(sigmoid=[node("Erf", ["h"], "s")]), MLP)
refuse("clip_of_sums", "operator Clip is not supported", mlp(sigmoid=[node("Clip", ["h", "zero", "one"], "s")]), [*MLP, *numbers[::3]])
refuse("square", "Pow of a layer's values is not supported", mlp(sigmoid=[node("Pow", ["h", "two"], "s")]), [*MLP, numbers[2]])
refuse("softmax_inside", "operand that is not supported", mlp(sigmoid=[node("Softmax", ["h"], "s")]), MLP)
refuse("custom_operator", "operator com.example.Spike is not supported", mlp(sigmoid=[h.make_node("Spike", ["h"], ["s"], domain="com.example")]), MLP, domains=["com.example"])
refuse("square_image", "the order of the dimensions of the input is not known", [node("Flatten", ["x"], "f0"), *mlp(x="f0")], [tensor("w1", weights(27, 6)), *MLP[1:]], ["batch", 3, 3, 3])
refuse("open_sizes", "all but the batch fixed", [conv(), node("Sigmoid", ["c"], "s"), *tail()], [*KERNEL, *TAIL(24)], ["batch", 2, "h", "w"])
refuse("opset_6", "operator set", mlp(), MLP, opset=6)
refuse("divide_by_zero", "a division by zero", mlp([node("Div", ["x", "zero"], "d")], x="d"), [*MLP, numbers[3]])
refuse("not_finite", "not a finite float32 number", mlp(), [tensor("w1", np.where(np.arange(72).reshape(12, 6) == 7, np.nan, W1).astype(np.float32)), *MLP[1:]])
refuse("too_large", "the network is too large", [node("Expand", ["x", "to"], "e"), node("Flatten", ["e"], "f0"), *mlp(x="f0")], [tensor("to", np.int64([1, 100000, 100000])), *MLP], [1, 1, 1])

# QONNX.
QONNX = "qonnx.custom_op.general"
quantiser = lambda x, out, **more: h.make_node("Quant", [x, "scale", "zeropt", "bits"], [out], domain=QONNX, name=out, signed=1, narrow=1, rounding_mode="ROUND", **more)  # noqa: E731
save("qonnx_weights", mlp([quantiser("v", "w1")]), [tensor("v", W1), tensor("scale", np.float32(0.1)), tensor("zeropt", np.float32(0)), tensor("bits", np.float32(4)), *MLP[1:]], FLAT, domains=[QONNX], check=False)
rounded = np.clip(np.round(W1 / 0.1), -7, 7) * 0.1
expected = [[float(f"{v:.7g}") for v in (1 / (1 + np.exp(-(mulberry(seed, 12).astype(np.float32) @ rounded + B1))) @ W2 + B2)] for seed in (1, 2, 3)]
zoo.entries.append({"file": "qonnx_weights", "results": expected})

two = [node("Gemm", ["x", "wa", "ba"], "ha", transB=1), node("Sigmoid", ["ha"], "a"), node("Gemm", ["x", "wb", "bb"], "hb", transB=1), node("Sigmoid", ["hb"], "b")]
two += [node("Concat", ["a", "b"], "ab", axis=1), node("Gemm", ["ab", "wc", "bc"], "y0", transB=1), node("Softmax", ["y0"], "y", axis=1)]
accept("two_layers_side_by_side", two, [tensor("wa", weights(9, 12)), tensor("ba", weights(9)), tensor("wb", weights(6, 12)), tensor("bb", weights(6)), tensor("wc", weights(4, 15)), tensor("bc", weights(4))])
# Resizing: values copied, or weights; by factors, by sizes, by the older wordings.
def resized(name, dims, result, *, sizes=None, scales=None, opset=17, op="Resize", conv_first=False, **attributes):
    size = int(np.prod(result))
    tensors = [tensor("sizes", np.int64([1, *sizes]))] if sizes else [tensor("scales", np.float32(scales))]
    inputs = {"Upsample": ["r", "scales"], "Resize": ["r", "", "", "sizes"] if sizes else ["r", "", "scales"] if opset > 10 else ["r", "scales"]}[op]
    first = [conv(), node("Sigmoid", ["c"], "r")] if conv_first else [node("Identity", ["x"], "r")]
    accept(name, [*first, node(op, inputs, "s", **attributes), *tail()], [*tensors, *(KERNEL if conv_first else []), *TAIL(size)], ["batch", *dims], opset=opset)


resized("resize_linear_smaller", (2, 4, 6), (2, 2, 3), sizes=(2, 2, 3), mode="linear")
resized("resize_linear_larger", (2, 4, 6), (2, 7, 9), sizes=(2, 7, 9), mode="linear", coordinate_transformation_mode="pytorch_half_pixel")
resized("resize_linear_corners", (2, 4, 6), (2, 3, 11), sizes=(2, 3, 11), mode="linear", coordinate_transformation_mode="align_corners")
resized("resize_linear_asymmetric", (2, 4, 6), (2, 8, 9), scales=[1, 1, 2, 1.5], mode="linear", coordinate_transformation_mode="asymmetric")
resized("resize_linear_of_spikes", (2, 4, 6), (3, 1, 2), scales=[1, 1, 0.5, 0.5], mode="linear", conv_first=True)
resized("resize_linear_quarter", (2, 8, 12), (2, 2, 3), scales=[1, 1, 0.25, 0.25], mode="linear")
resized("resize_cubic", (2, 4, 6), (2, 6, 9), sizes=(2, 6, 9), mode="cubic")
resized("resize_cubic_outside", (2, 4, 6), (2, 3, 5), sizes=(2, 3, 5), mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5, coordinate_transformation_mode="align_corners")
for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
    resized(f"resize_nearest_{rounding}", (2, 4, 6), (2, 6, 4), sizes=(2, 6, 4), mode="nearest", nearest_mode=rounding)
resized("resize_nearest_asymmetric_of_spikes", (2, 4, 6), (3, 6, 15), sizes=(3, 6, 15), mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor", conv_first=True)
resized("resize_nearest_corners", (2, 4, 6), (2, 7, 11), sizes=(2, 7, 11), mode="nearest", coordinate_transformation_mode="align_corners")
resized("resize_symmetric", (2, 4, 6), (2, 6, 8), scales=[1, 1, 1.6, 1.45], mode="linear", coordinate_transformation_mode="half_pixel_symmetric", opset=19)
resized("resize_axes", (2, 4, 6), (2, 4, 9), scales=[1.5], mode="linear", axes=[3], opset=18)
resized("resize_opset10", (2, 4, 6), (2, 8, 9), scales=[1, 1, 2, 1.5], mode="linear", opset=10)
resized("upsample_linear", (2, 4, 6), (2, 8, 9), scales=[1, 1, 2, 1.5], mode="linear", opset=9, op="Upsample")
resized("upsample_nearest", (2, 4, 6), (2, 6, 15), scales=[1, 1, 1.5, 2.5], mode="nearest", opset=9, op="Upsample")
refuse("resize_antialias", "a resize that is not supported", [node("Resize", ["x", "", "", "sizes"], "s", mode="linear", antialias=1), *tail()], [tensor("sizes", np.int64([1, 2, 2, 3])), *TAIL(12)], IMAGE, opset=18)
accept("resize_crop", [node("Resize", ["x", "roi", "", "sizes"], "s", mode="linear", coordinate_transformation_mode="tf_crop_and_resize"), *tail()],
       [tensor("roi", np.float32([0, 0, 0, 0, 1, 1, 0.5, 0.5])), tensor("sizes", np.int64([1, 2, 2, 3])), *TAIL(12)], IMAGE)

# Einsum with a constant: a matrix, wherever its axes stand.
def summed(name, equation, dims, constant=None, *, result=None, first=False, size=None):
    inputs = ["x"] if constant is None else ["k", "x"] if first else ["x", "k"]
    tensors = [] if constant is None else [tensor("k", constant)]
    accept(name, [node("Einsum", inputs, "e", equation=equation), node("Sigmoid", ["e"], "s"), *tail()], [*tensors, *TAIL(size)], ["batch", *dims])


summed("einsum_dense", "bi,io->bo", (12,), weights(12, 5), size=5)
summed("einsum_turned", "oi,bi->bo", (12,), weights(5, 12), first=True, size=5)
summed("einsum_implicit", "bi,ij", (12,), weights(12, 5), size=5)
summed("einsum_image", "bchw,chwo->bo", (2, 4, 6), weights(2, 4, 6, 5), size=5)
summed("einsum_pixels", "bchw,oc->bohw", (2, 4, 6), weights(3, 2), size=72)
summed("einsum_channels_last", "bchw,co->bhwo", (2, 4, 6), weights(2, 3), size=72)
summed("einsum_rows", "bchw,wv->bchv", (2, 4, 6), weights(6, 2), size=16)
summed("einsum_ellipsis", "...w,wv->...v", (2, 4, 6), weights(6, 2), size=16)
summed("einsum_of_each", "bci,cio->bco", (3, 4), weights(3, 4, 2), size=6)
summed("einsum_weighted", "bci,ci->bci", (3, 4), weights(3, 4), size=12)
summed("einsum_mean", "bchw->bc", (2, 4, 6), size=2)
summed("einsum_order", "bchw->bwhc", (2, 4, 6), size=48)
summed("einsum_diagonal", "bii->bi", (4, 4), size=4)
accept("einsum_three", [node("Einsum", ["k", "x", "l"], "e", equation="hi,bchw,wj->bcij"), node("Sigmoid", ["e"], "s"), *tail()], [tensor("k", weights(4, 2)), tensor("l", weights(6, 3)), *TAIL(12)], ["batch", 2, 4, 6])
accept("einsum_of_constants", [node("Einsum", ["w0", "w3"], "w1", equation="ik,kj->ij"), *mlp()], [tensor("w0", weights(12, 3)), tensor("w3", weights(3, 6)), *MLP[1:]])
refuse("einsum_of_two", "an Einsum that is not supported", [node("Einsum", ["x", "x"], "e", equation="bi,bi->bi"), *mlp(x="e")], MLP)

# Elements picked by constant numbers and conditions.
accept("gather_nd", [node("GatherND", ["x", "i"], "g"), node("Flatten", ["g"], "g2"), *mlp(x="g2")], [tensor("i", np.int64([[[0, 1, 3], [0, 0, -1]]])), *MLP], ["batch", 2, 4, 6])
accept("gather_nd_batch", [node("GatherND", ["x", "i"], "g", batch_dims=1), node("Flatten", ["g"], "g2"), *mlp(x="g2")], [tensor("i", np.int64([[[1, 3], [0, -1]]])), *MLP], ["batch", 2, 4, 6])
accept("gather_elements", [node("GatherElements", ["x", "i"], "g", axis=1), *mlp(x="g")], [tensor("i", rng.integers(-12, 12, (1, 12))), *MLP])
accept("where_constant", [node("Where", ["which", "x", "half"], "g"), *mlp(x="g")], [tensor("which", rng.integers(0, 2, 12).astype(bool)), tensor("half", np.float32(0.5)), *MLP])
accept("where_constant_of_spikes", mlp(sigmoid=[node("Sigmoid", ["h"], "t"), node("Where", ["which", "many", "t"], "s")]), [tensor("which", rng.integers(0, 2, 6).astype(bool)), tensor("many", weights(6)), *MLP])
accept("where_two", [node("Neg", ["x"], "n"), node("Where", ["which", "x", "n"], "g"), *mlp(x="g")], [tensor("which", rng.integers(0, 2, (1, 12)).astype(bool)), *MLP])
def cropped(name, result, roi, *, sizes, **attributes):
    tensors = [tensor("roi", np.float32(roi)), tensor("sizes", np.int64(sizes)), *TAIL(int(np.prod(result)))]
    accept(name, [node("Resize", ["x", "roi", "", "sizes"], "s", coordinate_transformation_mode="tf_crop_and_resize", **attributes), *tail()], tensors, IMAGE)


cropped("resize_crop_outside", (2, 5, 7), [0, 0, -0.2, 0.3, 1, 1, 0.9, 1.4], sizes=[1, 2, 5, 7], mode="linear", extrapolation_value=0.7)
cropped("resize_crop_nearest", (2, 3, 4), [0, 0, 0.1, 0.2, 1, 1, 1.3, 0.7], sizes=[1, 2, 3, 4], mode="nearest", extrapolation_value=-1.5)
cropped("resize_crop_cubic", (2, 5, 7), [0, 0, 0.25, 0, 1, 1, 0.75, 0.5], sizes=[1, 2, 5, 7], mode="cubic")
refuse("resize_crop_scaled", "a resize that is not supported", [node("Resize", ["x", "roi", "scales"], "s", mode="linear", coordinate_transformation_mode="tf_crop_and_resize"), *tail()],
       [tensor("roi", np.float32([0, 0, 0, 0, 1, 1, 0.5, 0.5])), tensor("scales", np.float32([1, 1, 2, 2])), *TAIL(48)], IMAGE)
cropped("resize_crop_one", (2, 1, 6), [0, 0, 0.5, 0, 1, 1, 1, 1], sizes=[1, 2, 1, 6], mode="linear")


zoo.close()

# onnxruntime's quantiser, over some of the files above: its roundings between the layers are left out here, so the results are near, not equal.
from onnxruntime import quantization as q  # noqa: E402

source = {name: zoo.path(name) for name in ("matmul_add", "reshape_by_shape", "pool_same", "two_layers_side_by_side")}
zoo = Zoo("quantised")


class Reader(q.CalibrationDataReader):
    def __init__(self, dims):
        self.images = iter([{"x": mulberry(seed, int(np.prod(dims))).astype(np.float32).reshape(1, *dims)} for seed in range(1, 40)])

    def get_next(self):
        return next(self.images, None)


for name, dims in (("matmul_add", (12,)), ("reshape_by_shape", (2, 4, 6)), ("pool_same", (2, 4, 6)), ("two_layers_side_by_side", (12,))):
    for form in (q.QuantFormat.QDQ, q.QuantFormat.QOperator):
        for per_channel in (False, True):
            label = f"{name}_{form.name.lower()}{'_per_channel' if per_channel else ''}"
            q.quantize_static(source[name], zoo.path(label), Reader(dims), quant_format=form, per_channel=per_channel, weight_type=q.QuantType.QInt8)
            zoo.accept(label, tolerance=0.08)
    q.quantize_dynamic(source[name], zoo.path(f"{name}_dynamic"))
    zoo.accept(f"{name}_dynamic", tolerance=0.08)
zoo.close()
