"""Stacked LSTM encoder and location-aware decoder (Chorowski et al. 2015), as heed's SpeechModel is. Time comes first."""

import torch
from torch import nn
from torch.nn import functional as F


class SpeechModel(nn.Module):
    def __init__(self, sizes, weights):
        super().__init__()
        features, units, layers = sizes["features"], sizes["units"], sizes["layers"]
        vocabulary, embedding, attention = sizes["vocabulary"], sizes["embedding"], sizes["attention"]
        filters, width = sizes["filters"], sizes["filterWidth"]
        self.scale = embedding**0.5
        self.encoder = nn.LSTM(features, units, layers)
        self.target = nn.Embedding(vocabulary, embedding)
        self.bridge = nn.Linear(units, units)
        self.keys = nn.Linear(units, attention)
        self.query = nn.Linear(units, attention, bias=False)
        self.filters = nn.Conv1d(1, filters, width, padding=width // 2, bias=False)
        self.location = nn.Linear(filters, attention, bias=False)
        self.v = nn.Linear(attention, 1, bias=False)
        self.cell = nn.LSTMCell(embedding + units, units)
        self.maxout = nn.Linear(units + embedding + units, 2 * embedding)
        self.output = nn.Linear(embedding, vocabulary)

        for layer in range(layers):
            weights.lstm(self.encoder, f"encoder.layer_{layer}.forward.cell", f"_l{layer}")
        weights.embedding(self.target, "embedding")
        weights.linear(self.bridge, "decoder.bridge")
        weights.linear(self.keys, "decoder.attention.score.keys")
        weights.linear(self.query, "decoder.attention.score.query")
        with torch.no_grad():
            self.filters.weight.copy_(weights.take("decoder.attention.score.filters").T[:, None])
            self.location.weight.copy_(weights.take("decoder.attention.score.location").T)
            self.v.weight.copy_(weights.take("decoder.attention.score.v").T)
        weights.lstm(self.cell, "decoder.cell", context="decoder.context")
        weights.linear(self.maxout, "decoder.output")
        weights.linear(self.output, "output")
        weights.finish()

    def attend(self, hidden, memory, keys, last):
        """hidden [B, U], last [B, S]: where the step before looked -> context [B, U], weights [B, S]"""
        seen = self.location(self.filters(last[:, None]).transpose(1, 2))
        scores = self.v(torch.tanh(keys + seen + self.query(hidden)[:, None]))[..., 0]
        weights = torch.softmax(scores, -1)
        return torch.bmm(weights[:, None], memory)[:, 0], weights

    def loss(self, batch):
        frames = batch["frames"]
        outputs, (final, _) = self.encoder(frames)
        memory = outputs.transpose(0, 1).contiguous()
        keys = self.keys(memory)
        hidden = torch.tanh(self.bridge(final[-1]))
        cell = torch.zeros_like(hidden)
        weights = memory.new_full(memory.shape[:2], 1 / len(frames))
        embedded = self.target(batch["inputs"]) * self.scale
        states, contexts = [], []
        for token in embedded:
            context, weights = self.attend(hidden, memory, keys, weights)
            states.append(hidden)
            contexts.append(context)
            hidden, cell = self.cell(torch.cat([token, context], -1), (hidden, cell))
        read = torch.cat([torch.stack(states), embedded, torch.stack(contexts)], -1)
        first, second = self.maxout(read).chunk(2, -1)
        logits = self.output(torch.maximum(first, second))
        return F.cross_entropy(logits.flatten(0, 1).float(), batch["targets"].flatten())
