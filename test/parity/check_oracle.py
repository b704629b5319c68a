"""Checks the oracle against facts and against itself, and prints one JSON object.

  generatorParameters, discriminatorParameters, logitShape   counts at ngf 64, 9 blocks, one channel; logits at 320 x 192
  moduleDifference       our functional networks against nn.Module copies of the published layer lists (dropout off)
  jvpDifference          double differentiation against torch.func.jvp along grad V, float64, max |difference| / max |u|
  jvpDifferenceDropout   the same with dropout masks on the training pixels
  finiteDifference       dV/depsilon of the three largest |u| by central differences of the virtual step, float64, relative
  float32Noise           float32 against float64 double differentiation, max |difference| / max |u|
  zeroGuard              sum of w when no u is positive
Exits 1 when a bound is broken.
"""

import json
import sys

import torch
from torch import nn

from pgan import discriminator, discriminator_shapes, draw_masks, generator, generator_shapes, random_params
from weight_map import normalise, raw_map


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), nn.ReLU(True),
            nn.Dropout(0.5), nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels),
        )  # fmt: skip

    def forward(self, x):
        return x + self.body(x)


def generator_module(ngf, blocks):
    return nn.Sequential(
        nn.ReflectionPad2d(3), nn.Conv2d(1, ngf, 7), nn.InstanceNorm2d(ngf), nn.ReLU(True),
        nn.Conv2d(ngf, 2 * ngf, 3, stride=2, padding=1), nn.InstanceNorm2d(2 * ngf), nn.ReLU(True),
        nn.Conv2d(2 * ngf, 4 * ngf, 3, stride=2, padding=1), nn.InstanceNorm2d(4 * ngf), nn.ReLU(True),
        *[Residual(4 * ngf) for _ in range(blocks)],
        nn.ConvTranspose2d(4 * ngf, 2 * ngf, 3, stride=2, padding=1, output_padding=1), nn.InstanceNorm2d(2 * ngf), nn.ReLU(True),
        nn.ConvTranspose2d(2 * ngf, ngf, 3, stride=2, padding=1, output_padding=1), nn.InstanceNorm2d(ngf), nn.ReLU(True),
        nn.ReflectionPad2d(3), nn.Conv2d(ngf, 1, 7), nn.Tanh(),
    )  # fmt: skip


def discriminator_module(ndf):
    return nn.Sequential(
        nn.Conv2d(2, ndf, 4, 2, 1), nn.LeakyReLU(0.2, True),
        nn.Conv2d(ndf, 2 * ndf, 4, 2, 1), nn.InstanceNorm2d(2 * ndf), nn.LeakyReLU(0.2, True),
        nn.Conv2d(2 * ndf, 4 * ndf, 4, 2, 1), nn.InstanceNorm2d(4 * ndf), nn.LeakyReLU(0.2, True),
        nn.Conv2d(4 * ndf, 8 * ndf, 4, 1, 1), nn.InstanceNorm2d(8 * ndf), nn.LeakyReLU(0.2, True),
        nn.Conv2d(8 * ndf, 1, 4, 1, 1),
    )  # fmt: skip


def fill(module, params):
    """Copies the dict's tensors into the module, both in stage order."""
    module = module.double().eval()
    targets, values = list(module.parameters()), list(params.values())
    if [p.shape for p in targets] != [p.shape for p in values]:
        raise SystemExit("the key order or a shape differs from the module's")
    with torch.no_grad():
        for target, value in zip(targets, values):
            target.copy_(value)
    return module


def jvp_difference(u, params, x, y, xv, yv, masks=None):
    """None where this PyTorch has no torch.func (before 2.0)."""
    if not hasattr(torch, "func"):
        return None

    def validation(p):
        return (generator(p, xv) - yv).abs().mean()

    def pixels(p):
        return (generator(p, x, masks) - y).abs()

    return relative(torch.func.jvp(pixels, (params,), (torch.func.grad(validation)(params),))[1], u)


