"""Golden values of PyTorch for the recurrent encoders, for layer normalisation, for cells that PyTorch does not have,
written there from their papers' equations, and for one step of attention.

    python3 -m venv venv && venv/bin/pip install torch==2.9.1
    venv/bin/python make_golden.py > recurrent-and-attention.json

Parameters are written in heed's names and layout: kernels are [in, out]; a GRU's gates come in the order update,
reset, candidate (PyTorch: reset, update, candidate); an LSTM's are input, forget, output, candidate (PyTorch: input,
forget, candidate, output), it has one bias in place of two, and adds 1 to the forget gate itself.
"""

import json

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

TIME, BATCH, INPUT, UNITS = 4, 3, 2, 3
LENGTHS = [4, 1, 3]


def flat(tensor):
    return [float("%.8g" % x) for x in tensor.detach().flatten().tolist()]


def stored(tensor):
    return {"shape": list(tensor.shape), "values": flat(tensor)}


def reordered(tensor, order):
    """The gates, which are blocks of rows, in another order."""
    blocks = tensor.chunk(len(order))
    return torch.cat([blocks[i] for i in order])


def parameters_of(network, kind):
    named = {}
    for layer in range(network.num_layers):
        for direction, suffix in (("forward", ""), ("backward", "_reverse")):
            def get(name):
                order = [1, 0, 2] if kind == "gru" else [0, 1, 3, 2]
                return reordered(getattr(network, f"{name}_l{layer}{suffix}").detach(), order)

            path = f"layer_{layer}.{direction}.cell"
            named[f"{path}.recurrent_kernel"] = stored(get("weight_hh").T)
            named[f"{path}.input.kernel"] = stored(get("weight_ih").T)
            if kind == "gru":
                named[f"{path}.recurrent_bias"] = stored(get("bias_hh"))
                named[f"{path}.input.bias"] = stored(get("bias_ih"))
            else:
                bias = get("bias_hh") + get("bias_ih")
                bias[UNITS : 2 * UNITS] -= 1
                named[f"{path}.input.bias"] = stored(bias)
    return named


def encoder(kind):
    torch.manual_seed(1 if kind == "gru" else 2)
    network = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[kind](INPUT, UNITS, num_layers=2, bidirectional=True)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.7)
    inputs = torch.randn(TIME, BATCH, INPUT, requires_grad=True)
    packed, final = network(pack_padded_sequence(inputs, torch.tensor(LENGTHS), enforce_sorted=False))
    outputs, _ = pad_packed_sequence(packed, total_length=TIME)
    coefficients = torch.randn(TIME, BATCH, 2 * UNITS)
    (outputs * coefficients).sum().backward()
    hidden, cell = final if kind == "lstm" else (final, None)
    return {
        "kind": kind,
        "inputs": stored(inputs),
        "lengths": LENGTHS,
        "parameters": parameters_of(network, kind),
        "outputs": stored(outputs),
        # [layers * directions, B, units]: forward, then backward, of each layer
        "hidden": stored(hidden),
        **({"cell": stored(cell)} if cell is not None else {}),
        "coefficients": stored(coefficients),
        "inputGradient": stored(inputs.grad),
    }


def attention(score):
    torch.manual_seed(3 if score == "additive" else 4)
    batch, places, value_width, units = 2, 4, 3, 5
    query_width = 2 if score == "additive" else value_width
    query = torch.randn(batch, query_width, requires_grad=True)
    values = torch.randn(batch, places, value_width, requires_grad=True)
    mask = torch.tensor([[True, True, False, True], [False, True, True, False]])
    parameters = {}
    if score == "additive":
        w = torch.nn.Linear(query_width, units, bias=False)
        u = torch.nn.Linear(value_width, units)
        v = torch.nn.Linear(units, 1, bias=False)
        parameters = {
            "score.v": stored(v.weight.T),
            "score.query.kernel": stored(w.weight.T),
            "score.keys.kernel": stored(u.weight.T),
            "score.keys.bias": stored(u.bias),
        }
        scores = v(torch.tanh(w(query).unsqueeze(1) + u(values))).squeeze(2)
    else:
        scores = torch.bmm(values, query.unsqueeze(2)).squeeze(2)
    weights = torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=1)
    context = torch.bmm(weights.unsqueeze(1), values).squeeze(1)
    coefficients = torch.randn(batch, value_width)
    (context * coefficients).sum().backward()
    return {
        "score": score,
        "units": units,
        "query": stored(query),
        "values": stored(values),
        "mask": mask.int().tolist(),
        "parameters": parameters,
        "weights": stored(weights),
        "context": stored(context),
        "coefficients": stored(coefficients),
        "queryGradient": stored(query.grad),
        "valuesGradient": stored(values.grad),
    }


