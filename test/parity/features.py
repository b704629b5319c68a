"""VGG-16, VGG-19 and AlexNet features and LPIPS v0.1 in PyTorch, written from the published facts (torchvision is not needed).

Feature lists as torchvision numbers them: a convolution and its ReLU count one each, a pooling one. Taps are outputs of ReLUs.
LPIPS v0.1 (Zhang et al. 2018): scaling (v - shift) / scale, features to unit length over channels (1e-10 added to the norm), squared
difference, non-negative 1x1 weights, spatial mean, sum over layers.

usage: features.py CASE.safetensors OUT.safetensors NETWORK...      NETWORK: vgg16 vgg16-raw vgg19 vgg19-raw alexnet lpips-alex lpips-vgg
       CASE holds x, y [n, 1, h, w] and `<trunk>.features.{n}.weight|bias`, `<backbone>.lin{k}.model.1.weight`;
       OUT gets `NETWORK.{k}` for the k-th ReLU of x, or `NETWORK` [n]. Everything in double precision. `-raw`: no normalisation.
"""

import argparse

import torch
import torch.nn.functional as F

from safetensors_file import read_safetensors, write_safetensors

VGG = {
    "vgg16": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512],
    "vgg19": [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512],
}
# (kernel, stride, padding) of a convolution, None for the pooling before it.
ALEXNET = [(11, 4, 2), "M", (5, 1, 2), "M", (3, 1, 1), (3, 1, 1), (3, 1, 1)]
SHIFT = [-0.030, -0.088, -0.188]
SCALE = [0.458, 0.448, 0.450]
MEAN = [0.485, 0.456, 0.406]
DEVIATION = [0.229, 0.224, 0.225]
LPIPS = {"alex": ("alexnet", [0, 1, 2, 3, 4]), "vgg": ("vgg16", [1, 3, 6, 9, 12])}


def vgg_shapes(trunk, count):
    """Weight shape of the first `count` convolutions of a VGG by name."""
    shapes, index, inputs = {}, 0, 3
    for layer in VGG[trunk]:
        if len(shapes) == count:
            break
        if layer != "M":
            shapes[f"{trunk}.features.{index}"] = (layer, inputs, 3, 3)
            inputs = layer
        index += 1 if layer == "M" else 2
    return shapes


def channels(values, like):
    return torch.tensor(values, dtype=like.dtype).view(1, 3, 1, 1)


def relus(trunk, params, v):
    """Every ReLU's output of a trunk for v [n, 3, h, w], as far as there are weights."""
    out, index = [], 0
    for layer in ALEXNET if trunk == "alexnet" else VGG[trunk]:
        if layer == "M":
            v = F.max_pool2d(v, 3, 2) if trunk == "alexnet" else F.max_pool2d(v, 2, 2)
            index += 1
            continue
        if f"{trunk}.features.{index}.weight" not in params:
            break
        _, stride, padding = layer if trunk == "alexnet" else (3, 1, 1)
        weight, bias = params[f"{trunk}.features.{index}.weight"], params[f"{trunk}.features.{index}.bias"]
        v = F.relu(F.conv2d(v, weight, bias, stride=stride, padding=padding))
        out.append(v)
        index += 2
    return out


def imagenet(x):
    """[-1, 1] -> [0, 1], three channels, ImageNet's mean and deviation taken off."""
    v = ((x + 1) / 2).repeat(1, 3, 1, 1)
    return (v - channels(MEAN, v)) / channels(DEVIATION, v)


def lpips(backbone, params, x, y):
    trunk, taps = LPIPS[backbone]

    def unit(image):
        v = image.repeat(1, 3, 1, 1)
        features = relus(trunk, params, (v - channels(SHIFT, v)) / channels(SCALE, v))
        return [f / (f.square().sum(1, keepdim=True).sqrt() + 1e-10) for f in (features[tap] for tap in taps)]

    total = 0
    for k, (a, b) in enumerate(zip(unit(x), unit(y))):
        total = total + F.conv2d((a - b).square(), params[f"{backbone}.lin{k}.model.1.weight"]).mean((1, 2, 3))
    return total


def main():
    parser = argparse.ArgumentParser(description="Features and LPIPS of a case.")
    parser.add_argument("case")
    parser.add_argument("output")
    parser.add_argument("networks", nargs="+")
    options = parser.parse_args()
    params, _ = read_safetensors(options.case, torch.float64)
    x, y = params["x"], params["y"]
    result = {}
    with torch.inference_mode():
        for network in options.networks:
            if network.startswith("lpips-"):
                result[network] = lpips(network.removeprefix("lpips-"), params, x, y)
                continue
            image = x.repeat(1, 3, 1, 1) if network.endswith("-raw") else imagenet(x)
            for k, tap in enumerate(relus(network.removesuffix("-raw"), params, image)):
                result[f"{network}.{k}"] = tap
    write_safetensors(options.output, result)


if __name__ == "__main__":
    main()
