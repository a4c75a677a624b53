"""Golden values of PyTorch for the optimizers and for the clipping of gradients.

    python3 -m venv venv && venv/bin/pip install torch==1.13.1 'numpy<2'
    venv/bin/python make_golden.py > optimizers.json

Every optimizer makes the same six steps, each with its own learning rate, on two parameters. Among the gradients are
zeros, and some so small that it shows where epsilon is added.
"""

import json

import torch

SHAPES = {"kernel": [2, 3], "bias": [4]}
LEARNING_RATES = [0.0, 0.02, 0.05, 0.05, 0.03, 0.001]
OPTIMIZERS = {
    "adam": (
        {"kind": "adam", "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-4},
        lambda p: torch.optim.Adam(p, betas=(0.9, 0.98), eps=1e-4),
    ),
    "adadelta": (
        {"kind": "adadelta", "rho": 0.95, "epsilon": 1e-6},
        lambda p: torch.optim.Adadelta(p, rho=0.95, eps=1e-6),
    ),
    "sgd": ({"kind": "sgd", "momentum": 0}, lambda p: torch.optim.SGD(p, lr=1.0)),
    "sgd with momentum": (
        {"kind": "sgd", "momentum": 0.9},
        lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9),
    ),
}


def flat(tensor):
    return [float("%.9g" % x) for x in tensor.detach().flatten().tolist()]


def named(tensors):
    return {name: flat(tensor) for name, tensor in zip(SHAPES, tensors)}


def make_gradients(generator):
    steps = []
    for _ in LEARNING_RATES:
        gradients = [torch.randn(shape, generator=generator) for shape in SHAPES.values()]
        gradients[0][0] *= 1e-5
        gradients[1][0] = 0
        steps.append(gradients)
    return steps


def run(make, start, gradients):
    parameters = [torch.nn.Parameter(tensor.clone()) for tensor in start]
    optimizer = make(parameters)
    after = []
    for rate, step in zip(LEARNING_RATES, gradients):
        optimizer.param_groups[0]["lr"] = rate
        for parameter, gradient in zip(parameters, step):
            parameter.grad = gradient.clone()
        optimizer.step()
        after.append(named(parameters))
    return after


def clip(gradients, limit):
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, limit)
    return {"limit": limit, "norm": flat(norm)[0], "clipped": named([p.grad for p in parameters])}


generator = torch.Generator().manual_seed(7)
start = [torch.randn(shape, generator=generator) for shape in SHAPES.values()]
gradients = make_gradients(generator)
golden = {
    "shapes": SHAPES,
    "learningRates": LEARNING_RATES,
    "start": named(start),
    "gradients": [named(step) for step in gradients],
    "optimizers": [
        {"name": name, "options": options, "after": run(make, start, gradients)}
        for name, (options, make) in OPTIMIZERS.items()
    ],
    "clipping": [clip(gradients[0], limit) for limit in (0.5, 5.0, 100.0)],
}
print(json.dumps(golden, indent=1))
