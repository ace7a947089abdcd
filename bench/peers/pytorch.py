"""PyTorch, 1 or 2, asked over lines of JSON: one request a line on stdin, one answer a line on stdout.

It lives as long as the benchmark, so that its steps alternate with ours. OMP_NUM_THREADS is set by who starts it.
Started with the number of threads and a way: default, as it comes; tuned, channels_last and foreach; compiled, that and
torch.compile, which needs a C++ compiler. Requests are told apart by "do": see the functions of these names.
"""

import sys
import time

import numpy
import torch
from pytorch_graph import drop_graph, graph, graph_turn
from serve import max_rss_mb, read_pixels, serve
from torch import nn

THREADS, WAY = int(sys.argv[1]), sys.argv[2]
TUNED = WAY != "default"

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
    pixels, classes = read_pixels(images, labels, size)
    x = torch.from_numpy(pixels).unsqueeze(1)
    return (in_layout(x), torch.from_numpy(classes).long())


def in_layout(x):
    """A model or images, with channels innermost where that is faster."""
    if not TUNED:
        return x
    if isinstance(x, nn.Module):
        return x.to(memory_format=torch.channels_last)
    return x.contiguous(memory_format=torch.channels_last)


def freeze(model, count):
    for layer in model[:count]:
        for parameter in layer.parameters():
            parameter.requires_grad_(False)


class Trainer:
    """One training step after another, each epoch in a new order."""

    def __init__(self, model, x, labels, batch):
        self.x, self.labels, self.batch = x, labels, batch
        trained = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adadelta(trained, **ADADELTA, **({"foreach": True} if TUNED else {}))
        self.loss = nn.CrossEntropyLoss()
        self.model = torch.compile(model) if WAY == "compiled" else model
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
    model = in_layout(model)
    if request["phase"] != "full":
        freeze(model, network["frozen"])
    if request["phase"] == "cached":
        with torch.no_grad():
            x = torch.cat([model[: network["prefix"]](part) for part in x.split(256)])
        model = model[network["prefix"] :]
    trainers[request["id"]] = Trainer(model, x, labels, request["batch"])
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
    model = in_layout(model).eval()
    models[request["id"]] = (torch.compile(model) if WAY == "compiled" else model, x)
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
    network, batch = request["network"], request["batch"]
    model = build(network)
    for layer in model:
        if hasattr(layer, "weight"):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    model = in_layout(model)
    phases = []
    for half in request["halves"]:
        phase_begin = time.perf_counter()
        x, labels = read_samples(*half["train"], network["image"])
        test_x, test_labels = read_samples(*half["test"], network["image"])
        trainer = Trainer(model, x, labels, batch)
        history = []
        for _ in range(request["epochs"]):
            for _ in range(0, len(x), batch):
                trainer.step()
            history.append(test(model, test_x, test_labels, batch)[1])
        phases.append({"seconds": time.perf_counter() - phase_begin, "val_accuracy": history})
        freeze(model, network["frozen"])
    return {"phases": phases, "rss_mb": max_rss_mb()}


if __name__ == "__main__":
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    graphs = {"graph": graph, "graphTurn": graph_turn, "dropGraph": drop_graph}
    serve(
        {"make": make, "steps": steps, "drop": drop, "load": load, "predict": predict, "job": job, **graphs},
        {"version": torch.__version__, "threads": torch.get_num_threads()},
    )