def layer_norm():
    torch.manual_seed(5)
    inputs = torch.randn(2, 3, 5, requires_grad=True)
    network = torch.nn.LayerNorm(5)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter)
    outputs = network(inputs * 3 + 1)
    coefficients = torch.randn(2, 3, 5)
    (outputs * coefficients).sum().backward()
    return {
        "inputs": stored(inputs * 3 + 1),
        "parameters": {"gain": stored(network.weight), "bias": stored(network.bias)},
        "outputs": stored(outputs),
        "coefficients": stored(coefficients),
        "inputGradient": stored(inputs.grad / 3),
        "gainGradient": stored(network.weight.grad),
    }


def cell(name):
    """TIME steps of a cell from a state that is not zero, in Cho et al. 2014's and Ba et al. 2016's equations."""
    kind = "lstm" if "lstm" in name else "gru"
    torch.manual_seed({"reset-before-gru": 6, "layer-norm-gru": 7, "layer-norm-lstm": 8}[name])
    gates = (4 if kind == "lstm" else 3) * UNITS
    shapes = {"input.kernel": [INPUT, gates], "recurrent_kernel": [UNITS, gates]}
    if name == "reset-before-gru":
        shapes |= {
            "input.bias": [gates],
            "recurrent_kernel": [UNITS, 2 * UNITS],
            "candidate_kernel": [UNITS, UNITS],
        }
    elif name == "layer-norm-gru":
        for norm in ("input", "recurrent"):
            for part, width in (("gates", 2 * UNITS), ("candidate", UNITS)):
                shapes |= {f"{norm}_{part}_norm.gain": [width], f"{norm}_{part}_norm.bias": [width]}
    else:
        for norm, width in (("input", gates), ("recurrent", gates), ("cell", UNITS)):
            shapes |= {f"{norm}_norm.gain": [width], f"{norm}_norm.bias": [width]}
    p = {key: torch.randn(shape) for key, shape in shapes.items()}

    def normalized(x, norm):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], p[f"{norm}.gain"], p[f"{norm}.bias"])

    def step(x, h, c):
        wx = x @ p["input.kernel"]
        if name == "reset-before-gru":
            wx = wx + p["input.bias"]
            z, r = torch.sigmoid(wx[:, : 2 * UNITS] + h @ p["recurrent_kernel"]).chunk(2, 1)
            n = torch.tanh(wx[:, 2 * UNITS :] + (r * h) @ p["candidate_kernel"])
            return (1 - z) * n + z * h, c
        uh = h @ p["recurrent_kernel"]
        if name == "layer-norm-gru":
            z, r = torch.sigmoid(
                normalized(wx[:, : 2 * UNITS], "input_gates_norm")
                + normalized(uh[:, : 2 * UNITS], "recurrent_gates_norm")
            ).chunk(2, 1)
            n = torch.tanh(
                normalized(wx[:, 2 * UNITS :], "input_candidate_norm")
                + r * normalized(uh[:, 2 * UNITS :], "recurrent_candidate_norm")
            )
            return (1 - z) * n + z * h, c
        i, f, o, g = (normalized(wx, "input_norm") + normalized(uh, "recurrent_norm")).chunk(4, 1)
        c = torch.sigmoid(f + 1) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(normalized(c, "cell_norm")), c

    inputs = torch.randn(TIME, BATCH, INPUT, requires_grad=True)
    first = torch.randn(BATCH, UNITS)
    h, c = first, torch.zeros(BATCH, UNITS)
    outputs = []
    for x in inputs:
        h, c = step(x, h, c)
        outputs.append(h)
    outputs = torch.stack(outputs)
    coefficients = torch.randn(TIME, BATCH, UNITS)
    (outputs * coefficients).sum().backward()
    return {
        "name": name,
        "kind": kind,
        "options": {"reset": "before"} if name == "reset-before-gru" else {"layerNorm": True},
        "inputs": stored(inputs),
        "first": stored(first),
        "parameters": {f"cell.{key}": stored(value) for key, value in p.items()},
        "outputs": stored(outputs),
        "coefficients": stored(coefficients),
        "inputGradient": stored(inputs.grad),
    }


golden = {
    "encoders": [encoder("gru"), encoder("lstm")],
    "layerNorm": layer_norm(),
    "cells": [cell("reset-before-gru"), cell("layer-norm-gru"), cell("layer-norm-lstm")],
    "attention": [attention("additive"), attention("dot")],
}
print(json.dumps(golden))
