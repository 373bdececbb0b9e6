"""Networks of PyTorch, through both of its exporters: python3 test/zoo/torch_zoo.py (torch, onnxscript, onnxruntime)."""

import contextlib
import io
import warnings

import torch
from torch import nn
from torch.nn import functional as F
from zoo import Zoo

warnings.filterwarnings("ignore")
torch.manual_seed(1)

S = nn.Sigmoid


def seq(*layers):
    return nn.Sequential(*layers)


def head(inputs, outputs=4):
    return [nn.Flatten(), nn.Linear(inputs, outputs)]


class Fn(nn.Module):
    """A step of a Sequential that has no module of its own."""

    def __init__(self, step, *modules):
        super().__init__()
        self.step = step
        self.parts = nn.ModuleList(modules)

    def forward(self, x):
        return self.step(x, *self.parts)


def norm(kind, channels):
    """A batch norm with statistics as after training."""
    layer = kind(channels)
    with torch.no_grad():
        layer.running_mean.uniform_(-0.4, 0.4)
        layer.running_var.uniform_(0.5, 1.5)
        layer.weight.uniform_(0.5, 1.5)
        layer.bias.uniform_(-0.5, 0.5)
    return layer


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.cells = kind(8, 6, batch_first=True)
        self.out = nn.Linear(6, 4)

    def forward(self, x):
        return self.out(self.cells(x[:, 0])[0][:, -1])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(8, 8) for _ in range(4))

    def forward(self, x):
        x = x[:, 0]
        scores = torch.softmax(self.q(x) @ self.k(x).transpose(1, 2), -1)
        return self.out((scores @ self.v(x)).mean(1))


class Twice(nn.Module):
    """One layer used twice."""

    def __init__(self):
        super().__init__()
        self.inner, self.hidden, self.out = nn.Linear(64, 6), nn.Linear(6, 6), nn.Linear(6, 4)

    def forward(self, x):
        x = torch.sigmoid(self.inner(x.flatten(1)))
        return self.out(torch.sigmoid(self.hidden(torch.sigmoid(self.hidden(x)))))