def finite_differences(params, x, y, xv, yv, u):
    """max relative error of -dV/depsilon_k, the virtual step taken with epsilon_k = +-r, for the three largest |u_k|."""
    leaves = {name: value.detach().requires_grad_() for name, value in params.items()}
    error = (generator(leaves, x) - y).abs().flatten()
    worst = 0.0
    for k in u.abs().flatten().topk(3).indices.tolist():
        slope = torch.autograd.grad(error[k], list(leaves.values()), retain_graph=True)
        size = 1e-6 / torch.sqrt(sum(g.square().sum() for g in slope)).item()
        with torch.no_grad():
            moved = [{n: v - s * size * g for (n, v), g in zip(leaves.items(), slope)} for s in (1, -1)]
            ahead, behind = [(generator(p, xv) - yv).abs().mean() for p in moved]
        estimate = -(ahead - behind).item() / (2 * size)
        worst = max(worst, abs(estimate - u.flatten()[k].item()) / abs(u.flatten()[k].item()))
    return worst


def relative(a, b):
    return ((a - b).abs().max() / b.abs().max()).item()


def main():
    random = torch.Generator().manual_seed(7)
    full = random_params(generator_shapes(), random)
    critic = random_params(discriminator_shapes(), random)
    image = torch.zeros(1, 1, 320, 192)
    with torch.inference_mode():
        logit_shape = list(discriminator(critic, image, image).shape)

    g = random_params(generator_shapes(8, 2), random, torch.float64)
    d = random_params(discriminator_shapes(8), random, torch.float64)
    x, y = [torch.tanh(torch.randn(2, 1, 32, 40, generator=random, dtype=torch.float64) / 2) for _ in range(2)]
    xv, yv = [torch.tanh(torch.randn(3, 1, 32, 40, generator=random, dtype=torch.float64) / 2) for _ in range(2)]
    masks = draw_masks(g, 2, 32, 40, random)
    with torch.no_grad():
        module_difference = max(
            (fill(generator_module(8, 2), g)(x) - generator(g, x)).abs().max().item(),
            (fill(discriminator_module(8), d)(torch.cat([x, y], 1)) - discriminator(d, x, y)).abs().max().item(),
        )
    u, validation = raw_map(g, x, y, xv, yv)
    u_dropout, _ = raw_map(g, x, y, xv, yv, masks)
    u_single, _ = raw_map(*({n: v.float() for n, v in g.items()}, x.float(), y.float(), xv.float(), yv.float()))
    result = {
        "torch": torch.__version__,
        "generatorParameters": sum(p.numel() for p in full.values()),
        "discriminatorParameters": sum(p.numel() for p in critic.values()),
        "logitShape": logit_shape,
        "moduleDifference": module_difference,
        "jvpDifference": jvp_difference(u, g, x, y, xv, yv),
        "jvpDifferenceDropout": jvp_difference(u_dropout, g, x, y, xv, yv, masks),
        "finiteDifference": finite_differences(g, x, y, xv, yv, u),
        "float32Noise": relative(u_single.double(), u),
        "positiveShare": (u > 0).double().mean().item(),
        "weightSum": normalise(u).sum().item(),
        "zeroGuard": normalise(-u.abs()).sum().item(),
        "validationLoss": validation.item(),
    }
    print(json.dumps(result))
    holds = (
        result["generatorParameters"] == 11_365_633
        and result["discriminatorParameters"] == 2_763_713
        and logit_shape == [1, 1, 38, 22]
        and module_difference < 1e-12
        and all(result[name] is None or result[name] < 1e-10 for name in ("jvpDifference", "jvpDifferenceDropout"))
        and result["finiteDifference"] < 1e-4
        and result["float32Noise"] < 1e-3
        and abs(result["weightSum"] - 1) < 1e-12
        and result["zeroGuard"] == 0
    )
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
