"""One step of attention, as heed's mechanisms take it: score, window, normalizer, context. The batch comes first."""

import torch
from torch import nn
from torch.nn import functional as F


class Additive(nn.Module):
    """v . tanh(W query + U values + b + history) (Bahdanau et al. 2015, A.1.2)"""

    def __init__(self, options, weights):
        super().__init__()
        units = options["units"]
        self.query = nn.Linear(options["queryWidth"], units, bias=False)
        self.keys = nn.Linear(options["valueWidth"], units)
        weights.linear(self.query, "score.query")
        weights.linear(self.keys, "score.keys")
        self.v = weights.take("score.v")[:, 0]
        if options["score"] == "normalizedAdditive":
            self.v = weights.take("score.gain") * self.v / self.v.norm()

    def project(self, values):
        return self.keys(values)

    def forward(self, query, keys, state):
        inner = keys + self.query(query)[:, None]
        return self.with_history(inner, state).tanh_() @ self.v

    def with_history(self, inner, state):
        return inner


class Location(Additive):
    """Chorowski et al. 2015, equations 8 and 9"""

    def __init__(self, options, weights):
        super().__init__(options, weights)
        self.filters = weights.take("score.filters").T[:, None].contiguous()
        self.location = weights.take("score.location")

    def with_history(self, inner, state):
        seen = F.conv1d(state["weights"][:, None], self.filters, padding="same")
        return inner.add_(seen.transpose(1, 2) @ self.location)


class Coverage(Additive):
    """See et al. 2017, equation 11"""

    def __init__(self, options, weights):
        super().__init__(options, weights)
        self.covered = weights.take("score.covered")

    def with_history(self, inner, state):
        return inner.addcmul_(state["coverage"][..., None], self.covered)


class Dot(nn.Module):
    """query . values, and scaled (Luong et al. 2015, 3.1; Vaswani et al. 2017, 3.2.1)"""

    def __init__(self, options, weights):
        super().__init__()
        self.scale = options["queryWidth"] ** -0.5 if options["score"] == "scaledDot" else 1

    def project(self, values):
        return values

    def forward(self, query, keys, state):
        return torch.bmm(keys, (query * self.scale)[..., None])[..., 0]


class General(Dot):
    """query . W values (Luong et al. 2015, 3.1)"""

    def __init__(self, options, weights):
        super().__init__(options, weights)
        self.keys = nn.Linear(options["valueWidth"], options["queryWidth"], bias=False)
        weights.linear(self.keys, "score.keys")

    def project(self, values):
        return self.keys(values)


SCORES = {
    "additive": Additive,
    "normalizedAdditive": Additive,
    "concat": Additive,
    "location": Location,
    "coverage": Coverage,
    "dot": Dot,
    "scaledDot": Dot,
    "general": General,
}


class Window(nn.Module):
    """Chorowski et al. 2015, 2.3: around the last weights; Luong et al. 2015, 3.2: local-m, local-p"""

    def __init__(self, options, weights):
        super().__init__()
        self.kind, self.reach = options["window"]["kind"], options["window"]["reach"]
        self.center = options["window"].get("center")
        if self.kind == "local-p":
            self.inner = nn.Linear(options["queryWidth"], options["units"], bias=False)
            self.v = nn.Linear(options["units"], 1, bias=False)
            weights.linear(self.inner, "window.inner")
            weights.linear(self.v, "window.v")

    def forward(self, query, mask, state):
        """-> the narrowed mask, and what the weights are multiplied by"""
        places = torch.arange(mask.shape[1], dtype=torch.float32)
        middle = self.middle(query, places, mask, state)
        distance = places - middle
        near = (distance.abs() <= self.reach) & mask
        narrowed = torch.where(near.any(1, keepdim=True), near, mask)
        if self.kind != "local-p":
            return narrowed, None
        return narrowed, torch.exp(-0.5 * (distance / (self.reach / 2)) ** 2)

    def middle(self, query, places, mask, state):
        """[B, 1]"""
        if self.kind == "local-m":
            return state["steps"]
        if self.kind == "local-p":
            length = (mask * (places + 1)).amax(1, keepdim=True)
            return length * torch.sigmoid(self.v(torch.tanh(self.inner(query))))
        weights = state["weights"]
        if self.center == "expected":
            return (weights @ places)[:, None]
        before = weights.cumsum(1) < weights.sum(1, keepdim=True) / 2
        return before.float().sum(1, keepdim=True)


def softmax(scores, mask):
    return torch.softmax(scores.masked_fill(~mask, -torch.inf), 1)


def smoothing(scores, mask):
    opened = torch.sigmoid(scores) * mask
    return opened / opened.sum(1, keepdim=True)


def sparsemax(scores, mask):
    """Martins and Astudillo 2016, algorithm 1"""
    scores = scores.masked_fill(~mask, -1e30)
    scores = scores - scores.amax(1, keepdim=True)
    ordered = scores.sort(1, descending=True).values
    counts = torch.arange(1, scores.shape[1] + 1)
    support = (1 + counts * ordered > ordered.cumsum(1)).float()
    threshold = ((ordered * support).sum(1, keepdim=True) - 1) / support.sum(1, keepdim=True)
    return torch.relu(scores - threshold)