class Skip(nn.Module):
    """Spikes of two layers in one sum."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1), nn.Linear(128, 4)

    def forward(self, x):
        first = torch.sigmoid(self.a(x))
        return self.c((first + torch.sigmoid(self.b(first))).flatten(1))


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(64, 6), nn.Linear(6, 4), nn.Linear(6, 3)

    def forward(self, x):
        x = torch.sigmoid(self.a(x.flatten(1)))
        return self.b(x), self.c(x)


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 4)

    def forward(self, x, y):
        return self.a((x + y).flatten(1))


def shuffle(x):
    return x.view(x.shape[0], 2, 2, 6, 6).transpose(1, 2).reshape(x.shape[0], 4, 6, 6)


def chunks(x):
    a, b = x.chunk(2, 1)
    return torch.cat([b, a], 1)


CONV = lambda **more: nn.Conv2d(1, 3, 3, **more)  # noqa: E731
C36 = [CONV(), S()]  # 3 x 6 x 6
HIDDEN = lambda: [nn.Linear(64, 6), S(), nn.Linear(6, 4)]  # noqa: E731

# name: (network, channels of the 8 x 8 input or a whole shape)
ACCEPTED = {
    "mlp": (seq(nn.Flatten(), *HIDDEN()), 1),
    "mlp_deep": (seq(nn.Flatten(), nn.Linear(64, 6), S(), nn.Linear(6, 5), S(), nn.Linear(5, 4)), 1),
    "mlp_no_bias": (seq(nn.Flatten(), nn.Linear(64, 6, bias=False), S(), nn.Linear(6, 4, bias=False)), 1),
    "one_layer": (seq(nn.Flatten(), nn.Linear(64, 4)), 1),
    "one_output": (seq(nn.Flatten(), nn.Linear(64, 5), S(), nn.Linear(5, 1), S()), 1),
    "flat": (seq(*HIDDEN()), (64,)),
    "tabular": (seq(nn.Linear(5, 7), S(), nn.Linear(7, 3)), (5,)),
    "grey_without_channel": (seq(nn.Flatten(), *HIDDEN()), (8, 8)),
    "cnn": (seq(CONV(), S(), nn.AvgPool2d(2), nn.Conv2d(3, 4, 2), S(), *head(16)), 1),
    "cnn_deep": (seq(CONV(padding=1), S(), nn.Conv2d(3, 3, 3, padding=1), S(), nn.AvgPool2d(2), nn.Conv2d(3, 4, 3), S(), *head(16)), 1),
    "conv_pad": (seq(CONV(padding=1), S(), *head(192)), 1),
    "conv_pad_same": (seq(nn.Conv2d(1, 2, 4, padding="same"), S(), *head(128)), 1),
    "conv_stride": (seq(CONV(stride=2), S(), *head(27)), 1),
    "conv_stride_rect": (seq(nn.Conv2d(1, 3, (2, 3), stride=(2, 1), padding=(0, 1)), S(), *head(96)), 1),
    "conv_dilated": (seq(CONV(dilation=2), S(), *head(48)), 1),
    "conv_group": (seq(nn.Conv2d(4, 4, 3, groups=2), S(), *head(144)), 4),
    "conv_depthwise": (seq(nn.Conv2d(3, 6, 3, groups=3), S(), nn.Conv2d(6, 3, 1), S(), *head(108)), 3),
    "conv_1x1": (seq(nn.Conv2d(3, 2, 1), S(), *head(128)), 3),
    "conv_no_bias": (seq(CONV(bias=False), S(), *head(108)), 1),
    "conv_whole": (seq(nn.Conv2d(1, 5, 8), S(), *head(5)), 1),
    "all_convolutional": (seq(CONV(), S(), nn.Conv2d(3, 4, 6), nn.Flatten()), 1),
    "colour": (seq(nn.Conv2d(3, 4, 3), S(), nn.AvgPool2d(2), *head(36)), 3),
    "conv1d": (seq(nn.Conv1d(2, 3, 3), S(), *head(30)), (2, 12)),
    "conv1d_pad": (seq(nn.Conv1d(2, 3, 3, padding=1, stride=2), S(), nn.AvgPool1d(2), *head(9)), (2, 12)),
    "batchnorm_conv": (seq(CONV(), norm(nn.BatchNorm2d, 3), S(), *head(108)), 1),
    "batchnorm_linear": (seq(nn.Flatten(), nn.Linear(64, 6), norm(nn.BatchNorm1d, 6), S(), nn.Linear(6, 4)), 1),
    "batchnorm_after_sigmoid": (seq(*C36, norm(nn.BatchNorm2d, 3), nn.Conv2d(3, 2, 3), S(), *head(32)), 1),
    "batchnorm_after_sigmoid_pad": (seq(*C36, norm(nn.BatchNorm2d, 3), nn.Conv2d(3, 2, 3, padding=1), S(), *head(72)), 1),
    "batchnorm_after_pool_pad": (seq(*C36, nn.AvgPool2d(2), norm(nn.BatchNorm2d, 3), nn.Conv2d(3, 2, 3, padding=1), S(), *head(18)), 1),
    "batchnorm_after_sigmoid_linear": (seq(nn.Flatten(), nn.Linear(64, 6), S(), norm(nn.BatchNorm1d, 6), nn.Linear(6, 4)), 1),
    "batchnorm_input": (seq(norm(nn.BatchNorm2d, 3), nn.Conv2d(3, 2, 3), S(), *head(72)), 3),
    "batchnorm_input_pad": (seq(norm(nn.BatchNorm2d, 3), nn.Conv2d(3, 2, 3, padding=1), S(), *head(128)), 3),
    "batchnorm_flat_after_conv": (seq(CONV(), nn.Flatten(), norm(nn.BatchNorm1d, 108), S(), nn.Linear(108, 4)), 1),
    "batchnorm_end": (seq(nn.Flatten(), *HIDDEN(), norm(nn.BatchNorm1d, 4)), 1),
    "tanh": (seq(nn.Flatten(), nn.Linear(64, 6), nn.Tanh(), nn.Linear(6, 4)), 1),
    "tanh_conv": (seq(CONV(), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(3, 4, 2), nn.Tanh(), *head(16)), 1),
    "tanh_conv_pad": (seq(CONV(padding=1), nn.Tanh(), nn.Conv2d(3, 2, 3, padding=1), nn.Tanh(), *head(128)), 1),
    "sigmoid_steep": (seq(nn.Flatten(), nn.Linear(64, 6), Fn(lambda x: torch.sigmoid(4 * x)), nn.Linear(6, 4)), 1),
    "sigmoid_by_exp": (seq(nn.Flatten(), nn.Linear(64, 6), Fn(lambda x: 1 / (1 + torch.exp(-x))), nn.Linear(6, 4)), 1),
    "sigmoid_by_exp_scaled": (seq(CONV(), Fn(lambda x: 3 / (2 + torch.exp(-2 * x - 1))), *head(108)), 1),
    "sigmoid_by_tanh": (seq(CONV(), Fn(lambda x: (torch.tanh(x / 2) + 1) / 2), *head(108)), 1),
    "sigmoid_negative": (seq(CONV(), Fn(lambda x: torch.sigmoid(-x)), *head(108)), 1),
    "sigmoid_twice": (seq(CONV(), S(), S(), *head(108)), 1),
    "sigmoid_of_input": (seq(S(), CONV(), S(), *head(108)), 1),
    "sigmoid_after_pool": (seq(*C36, nn.AvgPool2d(2), S(), *head(27)), 1),
    "one_minus_sigmoid": (seq(CONV(), S(), Fn(lambda x: 1 - x), *head(108)), 1),
    "relu_of_spikes": (seq(CONV(), S(), nn.ReLU(), *head(108)), 1),
    "clamp_of_spikes": (seq(CONV(), S(), Fn(lambda x: x.clamp(0, 1)), *head(108)), 1),
    "softmax_end": (seq(nn.Flatten(), *HIDDEN(), nn.Softmax(1)), 1),
    "log_softmax_end": (seq(nn.Flatten(), *HIDDEN(), nn.LogSoftmax(1)), 1),
    "argmax_end": (seq(nn.Flatten(), *HIDDEN(), Fn(lambda x: x.argmax(1))), 1),
    "sigmoid_end": (seq(nn.Flatten(), *HIDDEN(), S()), 1),
    "tanh_end": (seq(nn.Flatten(), *HIDDEN(), nn.Tanh()), 1),
    "affine_end": (seq(nn.Flatten(), *HIDDEN(), Fn(lambda x: x * torch.tensor([1.0, 2.0, -1.0, 0.5]) + 1)), 1),
    "spikes_end": (seq(*C36, nn.AdaptiveAvgPool2d(1), nn.Flatten()), 1),
    "linear_linear": (seq(nn.Flatten(), nn.Linear(64, 5), nn.Linear(5, 6), S(), nn.Linear(6, 5), nn.Linear(5, 4)), 1),
    "conv_conv": (seq(nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 3, 3, stride=2), S(), *head(27)), 1),
    "conv_conv_pad": (seq(nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 3, padding=1), S(), *head(72)), 1),
    "conv_linear": (seq(CONV(), nn.Flatten(), nn.Linear(108, 6), S(), nn.Linear(6, 4)), 1),
    "separable": (seq(nn.Conv2d(3, 3, 3, groups=3, padding=1), nn.Conv2d(3, 4, 1), S(), nn.AvgPool2d(2), *head(64)), 3),
    "pool_overlap": (seq(*C36, nn.AvgPool2d(3, 1), nn.Conv2d(3, 2, 2), S(), *head(18)), 1),
    "pool_overlap_linear": (seq(*C36, nn.AvgPool2d(3, 2), *head(12)), 1),
    "pool_pad": (seq(*C36, nn.AvgPool2d(2, padding=1), *head(48)), 1),
    "pool_pad_conv": (seq(*C36, nn.AvgPool2d(2, padding=1), nn.Conv2d(3, 2, 2), S(), *head(18)), 1),
    "pool_pad_exclude": (seq(*C36, nn.AvgPool2d(3, padding=1, count_include_pad=False), *head(12)), 1),
    "pool_ceil": (seq(CONV(stride=1), S(), nn.AvgPool2d(4, ceil_mode=True), *head(12)), 1),
    "pool_cut": (seq(*C36, nn.AvgPool2d(4), *head(3)), 1),
    "pool_rect": (seq(*C36, nn.AvgPool2d((3, 2)), *head(18)), 1),
    "pool_global": (seq(*C36, nn.AdaptiveAvgPool2d(1), *head(3)), 1),
    "pool_adaptive": (seq(*C36, nn.AdaptiveAvgPool2d(2), *head(12)), 1),
    "pool_twice": (seq(CONV(padding=1), S(), nn.AvgPool2d(2), nn.AvgPool2d(2), *head(12)), 1),
    "pool_before_sigmoid": (seq(CONV(), nn.AvgPool2d(2), S(), *head(27)), 1),
    "pool_input": (seq(nn.AvgPool2d(2), nn.Conv2d(1, 2, 2), S(), *head(18)), 1),
    "pool_input_linear": (seq(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16, 5), S(), nn.Linear(5, 4)), 1),
    "pool_end": (seq(*C36, nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()), 1),
    "mean": (seq(*C36, Fn(lambda x: x.mean((2, 3))), nn.Linear(3, 4)), 1),
    "mean_channels": (seq(*C36, Fn(lambda x: x.mean(1)), *head(36)), 1),
    "sum_places": (seq(*C36, Fn(lambda x: x.sum((2, 3))), nn.Linear(3, 4)), 1),
    "view": (seq(*C36, Fn(lambda x: x.view(x.size(0), -1)), nn.Linear(108, 4)), 1),
    "reshape_input": (seq(Fn(lambda x: x.reshape(-1, 1, 8, 8)), *C36, *head(108)), (64,)),
    "unflatten_input": (seq(nn.Unflatten(1, (1, 8, 8)), *C36, *head(108)), (64,)),
    "unflatten": (seq(nn.Flatten(), nn.Linear(64, 32), S(), nn.Unflatten(1, (2, 4, 4)), nn.Conv2d(2, 3, 3), S(), *head(12)), 1),
    "flatten_parts": (seq(*C36, nn.Flatten(2), nn.Flatten(1), nn.Linear(108, 4)), 1),
    "squeeze": (seq(nn.Conv2d(1, 6, 8), S(), Fn(lambda x: x.squeeze(3).squeeze(2)), nn.Linear(6, 4)), 1),
    "permute": (seq(*C36, Fn(lambda x: x.permute(0, 2, 3, 1)), *head(108)), 1),
    "linear_last_axis": (seq(*C36, Fn(lambda x, f: torch.sigmoid(f(x.permute(0, 2, 3, 1))), nn.Linear(3, 2)), *head(72)), 1),
    "chunk": (seq(nn.Conv2d(1, 4, 3), S(), Fn(chunks), *head(144)), 1),
    "chunk_conv": (seq(nn.Conv2d(1, 4, 3), S(), Fn(chunks), nn.Conv2d(4, 2, 3), S(), *head(32)), 1),
    "channel_shuffle": (seq(nn.Conv2d(1, 4, 3), S(), Fn(shuffle), nn.Conv2d(4, 4, 3, groups=2), S(), *head(64)), 1),
    "pixel_unshuffle": (seq(nn.PixelUnshuffle(2), nn.Conv2d(4, 2, 2), S(), *head(18)), 1),
    "slice_channels": (seq(*C36, Fn(lambda x: x[:, 1:]), nn.Conv2d(2, 2, 3), S(), *head(32)), 1),
    "crop": (seq(*C36, Fn(lambda x: x[:, :, 1:5, 2:]), *head(48)), 1),
    "pad_zero": (seq(nn.ZeroPad2d(1), CONV(), S(), *head(192)), 1),
    "pad_zero_uneven": (seq(nn.ZeroPad2d((0, 1, 2, 0)), CONV(), S(), *head(168)), 1),
    "pad_constant": (seq(nn.ConstantPad2d(1, 0.5), CONV(), S(), *head(192)), 1),
    "pad_reflect": (seq(nn.ReflectionPad2d(1), CONV(), S(), *head(192)), 1),
    "pad_replicate": (seq(nn.ReplicationPad2d(1), CONV(), S(), *head(192)), 1),
    "conv_pad_circular": (seq(CONV(padding=1, padding_mode="circular"), S(), *head(192)), 1),
    "upsample": (seq(nn.AvgPool2d(2), nn.Upsample(scale_factor=2), CONV(), S(), *head(108)), 1),
    "normalised": (seq(Fn(lambda x: (x - 0.1307) / 0.3081), nn.Flatten(), *HIDDEN()), 1),
    "normalised_conv_pad": (seq(Fn(lambda x: (x - 0.1307) / 0.3081), CONV(padding=1), S(), *head(192)), 1),
    "normalised_colour": (seq(Fn(lambda x: (x - torch.tensor([0.4, 0.5, 0.6]).view(3, 1, 1)) / 0.25), nn.Conv2d(3, 2, 3, padding=1), S(), *head(128)), 3),
    "scaled_255": (seq(Fn(lambda x: x * 255.0 / 128.0 - 1), CONV(), S(), *head(108)), 1),
    "clamped": (seq(Fn(lambda x: x.clamp(0, 1)), CONV(), S(), *head(108)), 1),
    "cast": (seq(Fn(lambda x: x.double().float()), CONV(), S(), *head(108)), 1),
    "dropout": (seq(CONV(), S(), nn.Dropout2d(), *head(108)), 1),
    "identity": (seq(nn.Identity(), CONV(), nn.Identity(), S(), *head(108)), 1),
    "concat_layers": (seq(Fn(lambda x, a, b: torch.sigmoid(torch.cat([a(x), b(x)], 1)), CONV(), CONV(dilation=1)), *head(216)), 1),
    "concat_inception": (seq(Fn(lambda x, a, b: torch.cat([torch.sigmoid(a(x)), torch.sigmoid(b(x))], 1), nn.Conv2d(1, 2, 1), CONV(padding=1)), nn.Conv2d(5, 2, 3), S(), *head(72)), 1),
    "concat_two_deep": (seq(Fn(lambda x, a, b, c, d: torch.cat([torch.sigmoid(c(torch.sigmoid(a(x)))), torch.sigmoid(d(torch.sigmoid(b(x))))], 1), CONV(), CONV(), nn.Conv2d(3, 2, 3), nn.Conv2d(3, 2, 3)), *head(64)), 1),
    "add_layers": (seq(Fn(lambda x, a, b: torch.sigmoid(a(x) + b(x)), CONV(padding=1), nn.Conv2d(1, 3, 1)), *head(192)), 1),
    "add_spikes": (seq(Fn(lambda x, a, b: torch.sigmoid(a(x)) + torch.sigmoid(b(x)), CONV(), CONV()), nn.Conv2d(3, 2, 3), S(), *head(32)), 1),
    "linear_shortcut": (seq(nn.Conv2d(1, 2, 3, padding=1), S(), Fn(lambda x, a: torch.sigmoid(x + a(x)), nn.Conv2d(2, 2, 3, padding=1)), *head(128)), 1),
    "add_linears": (seq(nn.Flatten(), Fn(lambda x, a, b: torch.sigmoid(a(x) - b(x)), nn.Linear(64, 6), nn.Linear(64, 6)), nn.Linear(6, 4)), 1),
    "shared_layer": (Twice(), 1),
    "double": (seq(nn.Flatten(), *HIDDEN()).double(), 1),
    "half": (seq(nn.Flatten(), *HIDDEN()).half(), 1),
    "skip": (Skip(), 1),
    "circular_pooled": (seq(CONV(padding=1, padding_mode="circular"), S(), nn.AvgPool2d(2), nn.Conv2d(3, 2, 3, padding=1), S(), *head(32)), 1),
    "circular_mean": (seq(CONV(padding=1, padding_mode="circular"), S(), nn.Conv2d(3, 2, 3, stride=2), S(), nn.AdaptiveAvgPool2d(1), *head(2)), 1),
    "decoder": (seq(nn.Flatten(), nn.Linear(64, 6), S(), nn.Linear(6, 32), S(), nn.Unflatten(1, (2, 4, 4)), nn.AvgPool2d(2), nn.Conv2d(2, 3, 2), S(), *head(3)), 1),
}

SIGMOID = "a stochastic MTJ neuron computes a sigmoid"
REFUSED = {
    "relu": (seq(CONV(), nn.ReLU(), *head(108)), 1, "operator Relu is not supported"),
    "relu6": (seq(CONV(), nn.ReLU6(), *head(108)), 1, SIGMOID),
    "leaky_relu": (seq(CONV(), nn.LeakyReLU(), *head(108)), 1, "operator LeakyRelu is not supported"),
    "gelu": (seq(CONV(), nn.GELU(), *head(108)), 1, SIGMOID),
    "silu": (seq(CONV(), nn.SiLU(), *head(108)), 1, "a product of two values of the network"),
    "hard_sigmoid": (seq(CONV(), nn.Hardsigmoid(), *head(108)), 1, SIGMOID),
    "softplus": (seq(CONV(), nn.Softplus(), *head(108)), 1, SIGMOID),
    "max_pool": (seq(*C36, nn.MaxPool2d(2), *head(27)), 1, "operator MaxPool is not supported"),
    "global_max_pool": (seq(*C36, nn.AdaptiveMaxPool2d(1), *head(3)), 1, "is not supported"),
    "lstm": (Recurrent(nn.LSTM), 1, "no recurrent layers"),
    "gru": (Recurrent(nn.GRU), 1, "no recurrent layers"),
    "attention": (Attention(), 1, "a product of two values of the network"),
    "layer_norm": (seq(nn.Flatten(), nn.Linear(64, 6), nn.LayerNorm(6), S(), nn.Linear(6, 4)), 1, "is not supported"),
    "instance_norm": (seq(CONV(), nn.InstanceNorm2d(3, affine=True), S(), *head(108)), 1, "InstanceNormalization is not supported"),
    "gate": (seq(nn.Flatten(), Fn(lambda x, a, b: a(x) * torch.sigmoid(b(x)), nn.Linear(64, 4), nn.Linear(64, 4))), 1, "a product of two values of the network"),
    "two_heads": (TwoHeads(), 1, "the network must have one output"),
    "two_inputs": (TwoInputs(), 1, "the network must have one input"),
    "image_out": (seq(*C36, nn.Conv2d(3, 2, 3)), 1, "an image instead of one value for each class"),
    "conv_transpose": (seq(*C36, nn.ConvTranspose2d(3, 2, 2), S(), *head(98)), 1, "ConvTranspose is not supported"),
    "conv3d": (seq(nn.Conv3d(1, 2, 2), S(), *head(18)), (1, 4, 4, 2), "an image: batch, channels, height, width"),
}


def example(network, shape):
    dims = (shape, 8, 8) if isinstance(shape, int) else shape
    dtype = next(network.parameters()).dtype
    values = torch.rand(2, *dims, dtype=dtype)
    return (values, torch.rand_like(values)) if isinstance(network, TwoInputs) else (values,)


def export(zoo, name, network, shape, dynamo, opset=None):
    network.eval()
    arguments = example(network, shape)
    opset = opset or (18 if dynamo else 13)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        if dynamo:
            batch = torch.export.Dim("batch", min=1, max=64)
            shapes = tuple({0: batch} for _ in arguments)
            torch.onnx.export(network, arguments, zoo.path(name), dynamo=True, dynamic_shapes=shapes, opset_version=opset, verbose=False)
        else:
            names = ["x", "y"][: len(arguments)]
            torch.onnx.export(
                network, arguments, zoo.path(name), dynamo=False, input_names=names, opset_version=opset,
                dynamic_axes={each: {0: "batch"} for each in names},
            )


def main():
    for dynamo, tool in ((False, "torch-legacy"), (True, "torch-dynamo")):
        zoo = Zoo(tool)
        opsets = [(f"cnn_opset{n}", "cnn", n) for n in ((18, 20, 21, 22, 23) if dynamo else (9, 11, 14, 17, 20))]
        jobs = [(name, name, None) for name in [*ACCEPTED, *REFUSED]] + opsets
        for name, source, opset in jobs:
            network, shape, *reason = ACCEPTED.get(source) or REFUSED[source]
            try:
                export(zoo, name, network, shape, dynamo, opset)
            except Exception as error:  # what an exporter itself cannot write is no file to test
                print(f"{tool} {name}: not exported: {str(error).splitlines()[0][:120]}")
                zoo.path(name).unlink(missing_ok=True)
                continue
            if reason:
                zoo.refuse(name, reason[0])
            else:
                zoo.accept(name, **({"tolerance": 3e-3} if source == "half" else {}))
        zoo.close()


main()
