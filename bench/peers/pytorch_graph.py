"""The networks of lib/graphs.mjs in PyTorch: channels_last, evaluation or a step of SGD. Windows that don't fit are padded
evenly here, one pixel otherwise than ours: the same work, other numbers, so outputs aren't compared."""

import time

import torch
from torch import nn

ACTIVATIONS = {
    "relu": nn.functional.relu,
    "relu6": nn.functional.relu6,
    "swish": nn.functional.silu,
    "sigmoid": torch.sigmoid,
    None: lambda x: x,
}


class Graph(nn.Module):
    """Nodes in order; a convolution is followed by its batch normalisation."""

    def __init__(self, nodes):
        super().__init__()
        self.nodes, self.stages = nodes, nn.ModuleList()
        channels = []
        for node in nodes:
            before = 3 if node["from"][0] < 0 else channels[node["from"][0]]
            after, stage = before, nn.Identity()
            kernel, strides = node.get("kernel"), node.get("strides")
            if node["type"] in ("conv", "depthwise"):
                groups = before if node["type"] == "depthwise" else 1
                after = node.get("filters", before)
                convolution = nn.Conv2d(before, after, kernel, strides, kernel // 2, groups=groups, bias=False)
                stage = nn.Sequential(convolution, nn.BatchNorm2d(after))
            elif node["type"] == "maxPool":
                stage = nn.MaxPool2d(kernel, strides, (kernel - 1) // 2)
            elif node["type"] == "dense":
                after = node["units"]
                stage = nn.Linear(before, after)
            channels.append(after)
            self.stages.append(stage)

    def forward(self, image):
        made = []
        for node, stage in zip(self.nodes, self.stages):
            inputs = [image if i < 0 else made[i] for i in node["from"]]
            if node["type"] == "add":
                y = inputs[0] + inputs[1]
            elif node["type"] == "multiply":
                y = inputs[0] * inputs[1]
            elif node["type"] == "squeeze":
                y = inputs[0].mean((2, 3), keepdim=True)
            elif node["type"] == "globalAverage":
                y = inputs[0].mean((2, 3))
            else:
                y = stage(inputs[0])
            made.append(ACTIVATIONS[node.get("activation")](y))
        return made[-1]


graphs = {}


def graph(request):
    """A network under an id; all nodes before `trained` are frozen. trained None: predictions."""
    model = Graph(request["graph"]["nodes"]).to(memory_format=torch.channels_last)
    trained, batch, image = request["trained"], request["batch"], request["graph"]["image"]
    x = torch.rand(batch, 3, image, image).mul_(2).sub_(1).contiguous(memory_format=torch.channels_last)
    labels = torch.arange(batch) % request["graph"]["classes"]
    optimizer = None
    model.eval()
    if trained is not None:
        model.stages[:trained].requires_grad_(False)
        model.stages[trained:].train()
        optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.01)
    graphs[request["id"]] = (model, optimizer, x, labels)
    return {}


def graph_turn(request):
    """Milliseconds of one batch."""
    model, optimizer, x, labels = graphs[request["id"]]
    begin = time.perf_counter()
    if optimizer is None:
        with torch.inference_mode():
            model(x).softmax(1)
    else:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        loss.item()
    return {"ms": (time.perf_counter() - begin) * 1000}


def drop_graph(request):
    graphs.pop(request["id"], None)
    return {}
