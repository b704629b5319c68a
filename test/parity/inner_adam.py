"""Oracle for the map u of the exact inner step: double differentiation through one Adam step of the generator's whole objective.

  theta'(epsilon) = Adam(theta, m, v; grad_theta [lambda sum_k epsilon_k l_k(theta) + adversarial(theta)])      kept in the graph
  u_k             = -dV(theta'(epsilon))/depsilon_k at epsilon = 0, V the mean error on the clean images
The adversarial loss is that of the real step: against the discriminator after its own Adam step. Moments are given (warm), dropout masks
as well. Biases in front of an instance norm have no effect and are left out.
Source: Ren et al. 2018, with Kingma & Ba 2015 as the inner optimiser.

usage: inner_adam.py CASE.safetensors OUT.safetensors --t T [--lr 2e-4] [--lambda 100]      everything in double precision
CASE   <network>.<part>.<key> for generator and discriminator, parts value, first, second (moments before this step, which is the T-th);
       x, y [n, 1, h, w], xv, yv [m, 1, h, w], mask{k}
OUT    u [n, 1, h, w], validationLoss [1]
"""

import argparse
import re

import torch

from pgan import count_blocks, discriminator, generator, least_squares
from safetensors_file import read_safetensors, write_safetensors

BETA1, BETA2, EPSILON = 0.5, 0.999, 1e-8


def adam(value, first, second, gradient, t, lr):
    first = BETA1 * first + (1 - BETA1) * gradient
    second = BETA2 * second + (1 - BETA2) * gradient * gradient
    return value - lr * first / (1 - BETA1**t) / ((second / (1 - BETA2**t)).sqrt() + EPSILON)


def network(case, name):
    def part(kind):
        prefix = f"{name}.{kind}."
        return {key[len(prefix) :]: value for key, value in case.items() if key.startswith(prefix)}

    return part("value"), part("first"), part("second")


def acts(name):
    return not name.endswith(".bias") or re.search(r"(head|conv0|conv4)\.bias$", name)


def stepped(params, first, second, loss, t, lr, create_graph=False):
    names = [name for name in params if acts(name)]
    gradients = torch.autograd.grad(loss, [params[name] for name in names], create_graph=create_graph)
    moved = {name: adam(params[name], first[name], second[name], g, t, lr) for name, g in zip(names, gradients)}
    return {**params, **moved}


def main():
    parser = argparse.ArgumentParser(description="Weight map through one exact Adam step.")
    parser.add_argument("case")
    parser.add_argument("output")
    parser.add_argument("--t", type=int, required=True)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--lambda", dest="pixel_weight", type=float, default=100.0)
    options = parser.parse_args()
    case, _ = read_safetensors(options.case, torch.float64)
    g, g_first, g_second = network(case, "generator")
    d, d_first, d_second = network(case, "discriminator")
    for params in (g, d):
        for value in params.values():
            value.requires_grad_()
    x, y = case["x"], case["y"]
    fake = generator(g, x, [case[f"mask{k}"] for k in range(count_blocks(g))])

    loss_d = 0.5 * (least_squares(discriminator(d, x, fake.detach()), 0) + least_squares(discriminator(d, x, y), 1))
    judge = {name: value.detach() for name, value in stepped(d, d_first, d_second, loss_d, options.t, options.lr).items()}
    epsilon = torch.zeros_like(y, requires_grad=True)
    objective = options.pixel_weight * (epsilon * (fake - y).abs()).sum() + least_squares(discriminator(judge, x, fake), 1)
    virtual = stepped(g, g_first, g_second, objective, options.t, options.lr, create_graph=True)
    validation = (generator(virtual, case["xv"]) - case["yv"]).abs().mean()
    (slope,) = torch.autograd.grad(validation, epsilon)
    write_safetensors(options.output, {"u": -slope, "validationLoss": validation.reshape(1)})


if __name__ == "__main__":
    main()
