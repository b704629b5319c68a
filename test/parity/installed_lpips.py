"""Files of weights as torchvision and LPIPS publish them, with random values, and what LPIPS v0.1 makes of a pair of volumes with them.

usage: installed_lpips.py IN.safetensors FOLDER
  IN holds ct, sct [n, 1, h, w] in HU. FOLDER gets alexnet.pth (with a classifier, as a zip archive), alex.pth and vgg.pth (old form), and
  lpips.safetensors with `alex` [1], the mean over the slices with HU -1024..3000 mapped to -1..1.
"""

import argparse
import os
from collections import OrderedDict

import torch

from features import ALEXNET, lpips
from safetensors_file import read_safetensors, write_safetensors

WIDTHS = {"alex": [64, 192, 384, 256, 256], "vgg": [64, 128, 256, 512, 512]}


def main():
    parser = argparse.ArgumentParser(description="Published-looking weights and LPIPS with them.")
    parser.add_argument("input")
    parser.add_argument("folder")
    options = parser.parse_args()
    random = torch.Generator().manual_seed(3)
    trunk, inputs, index = OrderedDict(), 3, 0
    widths = iter(WIDTHS["alex"])
    for layer in ALEXNET:
        if layer == "M":
            index += 1
            continue
        width, kernel = next(widths), layer[0]
        deviation = (2 / (inputs * kernel * kernel)) ** 0.5
        trunk[f"features.{index}.weight"] = torch.randn(width, inputs, kernel, kernel, generator=random) * deviation
        trunk[f"features.{index}.bias"] = torch.randn(width, generator=random) * 0.1
        inputs, index = width, index + 2
    lins = {
        name: OrderedDict((f"lin{k}.model.1.weight", torch.rand(1, width, 1, 1, generator=random)) for k, width in enumerate(widths))
        for name, widths in WIDTHS.items()
    }
    classifier = {"classifier.1.weight": torch.randn(40, 9216, generator=random), "classifier.1.bias": torch.zeros(40)}
    torch.save(OrderedDict(**trunk, **classifier), os.path.join(options.folder, "alexnet.pth"))
    for name, lin in lins.items():
        torch.save(lin, os.path.join(options.folder, f"{name}.pth"), _use_new_zipfile_serialization=False)
    volumes, _ = read_safetensors(options.input, torch.float64)
    ct, sct = [((volumes[name] + 1024) * (2 / 4024) - 1).clamp(-1, 1) for name in ("ct", "sct")]
    params = {f"alexnet.{name}": value.double() for name, value in trunk.items()}
    params.update({f"alex.{name}": value.double() for name, value in lins["alex"].items()})
    write_safetensors(os.path.join(options.folder, "lpips.safetensors"), {"alex": lpips("alex", params, ct, sct).mean().reshape(1)})


if __name__ == "__main__":
    main()
