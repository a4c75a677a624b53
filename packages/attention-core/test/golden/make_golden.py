"""Golden values of PyTorch for the recurrent encoders, for layer normalisation and multi-head attention, and for what
PyTorch does not have, written there from the papers' equations: cells, scores of attention, normalizers.

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


SCORES = ["additive", "dot", "scaledDot", "general", "concat", "normalizedAdditive", "location", "coverage", "multiHead"]


def linear(inputs, outputs, bias=False):
    return torch.nn.Linear(inputs, outputs, bias=bias)


def drawn(*shape):
    return torch.randn(*shape, requires_grad=True)


def scores_of(score, query, values, last, units):
    """A score's parameters, and the scores [B, S] before the mask. What was covered is twice the last weights."""
    query_width, value_width = query.shape[1], values.shape[2]
    if score in ("dot", "scaledDot"):
        products = torch.bmm(values, query.unsqueeze(2)).squeeze(2)
        return {}, products / value_width**0.5 if score == "scaledDot" else products
    if score == "general":
        w = linear(value_width, query_width)
        return {"keys.kernel": w.weight.T}, torch.einsum("bq,bsq->bs", query, w(values))
    v = drawn(units)
    if score == "concat":
        # Luong et al. 2015, 3.1: v · tanh(W [query; value]), one W for both.
        w = linear(query_width + value_width, units, bias=True)
        both = torch.cat([query.unsqueeze(1).expand(-1, values.shape[1], -1), values], 2)
        kernels = w.weight.T.split([query_width, value_width])
        named = {"query.kernel": kernels[0], "keys.kernel": kernels[1], "keys.bias": w.bias}
        return {"v": v.unsqueeze(1), **named}, torch.tanh(w(both)) @ v
    w, u = linear(query_width, units), linear(value_width, units, bias=True)
    named = {"v": v.unsqueeze(1), "query.kernel": w.weight.T, "keys.kernel": u.weight.T, "keys.bias": u.bias}
    inner = w(query).unsqueeze(1) + u(values)
    if score == "normalizedAdditive":
        # Salimans and Kingma 2016, equation 2.
        gain = drawn(1)
        return {**named, "gain": gain}, torch.tanh(inner) @ (gain * v / v.norm())
    if score == "location":
        # Chorowski et al. 2015, equations 8 and 9.
        filters, location = drawn(2, 1, 3), drawn(2, units)
        f = torch.nn.functional.conv1d(last.unsqueeze(1), filters, padding=1).transpose(1, 2)
        inner = inner + f @ location
        named |= {"filters": filters.squeeze(1).T, "location": location}
    if score == "coverage":
        # See et al. 2017, equation 11.
        covered = drawn(units)
        inner = inner + (2 * last).unsqueeze(2) * covered
        named |= {"covered": covered}
    return named, torch.tanh(inner) @ v


def multi_head(query, values, mask, units):
    width = values.shape[2]
    network = torch.nn.MultiheadAttention(units, 2, kdim=width, vdim=width, batch_first=True)
    torch.nn.init.normal_(network.in_proj_bias)
    torch.nn.init.normal_(network.out_proj.bias)
    context, weights = network(query.unsqueeze(1), values, values, key_padding_mask=~mask)
    projections = {"query": network.q_proj_weight, "keys": network.k_proj_weight, "values": network.v_proj_weight}
    biases = dict(zip(projections, network.in_proj_bias.chunk(3)))
    projections["output"], biases["output"] = network.out_proj.weight, network.out_proj.bias
    named = {f"{name}.kernel": weight.T for name, weight in projections.items()}
    return named | {f"{name}.bias": bias for name, bias in biases.items()}, weights.squeeze(1), context.squeeze(1)


def attention(score):
    torch.manual_seed(30 + SCORES.index(score))
    batch, places, value_width, units = 2, 4, 3, 4
    query_width = {"dot": value_width, "scaledDot": value_width, "multiHead": units}.get(score, 2)
    query, values = drawn(batch, query_width), drawn(batch, places, value_width)
    mask = torch.tensor([[True, True, False, True], [False, True, True, False]])
    last = torch.softmax(torch.randn(batch, places), 1).requires_grad_()
    if score == "multiHead":
        parameters, weights, context = multi_head(query, values, mask, units)
    else:
        parameters, scores = scores_of(score, query, values, last, units)
        weights = torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=1)
        context = torch.bmm(weights.unsqueeze(1), values).squeeze(1)
    coefficients = torch.randn(context.shape)
    (context * coefficients).sum().backward()
    prefix = "" if score == "multiHead" else "score."
    return {
        "score": score,
        "units": units,
        "query": stored(query),
        "values": stored(values),
        "mask": mask.int().tolist(),
        "last": stored(last),
        "parameters": {prefix + name: stored(value) for name, value in parameters.items()},
        "weights": stored(weights),
        "context": stored(context),
        "coefficients": stored(coefficients),
        "queryGradient": stored(query.grad),
        "valuesGradient": stored(values.grad),
        **({"lastGradient": stored(last.grad)} if last.grad is not None else {}),
    }


