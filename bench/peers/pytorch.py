"""PyTorch, asked over lines of JSON: one request a line on stdin, one answer a line on stdout.

It lives as long as the benchmark, so that its steps alternate with ours. OMP_NUM_THREADS is set by who starts it.
Requests are told apart by "do": make, steps, predict, job; see the functions of these names.
"""

import json
import resource
import sys
import time

import numpy
import torch
from torch import nn

ADADELTA = {"lr": 1.0, "rho": 0.95, "eps": 1e-7}


def build(network):
    """The layers of lib/networks.mjs. The last one gives logits; the loss has the softmax."""
    layers = []
    channels, size = 1, network["image"]
    features = None
    for layer in network["layers"]:
        kind = layer["type"]
        if kind == "conv":
            layers.append(nn.Conv2d(channels, layer["filters"], 3))
            channels, size = layer["filters"], size - 2
        elif kind == "relu":
            layers.append(nn.ReLU())
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size //= 2
        elif kind == "dropout":
            layers.append(nn.Dropout(layer["rate"]))
        elif kind == "flatten":
            layers.append(nn.Flatten())
            features = channels * size * size
        else:
            layers.append(nn.Linear(features, layer["units"]))
            features = layer["units"]
    return nn.Sequential(*layers)


def load_weights(model, network, path):
    """Our order and layouts: kernels HWIO and [in, out], flattened images HWC; PyTorch's: OIHW, [out, in], CHW."""
    values = numpy.fromfile(path, dtype=numpy.float32)
    at = 0
    size, channels, flattened = network["image"], 1, None

    def take(*shape):
        nonlocal at
        count = int(numpy.prod(shape))
        at += count
        return torch.from_numpy(values[at - count : at].reshape(shape).copy())

    with torch.no_grad():
        for layer, spec in zip(model, network["layers"]):
            if spec["type"] == "conv":
                layer.weight.copy_(take(3, 3, channels, layer.out_channels).permute(3, 2, 0, 1))
                layer.bias.copy_(take(layer.out_channels))
                size, channels = size - 2, layer.out_channels
            elif spec["type"] == "pool":
                size //= 2
            elif spec["type"] == "flatten":
                flattened = (size, size, channels)
            elif spec["type"] == "dense":
                kernel = take(layer.in_features, layer.out_features)
                if flattened:
                    kernel = kernel.reshape(*flattened, -1).permute(2, 0, 1, 3).reshape(layer.in_features, -1)
                    flattened = None
                layer.weight.copy_(kernel.t())
                layer.bias.copy_(take(layer.out_features))
    assert at == values.size, f"{values.size} weights for a model of {at}"


def read_samples(images, labels, size):
    """Pixels in [0, 1] as [N, 1, H, W], and classes."""
    pixels = numpy.fromfile(images, dtype=numpy.uint8).reshape(-1, 1, size, size)
    classes = numpy.fromfile(labels, dtype=numpy.uint8)
    return torch.from_numpy(pixels).float().div_(255), torch.from_numpy(classes).long()


def freeze(model, count):
    for layer in model[:count]:
        for parameter in layer.parameters():
            parameter.requires_grad_(False)


class Trainer:
    """One training step after another, each epoch in a new order."""

    def __init__(self, model, x, labels, batch, tuned):
        self.model, self.x, self.labels, self.batch = model, x, labels, batch
        trained = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adadelta(trained, **ADADELTA, **({"foreach": True} if tuned else {}))
        self.loss = nn.CrossEntropyLoss()
        self.order, self.at = torch.randperm(len(x)), 0
        model.train()

    def step(self):
        if self.at >= len(self.x):
            self.order, self.at = torch.randperm(len(self.x)), 0
        chosen = self.order[self.at : self.at + self.batch]
        self.at += self.batch
        self.optimizer.zero_grad()
        logits = self.model(self.x[chosen])
        loss = self.loss(logits, self.labels[chosen])
        loss.backward()
        self.optimizer.step()
        # Running figures, as ours and Keras' have them.
        correct = (logits.argmax(1) == self.labels[chosen]).sum()
        return float(loss.detach()) * len(chosen), int(correct)