NORMALIZERS = {"softmax": softmax, "smoothing": smoothing, "sparsemax": sparsemax}


def monotonic(energy, mask, before):
    """What is expected of it, as in training (Raffel et al. 2017, equation 9), by doubling: it divides by nothing."""
    choose = torch.sigmoid(energy) * mask
    factor, reached = F.pad(1 - choose, (1, -1)), before
    by = 1
    while by < energy.shape[1]:
        reached = torch.cat([reached[:, :by], torch.addcmul(reached[:, by:], factor[:, by:], reached[:, :-by])], 1)
        factor = F.pad(factor[:, by:] * factor[:, :-by], (by, 0))
        by *= 2
    return choose * reached


def hard_monotonic(energy, mask, before):
    """-> weights, and what the next step takes for them (Raffel et al. 2017, algorithm 1)"""
    stops = ((energy > 0) & (mask * before.cumsum(1) > 0.5)).float()
    weights = stops * (stops.cumsum(1) == 1)
    return weights, weights + (1 - weights.sum(1, keepdim=True)) * before


class Attention(nn.Module):
    def __init__(self, options, decoding, weights):
        super().__init__()
        self.normalizer = options.get("normalizer", "softmax")
        self.decoding = decoding
        self.score = SCORES[options["score"]](options, weights)
        self.window = Window(options, weights) if "window" in options else None
        if self.normalizer == "monotonic":
            self.offset = weights.take("normalizer.offset")
        weights.finish()

    def memory(self, values):
        return values, self.score.project(values)

    def forward(self, query, memory, mask, state):
        """query [B, Q], mask [B, S] bool -> context [B, V], weights [B, S], and the next state"""
        values, keys = memory
        scores = self.score(query, keys, state)
        factor = None
        if self.window:
            mask, factor = self.window(query, mask, state)
        weights, remembered = self.normalize(scores, mask, state)
        if factor is not None:
            weights = weights * factor
        return torch.bmm(weights[:, None], values)[:, 0], weights, self.next(state, weights, remembered)

    def normalize(self, scores, mask, state):
        if self.normalizer != "monotonic":
            return NORMALIZERS[self.normalizer](scores, mask), None
        energy = scores + self.offset
        if self.decoding:
            return hard_monotonic(energy, mask, state["weights"])
        return monotonic(energy, mask, state["weights"]), None

    def next(self, state, weights, remembered):
        uses_state = (
            isinstance(self.score, (Location, Coverage))
            or (self.window and self.window.kind != "local-p")
            or self.normalizer == "monotonic"
        )
        if not uses_state:
            return None
        last = weights if remembered is None else remembered
        return last, state["coverage"] + last, state["steps"] + 1


class MultiHead(nn.Module):
    """Vaswani et al. 2017, 3.2.2, the heads of keys and values apart from the start: [B, heads, S, ·]"""

    def __init__(self, options, decoding, weights):
        super().__init__()
        units, self.heads = options["units"], options["heads"]
        widths = {"query": options["queryWidth"], "keys": options["valueWidth"], "values": options["valueWidth"]}
        for name, width in {**widths, "output": units}.items():
            layer = nn.Linear(width, units)
            weights.linear(layer, name)
            setattr(self, name, layer)
        self.scale = (units // self.heads) ** -0.5
        weights.finish()

    def apart(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2).contiguous()

    def memory(self, values):
        return self.apart(self.values(values)), self.apart(self.keys(values))

    def forward(self, query, memory, mask, state):
        values, keys = memory
        queries = self.query(query).mul_(self.scale).unflatten(-1, (self.heads, 1, -1))
        scores = (queries @ keys.transpose(2, 3)).masked_fill_(~mask[:, None, None], -torch.inf)
        weights = torch.softmax(scores, -1)
        context = self.output((weights @ values).flatten(1))
        return context, weights[:, :, 0].mean(1), None


class AttentionStep:
    """As many equal calls as the longest memory has times the batch's places; the value is the compared contexts."""

    def __init__(self, request, weights):
        mechanism = MultiHead if request["options"]["score"] == "multiHead" else Attention
        self.attend = mechanism(request["options"], request["decoding"], weights).eval()
        self.longest = max(request["places"])
        self.steps = request["steps"]
        self.compared_after = request["comparedAfter"]

    @torch.inference_mode()
    def __call__(self, batch):
        if "value" not in batch:
            batch["memory"] = self.attend.memory(batch["values"])
            batch["mask"] = batch["valid"].bool()
            batch["value"] = self.call(batch, self.compared_after)[0].flatten().tolist()
        for _ in range(self.longest // batch["mask"].shape[1]):
            self.call(batch, self.steps)
        return batch["value"]

    def call(self, batch, steps):
        query, state = batch["query"], batch
        for _ in range(steps):
            query, weights, last = self.attend(query, batch["memory"], batch["mask"], state)
            state = last and dict(zip(("weights", "coverage", "steps"), last))
        return query, weights, state
