"""The PyTorch peer of the bench: a process that answers JSON lines, one kind of work per process so that peaks are separate.

  {"op": "prepare", "kind": K, "h":, "w":, "n":, "m":, "ngf": 64, "blocks": 9, "layout": "auto"}  -> {"layout":, "versions":}
  {"op": "run"}     -> {"seconds":}   one step, data already in memory
  {"op": "memory"}  -> {"peakMemoryMiB":}   peak resident size of this process so far
A failure answers {"error": text}. The process ends with its input.

Kinds:
  infer           generator forward on n images, no dropout, inference_mode
  plain           pGAN step: one generator forward with dropout, discriminator update, generator update (LSGAN + 100 L1)
  meta_published  weight map by double backward (epsilon in the graph, virtual SGD step, the m clean images at once), then the
                  same updates with the weighted L1; the generator runs once for the map and once for the step, as published
  meta_jvp        the same, the map by torch.func.grad (clean images) and torch.func.jvp (training pixels)
  pgan            plain with the perceptual loss (VGG-16); reg-pgan: with registration as well, its network in the same backward pass;
  ctx-pgan        plain with the contextual loss (VGG-19); meta-ctx_published, meta-ctx_jvp: the meta steps with it
Feature networks have random weights, which cost what trained ones do.

Set up in PyTorch's favour: as many threads as this process may use cores, fused Adam where the build has it (else foreach),
no gradients for the discriminator's weights in the generator's update, in-place activations. layout "auto" times contiguous
and channels_last and keeps the faster; ask a fresh process for that layout when memory matters. Eager mode: torch.compile
does not support double backward.
"""

import json
import math
import os
import resource
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "parity"))
from features import vgg_shapes  # noqa: E402
from parts import PERCEPTUAL_RELU, VGG19_RELUS, contextual_loss, perceptual_loss, registration, registration_shapes, smoothness, warp  # noqa: E402
from pgan import discriminator, discriminator_shapes, draw_masks, generator, generator_shapes, least_squares, random_params  # noqa: E402
from weight_map import normalise, raw_map  # noqa: E402

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
PIXEL_WEIGHT = PERCEPTUAL_WEIGHT = 100
SMOOTHNESS_WEIGHT = 50


def adam(params):
    """fused=True is several times faster than foreach on CPU, but older builds refuse it."""
    settings = dict(lr=2e-4, betas=(0.5, 0.999), eps=1e-8)
    try:
        return torch.optim.Adam(params.values(), fused=True, **settings)
    except (TypeError, RuntimeError):
        return torch.optim.Adam(params.values(), foreach=True, **settings)


def update(optimiser, params, loss):
    for value, gradient in zip(params.values(), torch.autograd.grad(loss, list(params.values()))):
        value.grad = gradient
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)


def jvp_map(params, x, y, xv, yv, masks):
    """u = <grad V, grad l_k>, see weight_map.py for the symbols."""
    values = {name: value.detach() for name, value in params.items()}
    tangent = torch.func.grad(lambda p: (generator(p, xv) - yv).abs().mean())(values)
    return torch.func.jvp(lambda p: (generator(p, x, masks) - y).abs(), (values,), (tangent,))[1]


def published_map(params, x, y, xv, yv, masks):
    return raw_map(params, x, y, xv, yv, masks)[0]


def he_params(shapes, random):
    """He's normal weights and zero biases."""
    params = {}
    for stage, shape in shapes.items():
        params[f"{stage}.weight"] = torch.randn(shape, generator=random) * math.sqrt(2 / math.prod(shape[1:]))
        params[f"{stage}.bias"] = torch.zeros(shape[0])
    return params


def part_params(parts, random, h, w):
    """Parameters of what a step has besides generator and discriminator: (registration network, frozen feature networks)."""
    shapes = {}
    if "perceptual" in parts:
        shapes.update(vgg_shapes("vgg16", PERCEPTUAL_RELU + 1))
    if "contextual" in parts:
        shapes.update(vgg_shapes("vgg19", VGG19_RELUS["relu4_4"] + 1))
    r = he_params(registration_shapes(registration_levels(h, w)), random) if "registration" in parts else {}
    if r:
        r["flow.weight"] *= 1e-5
    return r, he_params(shapes, random)


def registration_levels(h, w):
    return min(6, int(math.log2(min(h, w) / 2)))


