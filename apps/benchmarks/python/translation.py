"""Encoder-decoder with additive attention (Bahdanau et al. 2015), as heed's TranslationModel is. Time comes first."""

import torch
from torch import nn
from torch.nn import functional as F


class TranslationModel(nn.Module):
    def __init__(self, sizes, weights):
        super().__init__()
        vocabulary, embedding, attention = sizes["vocabulary"], sizes["embedding"], sizes["attention"]
        encoder, decoder = sizes["encoderUnits"], sizes["decoderUnits"]
        self.scale = embedding**0.5
        self.source = nn.Embedding(vocabulary, embedding)
        self.target = nn.Embedding(vocabulary, embedding)
        self.encoder = nn.GRU(embedding, encoder, bidirectional=True)
        self.bridge = nn.Linear(encoder, decoder)
        self.keys = nn.Linear(2 * encoder, attention)
        self.query = nn.Linear(decoder, attention, bias=False)
        self.v = nn.Linear(attention, 1, bias=False)
        self.cell = nn.GRUCell(embedding + 2 * encoder, decoder)
        self.maxout = nn.Linear(decoder + embedding + 2 * encoder, 2 * embedding)
        self.output = nn.Linear(embedding, vocabulary)

        weights.embedding(self.source, "embedding")
        weights.embedding(self.target, "target_embedding")
        weights.gru(self.encoder, "encoder.layer_0.forward.cell", "_l0")
        weights.gru(self.encoder, "encoder.layer_0.backward.cell", "_l0_reverse")
        weights.linear(self.bridge, "decoder.bridge")
        weights.linear(self.keys, "decoder.attention.score.keys")
        weights.linear(self.query, "decoder.attention.score.query")
        with torch.no_grad():
            self.v.weight.copy_(weights.take("decoder.attention.score.v").T)
        weights.gru(self.cell, "decoder.cell", context="decoder.context")
        weights.linear(self.maxout, "decoder.output")
        weights.linear(self.output, "output")
        weights.finish()

    def encode(self, source):
        """source [S, B] -> memory [B, S, V], keys [B, S, A], the decoder's first state [B, U]"""
        outputs, final = self.encoder(self.source(source) * self.scale)
        memory = outputs.transpose(0, 1).contiguous()
        return memory, self.keys(memory), torch.tanh(self.bridge(final[1]))

    def attend(self, hidden, memory, keys):
        """hidden [B * K, U]: K queries for each row of the memory -> context [B * K, V]"""
        rows, places, units = keys.shape
        query = self.query(hidden).view(rows, -1, 1, units)
        scores = self.v(torch.tanh(keys[:, None] + query))[..., 0]
        return torch.bmm(torch.softmax(scores, -1), memory).flatten(0, 1)

    def score(self, hidden, embedded, context):
        first, second = self.maxout(torch.cat([hidden, embedded, context], -1)).chunk(2, -1)
        return self.output(torch.maximum(first, second))

    def step(self, tokens, hidden, memory, keys):
        """One word on: logits [N, vocabulary] and the next state."""
        embedded = self.target(tokens) * self.scale
        context = self.attend(hidden, memory, keys)
        logits = self.score(hidden, embedded, context)
        return logits, self.cell(torch.cat([embedded, context], -1), hidden)

    def loss(self, batch):
        memory, keys, hidden = self.encode(batch["source"])
        embedded = self.target(batch["inputs"]) * self.scale
        states, contexts = [], []
        for word in embedded:
            context = self.attend(hidden, memory, keys)
            states.append(hidden)
            contexts.append(context)
            hidden = self.cell(torch.cat([word, context], -1), hidden)
        logits = self.score(torch.stack(states), embedded, torch.stack(contexts))
        return F.cross_entropy(logits.flatten(0, 1).float(), batch["targets"].flatten())
