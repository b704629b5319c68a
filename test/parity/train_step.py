"""Oracle for K full training steps, plain pGAN or meta-reweighted, with torch.optim.Adam.

Per step s, generator theta and discriminator phi:
  fake   = G(x; theta, masks)                                                      one forward, used by all that follows
  D step   0.5 (mean (D(x, fake) - 0)^2 + mean (D(x, y) - 1)^2), fake detached
  G step   mean (D(x, fake) - 1)^2 with the new phi + lambda L
  L      = mean |fake - y| (plain) or sum w |fake - y| (meta)
w is the normalised map of weight_map.py at the theta before the step; the training pixels' loss has the step's own dropout
masks, the validation loss none. Adam (lr, 0.5, 0.999), eps 1e-8, bias-corrected, one state per network.
Source: pGAN (Dar et al. 2019), Ren et al. 2018.

usage: train_step.py CASE.safetensors OUT.safetensors --method plain|meta [--steps K] [--lr 2e-4] [--lambda 100] [--float64]
CASE   generator.<key>, discriminator.<key>, and for s = 0..K-1: step{s}.x, .y, .mask{k} (dropout; absent = none), and with
       meta .xv, .yv
OUT    generator.<key>, discriminator.<key> after K steps; gradient.generator.<key>, gradient.discriminator.<key> of step 0;
       lossDiscriminator, lossAdversarial, lossPixel (L), lossGenerator [K]; with meta validationLoss [K] and step{s}.u, .w
Compare gradients and losses rather than parameters alone: Adam's first step is lr * sign(gradient), and the bias of a
convolution before an instance norm has gradient zero but for rounding, so there the sign of the step is arbitrary.
"""

import argparse

import torch

from pgan import count_blocks, discriminator, generator, least_squares
from safetensors_file import read_safetensors, write_safetensors
from weight_map import normalise, raw_map


def adam(params, lr):
    return torch.optim.Adam(params.values(), lr=lr, betas=(0.5, 0.999), eps=1e-8)


def update(optimiser, params, loss):
    """One step on exactly these parameters; returns their gradients by name."""
    gradients = dict(zip(params, torch.autograd.grad(loss, list(params.values()))))
    for name, value in params.items():
        value.grad = gradients[name]
    optimiser.step()
    return gradients


def section(tensors, prefix):
    return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}


def train(case, method, steps, lr, pixel_weight):
    """Runs K steps from the tensors of CASE and returns the tensors of OUT."""
    g = {name: value.clone().requires_grad_() for name, value in section(case, "generator.").items()}
    d = {name: value.clone().requires_grad_() for name, value in section(case, "discriminator.").items()}
    adam_g, adam_d = adam(g, lr), adam(d, lr)
    out, losses = {}, {}
    for step in range(steps):
        batch = section(case, f"step{step}.")
        x, y = batch["x"], batch["y"]
        masks = [batch[f"mask{k}"] for k in range(count_blocks(g))] if "mask0" in batch else None
        record = {}
        if method == "meta":
            u, record["validationLoss"] = raw_map(g, x, y, batch["xv"], batch["yv"], masks)
            w = normalise(u)
            out[f"step{step}.u"], out[f"step{step}.w"] = u, w

        fake = generator(g, x, masks)
        loss_d = 0.5 * (least_squares(discriminator(d, x, fake.detach()), 0) + least_squares(discriminator(d, x, y), 1))
        gradients_d = update(adam_d, d, loss_d)
        adversarial = least_squares(discriminator(d, x, fake), 1)
        error = (fake - y).abs()
        pixel = (w * error).sum() if method == "meta" else error.mean()
        loss_g = adversarial + pixel_weight * pixel
        gradients_g = update(adam_g, g, loss_g)

        record.update(lossDiscriminator=loss_d, lossAdversarial=adversarial, lossPixel=pixel, lossGenerator=loss_g)
        for name, value in record.items():
            losses.setdefault(name, []).append(value.detach())
        if step == 0:
            out.update({f"gradient.generator.{name}": value for name, value in gradients_g.items()})
            out.update({f"gradient.discriminator.{name}": value for name, value in gradients_d.items()})
    out.update({f"generator.{name}": value for name, value in g.items()})
    out.update({f"discriminator.{name}": value for name, value in d.items()})
    out.update({name: torch.stack(values) for name, values in losses.items()})
    return out


def main():
    parser = argparse.ArgumentParser(description="Training steps of plain pGAN or the meta-reweighted method.")
    parser.add_argument("case")
    parser.add_argument("output")
    parser.add_argument("--method", choices=["plain", "meta"], required=True)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--lambda", dest="pixel_weight", type=float, default=100.0)
    parser.add_argument("--float64", action="store_true", help="compute and write in double precision")
    options = parser.parse_args()
    case, _ = read_safetensors(options.case, torch.float64 if options.float64 else torch.float32)
    write_safetensors(options.output, train(case, options.method, options.steps, options.lr, options.pixel_weight))


if __name__ == "__main__":
    main()
