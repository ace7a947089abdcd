"""What the Python peers share: requests as lines of JSON on stdin, answers as lines on stdout, and the files with data."""

import json
import resource
import sys

import numpy


def serve(answers, hello):
    """Says hello, then answers each request by the function that its "do" names."""
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answers[request["do"]](request)
        except Exception as error:  # whatever it is, the benchmark reports it and goes on without this peer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def read_pixels(images, labels, size):
    """Pixels in [0, 1] as [N, size, size], and classes."""
    pixels = numpy.fromfile(images, dtype=numpy.uint8).reshape(-1, size, size)
    return pixels.astype(numpy.float32) / 255, numpy.fromfile(labels, dtype=numpy.uint8)


def max_rss_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