trainers = {}


def make(request):
    """A trainer under an id. phase: full; frozen; cached: the frozen features computed once, by hand."""
    network = request["network"]
    model = build(network)
    if request.get("weights"):
        load_weights(model, network, request["weights"])
    x, labels = read_samples(request["images"], request["labels"], network["image"])
    if request["tuned"]:
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    if request["phase"] != "full":
        freeze(model, network["frozen"])
    if request["phase"] == "cached":
        with torch.no_grad():
            x = torch.cat([model[: network["prefix"]](part) for part in x.split(256)])
        model = model[network["prefix"] :]
    trainers[request["id"]] = Trainer(model, x, labels, request["batch"], request["tuned"])
    return {}


def steps(request):
    """Milliseconds of one step, the mean of `count`."""
    trainer = trainers[request["id"]]
    begin = time.perf_counter()
    for _ in range(request["count"]):
        trainer.step()
    return {"ms": (time.perf_counter() - begin) * 1000 / request["count"]}


def drop(request):
    trainers.pop(request["id"], None)
    return {}


models = {}


def load(request):
    """A model for predictions, under an id."""
    network = request["network"]
    model = build(network)
    load_weights(model, network, request["weights"])
    x, _ = read_samples(request["images"], request["labels"], network["image"])
    if request["tuned"]:
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    models[request["id"]] = (model.eval(), x)
    return {}


def predict(request):
    """Milliseconds for all samples; the probabilities go to the file `output` if that is asked for."""
    model, x = models[request["id"]]
    begin = time.perf_counter()
    with torch.inference_mode():
        outputs = torch.cat([model(part).softmax(1) for part in x.split(request["batch"])])
    ms = (time.perf_counter() - begin) * 1000
    if request.get("output"):
        outputs.numpy().tofile(request["output"])
    return {"ms": ms}


def test(model, x, labels, batch):
    """Mean loss and accuracy, without dropout."""
    model.eval()
    loss, correct = 0.0, 0
    with torch.inference_mode():
        for part, classes in zip(x.split(batch), labels.split(batch)):
            logits = model(part)
            loss += float(nn.functional.cross_entropy(logits, classes, reduction="sum"))
            correct += int((logits.argmax(1) == classes).sum())
    model.train()
    return loss / len(x), correct / len(x)


def job(request):
    """The whole experiment: train all on one half, freeze, train the rest on the other; a test after each epoch."""
    network, batch, tuned = request["network"], request["batch"], request["tuned"]
    model = build(network)
    for layer in model:
        if hasattr(layer, "weight"):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    if tuned:
        model = model.to(memory_format=torch.channels_last)
    begin = time.perf_counter()
    phases = []
    for half in request["halves"]:
        phase_begin = time.perf_counter()
        x, labels = read_samples(*half["train"], network["image"])
        test_x, test_labels = read_samples(*half["test"], network["image"])
        if tuned:
            x = x.contiguous(memory_format=torch.channels_last)
            test_x = test_x.contiguous(memory_format=torch.channels_last)
        trainer = Trainer(model, x, labels, batch, tuned)
        history = []
        for _ in range(request["epochs"]):
            for _ in range(0, len(x), batch):
                trainer.step()
            history.append(test(model, test_x, test_labels, batch)[1])
        phases.append({"seconds": time.perf_counter() - phase_begin, "val_accuracy": history})
        freeze(model, network["frozen"])
    return {"seconds": time.perf_counter() - begin, "phases": phases, "rss_mb": max_rss_mb()}


def max_rss_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    answers = {"make": make, "steps": steps, "drop": drop, "load": load, "predict": predict, "job": job}
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answers[request["do"]](request)
        except Exception as error:  # whatever it is, the benchmark reports it and goes on without PyTorch
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
