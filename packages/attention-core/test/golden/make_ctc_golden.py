"""Losses and gradients of PyTorch's CTC: ctc.json.

    python3 -m venv venv && venv/bin/pip install torch==2.9.1
    venv/bin/python make_ctc_golden.py > ctc.json
"""

import json

import torch

TIME, BATCH, VOCABULARY, BLANK = 9, 5, 6, 0
FRAMES = [9, 6, 8, 3, 2]
TARGETS = [[1, 2, 3, 2], [4, 4], [5], [3, 3], [1, 1]]

torch.manual_seed(4)
logits = (2 * torch.randn(TIME, BATCH, VOCABULARY)).requires_grad_()
losses = torch.nn.functional.ctc_loss(
    logits.log_softmax(2),
    torch.tensor([token for row in TARGETS for token in row]),
    torch.tensor(FRAMES),
    torch.tensor([len(row) for row in TARGETS]),
    blank=BLANK,
    reduction="none",
    zero_infinity=True,
)
coefficients = torch.tensor([1.0, -0.5, 2.0, 1.5, 1.0])
(losses * coefficients).sum().backward()


def flat(tensor):
    return [float("%.8g" % x) for x in tensor.detach().flatten().tolist()]


print(
    json.dumps(
        {
            "shape": [TIME, BATCH, VOCABULARY],
            "frames": FRAMES,
            "targets": TARGETS,
            "logits": flat(logits),
            "losses": flat(losses),
            "coefficients": flat(coefficients),
            "gradient": flat(logits.grad),
        }
    )
)
