"""heed's parameters, put into PyTorch's layers: kernels are [in, out] there, and gates come in another order."""

import torch
from safetensors.torch import load_file


class Weights:
    """A model's parameters by name. Each is taken once; `finish` refuses to leave any behind."""

    def __init__(self, path):
        self.tensors = load_file(path)

    def take(self, name):
        return self.tensors.pop(name)

    def finish(self):
        if self.tensors:
            raise ValueError(f"the twin has no place for {', '.join(self.tensors)}")

    def embedding(self, layer, name):
        put(layer.weight, self.take(f"{name}.matrix"))

    def linear(self, layer, name):
        put(layer.weight, self.take(f"{name}.kernel").T)
        if layer.bias is not None:
            put(layer.bias, self.take(f"{name}.bias"))

    def gru(self, layer, name, suffix="", context=None):
        """nn.GRU or nn.GRUCell. `context` names the kernel of what is appended to the input."""

        def ordered(tensor):
            z, r, n = tensor.chunk(3, -1)
            return torch.cat([r, z, n], -1).T

        put(getattr(layer, f"weight_ih{suffix}"), ordered(self.input_kernel(name, context)))
        put(getattr(layer, f"weight_hh{suffix}"), ordered(self.take(f"{name}.recurrent_kernel")))
        put(getattr(layer, f"bias_ih{suffix}"), ordered(self.take(f"{name}.input.bias")))
        put(getattr(layer, f"bias_hh{suffix}"), ordered(self.take(f"{name}.recurrent_bias")))

    def lstm(self, layer, name, suffix="", context=None):
        """nn.LSTM or nn.LSTMCell. heed adds 1 to the forget gate, and has one bias where PyTorch has two."""

        def ordered(tensor):
            i, f, o, g = tensor.chunk(4, -1)
            return torch.cat([i, f, g, o], -1).T

        put(getattr(layer, f"weight_ih{suffix}"), ordered(self.input_kernel(name, context)))
        put(getattr(layer, f"weight_hh{suffix}"), ordered(self.take(f"{name}.recurrent_kernel")))
        i, f, o, g = self.take(f"{name}.input.bias").chunk(4)
        put(getattr(layer, f"bias_ih{suffix}"), torch.cat([i, f + 1, g, o]))
        second = getattr(layer, f"bias_hh{suffix}")
        put(second, torch.zeros_like(second))
        second.requires_grad_(False)

    def input_kernel(self, name, context):
        kernel = self.take(f"{name}.input.kernel")
        return kernel if context is None else torch.cat([kernel, self.take(f"{context}.kernel")])


def put(parameter, values):
    if parameter.shape != values.shape:
        raise ValueError(f"a parameter of shape {list(parameter.shape)} cannot take {list(values.shape)}")
    with torch.no_grad():
        parameter.copy_(values)