def prepare_infer(data, g, _d, _place, _random):
    def run():
        with torch.inference_mode():
            generator(g, data["x"])

    return run


def training(map_of, *parts):
    """A kind that updates the networks; `map_of` gives the raw weight map, None leaves the plain mean."""

    def prepare(data, g, d, place, random):
        x, y = data["x"], data["y"]
        h, w = x.shape[2:]
        r, features = map(place, part_params(parts, random, h, w))
        learned = {**g, **{f"registration.{name}": value for name, value in r.items()}}
        for value in [*learned.values(), *d.values()]:
            value.requires_grad_()
        adam_g, adam_d = adam(learned), adam(d)

        def run():
            masks = draw_masks(g, x.shape[0], x.shape[2], x.shape[3])
            weights = None if map_of is None else normalise(map_of(g, x, y, data["xv"], data["yv"], masks))
            fake = generator(g, x, masks)
            real_loss = least_squares(discriminator(d, x, y), 1)
            update(adam_d, d, 0.5 * (least_squares(discriminator(d, x, fake.detach()), 0) + real_loss))
            loss, judged = least_squares(discriminator(d, x, fake), 1), fake
            if r:
                flow = registration(r, fake, y, registration_levels(h, w))
                judged = warp(fake, flow)
                loss = loss + SMOOTHNESS_WEIGHT * smoothness(flow)
            if "perceptual" in parts:
                loss = loss + PERCEPTUAL_WEIGHT * perceptual_loss(features, judged, y)
            if "contextual" in parts:
                loss = loss + contextual_loss(features, judged, y)
            error = (judged - y).abs()
            pixel = error.mean() if weights is None else (weights * error).sum()
            update(adam_g, learned, loss + PIXEL_WEIGHT * pixel)

        return run

    return prepare


KINDS = {
    "infer": prepare_infer,
    "plain": training(None),
    "meta_published": training(published_map),
    "meta_jvp": training(jvp_map),
    "pgan": training(None, "perceptual"),
    "reg-pgan": training(None, "perceptual", "registration"),
    "ctx-pgan": training(None, "contextual"),
    "meta-ctx_published": training(published_map, "contextual"),
    "meta-ctx_jvp": training(jvp_map, "contextual"),
}


def prepare(request, layout):
    """The run function of a kind on random data and weights in one memory layout."""
    random = torch.Generator().manual_seed(1)
    memory = LAYOUTS[layout]

    def images(count):
        return torch.tanh(torch.randn(count, 1, request["h"], request["w"], generator=random)).to(memory_format=memory)

    def place(params):
        return {n: v.to(memory_format=memory) if v.dim() == 4 else v for n, v in params.items()}

    ngf, blocks = request.get("ngf", 64), request.get("blocks", 9)
    g = place(random_params(generator_shapes(ngf, blocks), random))
    d = place(random_params(discriminator_shapes(ngf), random))
    data = {"x": images(request["n"]), "y": images(request["n"]), "xv": images(request["m"]), "yv": images(request["m"])}
    return KINDS[request["kind"]](data, g, d, place, random)


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def choose(request):
    """(run, layout): the layout asked for, or the one with the shorter best of two alternating runs after a warm-up."""
    layout = request.get("layout", "auto")
    if layout == "auto":
        runs = {name: prepare(request, name) for name in LAYOUTS}
        for run in runs.values():
            run()
        times = [{name: timed(run) for name, run in runs.items()} for _ in range(2)]
        layout = min(LAYOUTS, key=lambda name: min(trial[name] for trial in times))
        return runs[layout], layout
    return prepare(request, layout), layout


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(cores)
    run = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if request["op"] == "prepare":
                if request["kind"].endswith("_jvp") and not hasattr(torch, "func"):
                    raise RuntimeError(f"torch {torch.__version__} has no torch.func")
                run, layout = choose(request)
                versions = {"torch": torch.__version__, "python": sys.version.split()[0], "threads": str(cores)}
                answer = {"layout": layout, "versions": versions}
            elif request["op"] == "run":
                answer = {"seconds": timed(run)}
            elif request["op"] == "memory":
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                answer = {"peakMemoryMiB": peak / (1024 * 1024 if sys.platform == "darwin" else 1024)}
            else:
                raise ValueError(f"unknown op {request['op']}")
        except Exception as error:  # the boundary: whatever went wrong is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
