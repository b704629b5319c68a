"""The parts that tell the methods apart, in PyTorch from the published facts: RegGAN's registration network and warp, perceptual and
contextual loss, smoothness of a flow.

  registration   Kong et al. 2021 (trainer/reg.py, cfg A) with `levels` levels; stages down{k}.conv, down{k}.res.conv1|2, widen, bottleneck{k}.conv1|2,
                 narrow, up{k}, refine.conv1|2, mix, flow, each with .weight and .bias
  warp           grid_sample, bilinear, align_corners, border padding; flow in pixels, channel 0 = row, 1 = column
  contextual     Mechrez et al. 2018; X the generated, Y the target image's features [n, c, p], mean over target positions
  nearest        mean over target positions of the least cosine distance to a generated one

usage: parts.py CASE.safetensors OUT.safetensors --levels L     everything in double precision
CASE   registration.<key>; moving, fixed [n, 1, h, w]; image [n, c, h, w], flow [n, 2, h, w], cotangent as image; features.x, features.y [n, c, p]
OUT    flow, registration.moving (gradient of the mean square of the flow); warped, warped.image, warped.flow (gradients of <cotangent, warped>);
       contextual, nearest [1] and contextual.x, nearest.x (their gradients)
"""

import argparse

import torch
import torch.nn.functional as F

from features import imagenet, relus
from safetensors_file import read_safetensors, write_safetensors

PERCEPTUAL_RELU = 3  # relu2_2 of VGG-16
VGG19_RELUS = {f"relu{stage}_{place}": sum([2, 2, 4, 4, 4][: stage - 1]) + place - 1 for stage in range(1, 6) for place in range(1, 5)}


def registration_shapes(levels):
    """Weight shape per stage, in the order of use."""
    widths = [32] + [64] * (levels - 1)

    def residual(stage, channels):
        return {f"{stage}.conv{k}": (channels, channels, 3, 3) for k in (1, 2)}

    shapes = {}
    for level, channels in enumerate(widths):
        shapes[f"down{level}.conv"] = (channels, widths[level - 1] if level else 2, 3, 3)
        shapes.update(residual(f"down{level}.res", channels))
    shapes["widen"] = (128, 64, 1, 1)
    for k in range(3):
        shapes.update(residual(f"bottleneck{k}", 128))
    shapes["narrow"] = (64, 128, 1, 1)
    for level in reversed(range(levels)):
        shapes[f"up{level}"] = (widths[level], 64 + widths[level], 3, 3)
    return {**shapes, **residual("refine", 32), "mix": (32, 32, 1, 1), "flow": (2, 32, 3, 3)}


def registration(params, moving, fixed, levels):
    """Flow [n, 2, h, w] in pixels."""

    def convolve(v, stage, padding):
        return F.conv2d(v, params[f"{stage}.weight"], params[f"{stage}.bias"], padding=padding)

    def leaky(v, stage, padding):
        return F.leaky_relu(convolve(v, stage, padding), 0.2)

    def residual(v, stage):
        def norm_conv(u, name):
            return F.instance_norm(convolve(F.pad(u, (1,) * 4, mode="reflect"), f"{stage}.{name}", 0))

        return v + norm_conv(F.relu(norm_conv(v, "conv1")), "conv2")

    v, skips = torch.cat([moving, fixed], 1), []
    for level in range(levels):
        v = residual(leaky(v, f"down{level}.conv", 1), f"down{level}.res")
        skips.append(v)
        v = F.max_pool2d(v, 2)
    v = leaky(v, "widen", 0)
    for k in range(3):
        v = residual(v, f"bottleneck{k}")
    v = leaky(v, "narrow", 0)
    for level in reversed(range(levels)):
        skip = skips[level]
        v = F.interpolate(v, skip.shape[2:], mode="bilinear", align_corners=False)
        v = leaky(torch.cat([v, skip], 1), f"up{level}", 1)
    return convolve(leaky(residual(v, "refine"), "mix", 0), "flow", 1)


def warp(image, flow):
    h, w = image.shape[2:]
    rows, columns = torch.meshgrid(torch.arange(h).to(flow), torch.arange(w).to(flow), indexing="ij")
    place = torch.stack([(columns + flow[:, 1]) / (w - 1), (rows + flow[:, 0]) / (h - 1)], -1)
    return F.grid_sample(image, 2 * (place - 0.5), mode="bilinear", padding_mode="border", align_corners=True)


def smoothness(flow):
    return (flow[:, :, 1:] - flow[:, :, :-1]).square().mean() + (flow[:, :, :, 1:] - flow[:, :, :, :-1]).square().mean()


def contextual(x, y, form="contextual", bandwidth=0.5):
    centre = y.mean((0, 2), keepdim=True)
    x, y = (v / (v.square().sum(1, keepdim=True) + 1e-12).sqrt() for v in (x - centre, y - centre))
    losses = []
    for one, other in zip(x, y):  # one image at a time
        distance = (1 - one.T @ other).clamp(min=0)  # [i, j]
        if form == "nearest":
            losses.append(distance.min(0).values.mean())
            continue
        relative = (distance / (distance.min(1, keepdim=True).values + 1e-5)).clamp(max=10)
        affinity = torch.softmax((1 - relative) / bandwidth, 1)
        losses.append(-torch.log(affinity.max(0).values.mean() + 1e-5))
    return torch.stack(losses).mean()


def perceptual_loss(params, image, target):
    features = [relus("vgg16", params, v.repeat(1, 3, 1, 1))[PERCEPTUAL_RELU] for v in (image, target)]
    return (features[0] - features[1]).abs().mean()


def contextual_loss(params, image, target, layers=("relu3_4", "relu4_4"), form="contextual"):
    features = [relus("vgg19", params, imagenet(v)) for v in (image, target)]
    return sum(contextual(*(f[VGG19_RELUS[layer]].flatten(2) for f in features), form) for layer in layers)


def main():
    parser = argparse.ArgumentParser(description="Registration, warp and contextual loss of a case.")
    parser.add_argument("case")
    parser.add_argument("output")
    parser.add_argument("--levels", type=int, required=True)
    options = parser.parse_args()
    case, _ = read_safetensors(options.case, torch.float64)
    out = {}

    moving = case["moving"].requires_grad_()
    params = {name[len("registration.") :]: value for name, value in case.items() if name.startswith("registration.")}
    out["flow"] = registration(params, moving, case["fixed"], options.levels)
    (out["registration.moving"],) = torch.autograd.grad(out["flow"].square().mean(), moving)

    image, flow = case["image"].requires_grad_(), case["flow"].requires_grad_()
    out["warped"] = warp(image, flow)
    out["warped.image"], out["warped.flow"] = torch.autograd.grad((case["cotangent"] * out["warped"]).sum(), (image, flow))

    x = case["features.x"].requires_grad_()
    for form in ("contextual", "nearest"):
        loss = contextual(x, case["features.y"], form)
        (out[f"{form}.x"],) = torch.autograd.grad(loss, x)
        out[form] = loss.reshape(1)
    write_safetensors(options.output, out)


if __name__ == "__main__":
    main()
