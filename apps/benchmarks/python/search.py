"""Greedy and beam search for a whole batch. The model never ends a sentence, so that every step is taken."""

import torch


def greedy(model, source, begin, forbidden, steps):
    """-> tokens and log-probability of each sentence's translation"""
    memory, keys, hidden = model.encode(source)
    tokens = torch.full((source.shape[1],), begin)
    scores = torch.zeros(source.shape[1])
    chosen = []
    for _ in range(steps):
        logits, hidden = model.step(tokens, hidden, memory, keys)
        normalizer = logits.logsumexp(-1)
        logits[:, forbidden] = -torch.inf
        values, tokens = logits.max(-1)
        scores += values - normalizer
        chosen.append(tokens)
    words = torch.stack(chosen, 1).tolist()
    return [{"tokens": tokens, "score": score} for tokens, score in zip(words, scores.tolist())]


def beam(model, source, begin, forbidden, steps, size):
    """-> log-probability of each sentence's best translation. The beams of a sentence share its memory."""
    memory, keys, hidden = model.encode(source)
    sentences = source.shape[1]
    hidden = hidden.repeat_interleave(size, 0)
    tokens = torch.full((sentences * size,), begin)
    sequences = torch.empty(sentences * size, 0, dtype=torch.long)
    # At first the beams of a sentence are all the same: only one of them counts.
    scores = torch.tensor([0.0] + [-torch.inf] * (size - 1)).repeat(sentences, 1)
    first = torch.arange(sentences)[:, None] * size
    for _ in range(steps):
        logits, hidden = model.step(tokens, hidden, memory, keys)
        normalizer = logits.logsumexp(-1, keepdim=True)
        logits[:, forbidden] = -torch.inf
        values, words = logits.topk(size, -1)
        candidates = (scores.view(-1, 1) + values - normalizer).view(sentences, size * size)
        scores, best = candidates.topk(size, -1)
        parents = (first + best // size).flatten()
        tokens = words.view(sentences, size * size).gather(1, best).flatten()
        hidden = hidden[parents]
        sequences = torch.cat([sequences[parents], tokens[:, None]], 1)
    return [{"score": score} for score in scores[:, 0].tolist()]
