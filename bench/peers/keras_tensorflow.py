"""Keras 3 on TensorFlow, the notebook's own stack, asked over lines of JSON as pytorch.py is.

Started with the number of threads and a way: default, as it comes (on a CPU without XLA), or compiled, jit_compile=True.
A step is train_on_batch of samples in memory, its metrics read at the end of a turn as fit reads them at the end of an epoch;
the whole job is fit, as in the notebook.
"""

import os
import sys
import time

THREADS, WAY = int(sys.argv[1]), sys.argv[2]
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import numpy  # noqa: E402
import tensorflow  # noqa: E402
from serve import max_rss_mb, read_pixels, serve  # noqa: E402

JIT = WAY == "compiled"


def build(network):
    """The layers of lib/networks.mjs, and the softmax."""
    layers = [keras.Input((network["image"], network["image"], 1))]
    for layer in network["layers"]:
        kind = layer["type"]
        if kind == "conv":
            layers.append(keras.layers.Conv2D(layer["filters"], 3))
        elif kind == "relu":
            layers.append(keras.layers.Activation("relu"))
        elif kind == "pool":
            layers.append(keras.layers.MaxPooling2D(2))
        elif kind == "dropout":
            layers.append(keras.layers.Dropout(layer["rate"]))
        elif kind == "flatten":
            layers.append(keras.layers.Flatten())
        else:
            layers.append(keras.layers.Dense(layer["units"]))
    layers.append(keras.layers.Activation("softmax"))
    return keras.Sequential(layers)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adadelta(learning_rate=1.0, rho=0.95, epsilon=1e-7),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        # "auto" is no XLA where there are only CPUs.
        jit_compile=True if JIT else "auto",
    )


def load_weights(model, path):
    """Our order and layouts are Keras' own."""
    values = numpy.fromfile(path, dtype=numpy.float32)
    weights, at = [], 0
    for old in model.get_weights():
        weights.append(values[at : at + old.size].reshape(old.shape))
        at += old.size
    assert at == values.size, f"{values.size} weights for a model of {at}"
    model.set_weights(weights)


def read_samples(images, labels, size):
    x, classes = read_pixels(images, labels, size)
    return x[..., None], classes.astype(numpy.int32)


def freeze(model, count):
    for layer in model.layers[:count]:
        layer.trainable = False


trainers = {}


def make(request):
    """A model in training under an id. phase: full; frozen; cached: the frozen features computed once, by hand."""
    network = request["network"]
    model = build(network)
    load_weights(model, request["weights"])
    x, labels = read_samples(request["images"], request["labels"], network["image"])
    if request["phase"] != "full":
        freeze(model, network["frozen"])
    if request["phase"] == "cached":
        prefix = keras.Sequential(model.layers[: network["prefix"]])
        x = numpy.concatenate([numpy.asarray(prefix(x[i : i + 256])) for i in range(0, len(x), 256)])
        model = keras.Sequential([keras.Input(x.shape[1:]), *model.layers[network["prefix"] :]])
    compile_model(model)
    trainers[request["id"]] = (model, x, labels, request["batch"])
    return {}


def steps(request):
    """Milliseconds of one step, the mean of `count`: an epoch in a new order."""
    model, x, labels, batch = trainers[request["id"]]
    begin = time.perf_counter()
    order = numpy.random.permutation(len(x))
    for i in range(request["count"]):
        chosen = order[i * batch : (i + 1) * batch]
        model.train_on_batch(x[chosen], labels[chosen])
    return {"ms": (time.perf_counter() - begin) * 1000 / request["count"]}


def drop(request):
    trainers.pop(request["id"], None)
    return {}


models = {}


def load(request):
    """A model for predictions, under an id."""
    network = request["network"]
    model = build(network)
    load_weights(model, request["weights"])
    compile_model(model)
    models[request["id"]] = (model, read_samples(request["images"], request["labels"], network["image"])[0])
    return {}


def predict(request):
    """Milliseconds for all samples; the probabilities go to the file `output`."""
    model, x = models[request["id"]]
    begin = time.perf_counter()
    outputs = model.predict(x, batch_size=request["batch"], verbose=0)
    ms = (time.perf_counter() - begin) * 1000
    outputs.tofile(request["output"])
    return {"ms": ms}


def job(request):
    """The whole notebook: train all on one half, freeze, train the rest on the other; a test after each epoch."""
    network = request["network"]
    model = build(network)
    phases = []
    for half in request["halves"]:
        begin = time.perf_counter()
        x, labels = read_samples(*half["train"], network["image"])
        compile_model(model)
        history = model.fit(
            x,
            labels,
            batch_size=request["batch"],
            epochs=request["epochs"],
            verbose=0,
            validation_data=read_samples(*half["test"], network["image"]),
        ).history["val_accuracy"]
        phases.append({"seconds": time.perf_counter() - begin, "val_accuracy": history})
        freeze(model, network["frozen"])
    return {"phases": phases, "rss_mb": max_rss_mb()}


if __name__ == "__main__":
    tensorflow.config.threading.set_intra_op_parallelism_threads(THREADS)
    tensorflow.config.threading.set_inter_op_parallelism_threads(THREADS)
    keras.utils.set_random_seed(0)
    version = f"Keras {keras.__version__}, TensorFlow {tensorflow.__version__}"
    serve(
        {"make": make, "steps": steps, "drop": drop, "load": load, "predict": predict, "job": job},
        {"version": version, "threads": THREADS},
    )
