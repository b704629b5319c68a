"""Oracle for the meta-learned weight map: double differentiation exactly as published, with epsilon in the graph.

  l_k(theta)      = |G(x; theta) - y| of training pixel k                          [n, 1, h, w]
  theta'(epsilon) = theta - alpha grad_theta sum_k epsilon_k l_k(theta)            a virtual SGD step, kept in the graph
  V(epsilon)      = mean |G(xv; theta'(epsilon)) - yv|                             over the m clean images
  u               = -eta dV/depsilon at epsilon = 0, with alpha eta = 1            so that u_k = <grad V, grad l_k>
  w               = max(u, 0) / (sum max(u, 0) + [that sum = 0])                   sums to 1 over the mini-batch, or is all 0
Source: Ren et al. 2018 (arXiv 1803.09050), per pixel. No dropout when run as a program.

usage: weight_map.py G.safetensors B.safetensors U.safetensors [--float64]
       B holds x, y [n, 1, h, w] and xv, yv [m, 1, h, w]; U gets u, w [n, 1, h, w] and validationLoss [1].
"""

import argparse

import torch

from pgan import generator
from safetensors_file import read_safetensors, write_safetensors


def raw_map(params, x, y, xv, yv, masks=None):
    """u and the validation loss. `masks` are the training pixels' dropout masks; validation is always without."""
    leaves = {name: value.detach().requires_grad_() for name, value in params.items()}
    epsilon = torch.zeros_like(y, requires_grad=True)
    weighted = (epsilon * (generator(leaves, x, masks) - y).abs()).sum()
    gradients = torch.autograd.grad(weighted, list(leaves.values()), create_graph=True)
    virtual = {name: value - gradient for (name, value), gradient in zip(leaves.items(), gradients)}
    validation = (generator(virtual, xv) - yv).abs().mean()
    (slope,) = torch.autograd.grad(validation, epsilon)
    return -slope, validation.detach()


def normalise(u):
    """w: the positive part over its sum, all zero when there is no positive u."""
    positive = u.clamp(min=0)
    total = positive.sum()
    return positive / (total + (total == 0).to(total.dtype))


def main():
    parser = argparse.ArgumentParser(description="Weight map by double differentiation.")
    parser.add_argument("generator")
    parser.add_argument("batch")
    parser.add_argument("output")
    parser.add_argument("--float64", action="store_true", help="compute and write in double precision")
    options = parser.parse_args()
    dtype = torch.float64 if options.float64 else torch.float32
    params, _ = read_safetensors(options.generator, dtype)
    batch, _ = read_safetensors(options.batch, dtype)
    u, validation = raw_map(params, batch["x"], batch["y"], batch["xv"], batch["yv"])
    write_safetensors(options.output, {"u": u, "w": normalise(u), "validationLoss": validation.reshape(1)})


if __name__ == "__main__":
    main()
