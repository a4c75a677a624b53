"""PyTorch's side of a benchmark: one JSON request a line on standard input, one JSON answer on standard output."""

import json
import platform
import resource
import sys
import time
import traceback
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

import search
from attention import AttentionStep
from speech import SpeechModel
from translation import TranslationModel
from weights import Weights

BEGIN, FORBIDDEN = 2, [0, 1, 2]


class Training:
    def __init__(self, model, bf16):
        self.model = model
        self.bf16 = bf16
        self.parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-3, fused=True)

    def __call__(self, batch):
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            loss = self.model.loss(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0, foreach=True)
        self.optimizer.step()
        return loss.item()


class Decoding:
    def __init__(self, model, steps, beam):
        self.model = model
        self.steps = steps
        self.beam = beam

    @torch.inference_mode()
    def __call__(self, batch):
        if self.beam == 1:
            return search.greedy(self.model, batch["source"], BEGIN, FORBIDDEN, self.steps)
        return search.beam(self.model, batch["source"], BEGIN, FORBIDDEN, self.steps, self.beam)


def decoding(request, weights):
    sizes = request["sizes"]
    return Decoding(TranslationModel(sizes, weights).eval(), sizes["steps"], sizes["beam"])


WORKS = {
    "translation": lambda request, weights: Training(TranslationModel(request["sizes"], weights), request["bf16"]),
    "speech": lambda request, weights: Training(SpeechModel(request["sizes"], weights), request["bf16"]),
    "decoding": decoding,
    "attention": AttentionStep,
}


class Worker:
    def ready(self, request):
        torch.set_num_threads(request["threads"])
        self.folder = Path(request["folder"])
        weights = Weights(self.folder / "model.safetensors")
        self.work = WORKS[request["work"]](request, weights)
        self.batches = {}

    def run(self, name):
        batch = self.batch(name)
        start = time.perf_counter()
        value = self.work(batch)
        return {"seconds": time.perf_counter() - start, "value": value}

    def memory(self, _):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"bytes": peak if sys.platform == "darwin" else peak * 1024}

    def versions(self, _):
        return {"python": platform.python_version(), "torch": torch.__version__}

    def batch(self, name):
        if name not in self.batches:
            tensors = load_file(self.folder / f"{name}.safetensors")
            self.batches[name] = {
                key: tensor.long() if tensor.dtype == torch.int32 else tensor for key, tensor in tensors.items()
            }
        return self.batches[name]


def main():
    worker = Worker()
    for line in sys.stdin:
        [(verb, request)] = json.loads(line).items()
        try:
            answer = {verb: getattr(worker, verb)(request)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
