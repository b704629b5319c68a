"""Writes random inputs for the parity scripts, the same for the same seed and PyTorch version.

usage: make_case.py --ngf 8 --blocks 2 --n 2 --m 3 --h 32 --w 32 --seed 1 [--steps 1] OUTDIR
OUTDIR/G.safetensors      generator, metadata ngf, blocks, inputChannels
OUTDIR/B.safetensors      x, y [n, 1, h, w], xv, yv [m, 1, h, w]
OUTDIR/case.safetensors   input of train_step.py: the same generator, a discriminator (ndf = ngf), `steps` batches with dropout
                          masks; step 0's images are those of B
Weights and biases N(0, 0.02), images tanh(N(0, 1)/2), all float32.
"""

import argparse
import os

import torch

from pgan import discriminator_shapes, draw_masks, generator_shapes, random_params
from safetensors_file import write_safetensors


def main():
    parser = argparse.ArgumentParser(description="Random parity case.")
    for name, default in dict(ngf=8, blocks=2, n=2, m=3, h=32, w=32, seed=1, steps=1).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("output")
    options = parser.parse_args()
    random = torch.Generator().manual_seed(options.seed)

    def images(count):
        return torch.tanh(torch.randn(count, 1, options.h, options.w, generator=random) / 2)

    g = random_params(generator_shapes(options.ngf, options.blocks), random)
    d = random_params(discriminator_shapes(options.ngf), random)
    case = {f"generator.{name}": value for name, value in g.items()}
    case.update({f"discriminator.{name}": value for name, value in d.items()})
    batches = []
    for step in range(options.steps):
        batches.append({"x": images(options.n), "y": images(options.n), "xv": images(options.m), "yv": images(options.m)})
        masks = draw_masks(g, options.n, options.h, options.w, random)
        case.update({f"step{step}.{name}": value for name, value in batches[step].items()})
        case.update({f"step{step}.mask{k}": mask for k, mask in enumerate(masks)})

    os.makedirs(options.output, exist_ok=True)
    metadata = {"ngf": options.ngf, "blocks": options.blocks, "inputChannels": 1}
    write_safetensors(os.path.join(options.output, "G.safetensors"), g, metadata)
    write_safetensors(os.path.join(options.output, "B.safetensors"), batches[0])
    write_safetensors(os.path.join(options.output, "case.safetensors"), case, metadata)


if __name__ == "__main__":
    main()