def sparsemax(z):
    """Martins and Astudillo 2016, algorithm 1, for one row."""
    ordered = z.sort(descending=True).values
    sums = ordered.cumsum(0)
    k = max(k for k in range(1, len(z) + 1) if 1 + k * ordered[k - 1] > sums[k - 1])
    return torch.relu(z - (sums[k - 1] - 1) / k)


def monotonic(choose, last):
    """Raffel et al. 2017, section 2.3: alpha_j = p_j sum_k last_k prod_{l = k}^{j - 1} (1 - p_l), for one row."""
    weights = []
    for j in range(len(choose)):
        terms = [last[k] * torch.prod(1 - choose[k:j]) for k in range(j + 1)]
        weights.append(choose[j] * torch.stack(terms).sum())
    return torch.stack(weights)


def normalizer(kind):
    """One step over masked scores, in double precision; those that depend on the last weights are given them."""
    torch.manual_seed({"sparsemax": 50, "smoothing": 51, "monotonic": 52}[kind])
    batch, places = 3, 7
    scores = (1.5 * torch.randn(batch, places, dtype=torch.float64)).requires_grad_()
    lengths = [7, 1, 5]
    last = torch.zeros(batch, places, dtype=torch.float64)
    for b, length in enumerate(lengths):
        last[b, :length] = torch.softmax(torch.randn(length, dtype=torch.float64), 0)
    last.requires_grad_()
    offset = 0.25
    rows = []
    for b, length in enumerate(lengths):
        z = scores[b, :length]
        row = {
            "sparsemax": lambda: sparsemax(z),
            "smoothing": lambda: torch.sigmoid(z) / torch.sigmoid(z).sum(),
            "monotonic": lambda: monotonic(torch.sigmoid(z + offset), last[b, :length]),
        }[kind]()
        rows.append(torch.cat([row, torch.zeros(places - length, dtype=torch.float64)]))
    weights = torch.stack(rows)
    coefficients = torch.randn(batch, places, dtype=torch.float64)
    (weights * coefficients).sum().backward()
    return {
        "kind": kind,
        "scores": stored(scores),
        "lengths": lengths,
        "last": stored(last),
        "parameters": {"offset": {"shape": [1], "values": [offset]}} if kind == "monotonic" else {},
        "weights": stored(weights),
        "coefficients": stored(coefficients),
        "scoresGradient": stored(scores.grad),
        **({"lastGradient": stored(last.grad)} if last.grad is not None else {}),
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


def zoneout(kind):
    """What is expected of zoneout (Krueger et al. 2017), around PyTorch's own cells."""
    torch.manual_seed(9 if kind == "gru" else 10)
    cell = {"gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}[kind](INPUT, UNITS)
    rates = {"hidden": 0.2, "cell": 0.4} if kind == "lstm" else {"hidden": 0.3}
    inputs, first = drawn(TIME, BATCH, INPUT), torch.randn(BATCH, UNITS)

    def mixed(new, old, rate):
        return (1 - rate) * new + rate * old

    h, c = first, torch.zeros(BATCH, UNITS)
    outputs = []
    for x in inputs:
        if kind == "gru":
            h = mixed(cell(x, h), h, rates["hidden"])
        else:
            new_h, new_c = cell(x, (h, c))
            h, c = mixed(new_h, h, rates["hidden"]), mixed(new_c, c, rates["cell"])
        outputs.append(h)
    outputs = torch.stack(outputs)
    coefficients = torch.randn(TIME, BATCH, UNITS)
    (outputs * coefficients).sum().backward()

    order = [1, 0, 2] if kind == "gru" else [0, 1, 3, 2]
    of = {name: reordered(value.detach(), order) for name, value in cell.named_parameters()}
    parameters = {"input.kernel": of["weight_ih"].T, "recurrent_kernel": of["weight_hh"].T}
    if kind == "gru":
        parameters |= {"input.bias": of["bias_ih"], "recurrent_bias": of["bias_hh"]}
    else:
        bias = of["bias_ih"] + of["bias_hh"]
        bias[UNITS : 2 * UNITS] -= 1
        parameters["input.bias"] = bias
    return {
        "name": f"{kind} with zoneout",
        "kind": kind,
        "options": {"zoneout": rates},
        "inputs": stored(inputs),
        "first": stored(first),
        "parameters": {f"cell.{key}": stored(value) for key, value in parameters.items()},
        "outputs": stored(outputs),
        "coefficients": stored(coefficients),
        "inputGradient": stored(inputs.grad),
    }


golden = {
    "encoders": [encoder("gru"), encoder("lstm")],
    "layerNorm": layer_norm(),
    "cells": [
        *(cell(name) for name in ("reset-before-gru", "layer-norm-gru", "layer-norm-lstm")),
        *(zoneout(kind) for kind in ("gru", "lstm")),
    ],
    "attention": [attention(score) for score in SCORES],
    "normalizers": [normalizer(kind) for kind in ("sparsemax", "smoothing", "monotonic")],
}
print(json.dumps(golden, separators=(",", ":")))
