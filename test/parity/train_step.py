"""Oracle for K full training steps, plain pGAN or meta-reweighted, with torch.optim.Adam; further parts of the methods on request.

Per step s, generator theta and discriminator phi:
  fake   = G(x; theta, masks)                                                      one forward, used by all that follows
  judged = fake, or with registration warp(fake, R(fake, y; rho))
  D step   0.5 (mean (D(x, fake) - 0)^2 + mean (D(x, y) - 1)^2), fake detached
  G step   mean (D(x, fake) - 1)^2 with the new phi + lambda L + 100 P + C + 50 S     (and rho in the same backward pass)
  L      = mean |judged - y| (plain) or sum w |judged - y| (meta)
  P, C, S  perceptual and contextual loss of judged, smoothness of the flow (parts.py), where `--parts` names them
w is the normalised map of weight_map.py at the theta before the step; the training pixels' loss has the step's own dropout
masks, the validation loss none. Adam (lr, 0.5, 0.999), eps 1e-8, bias-corrected, one state per network.
Source: pGAN (Dar et al. 2019), Ren et al. 2018, RegGAN (Kong et al. 2021), Mechrez et al. 2018.

usage: train_step.py CASE.safetensors OUT.safetensors --method plain|meta [--parts perceptual contextual registration] [--levels L]
                     [--steps K] [--lr 2e-4] [--lambda 100] [--float64]
CASE   generator.<key>, discriminator.<key>, and for s = 0..K-1: step{s}.x, .y, .mask{k} (dropout; absent = none), and with
       meta .xv, .yv; with parts registration.<key>, vgg16.features.<key>, vgg19.features.<key>
OUT    generator.<key>, discriminator.<key> (registration.<key>) after K steps; gradient.generator.<key> and so on of step 0;
       lossDiscriminator, lossAdversarial, lossPixel (L), lossGenerator [K]; with meta validationLoss [K] and step{s}.u, .w; with parts
       lossPerceptual, lossContextual, lossRegistration, lossSmoothness [K]
Compare gradients and losses rather than parameters alone: Adam's first step is lr * sign(gradient), and the bias of a
convolution before an instance norm has gradient zero but for rounding, so there the sign of the step is arbitrary.
"""

import argparse

import torch

from parts import contextual_loss, perceptual_loss, registration, smoothness, warp
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


def leaves(case, network):
    return {name: value.clone().requires_grad_() for name, value in section(case, f"{network}.").items()}


def train(case, method, steps, lr, pixel_weight, parts=(), levels=0):
    """Runs K steps from the tensors of CASE and returns the tensors of OUT."""
    g, d, r = leaves(case, "generator"), leaves(case, "discriminator"), leaves(case, "registration")
    adam_g, adam_d = adam(g, lr), adam(d, lr)
    adam_r = adam(r, lr) if "registration" in parts else None
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
        rest, judged = adversarial, fake
        if adam_r:
            flow = registration(r, fake, y, levels)
            judged = warp(fake, flow)
            record.update(lossSmoothness=smoothness(flow), lossRegistration=(judged - y).abs().mean())
            rest = rest + 50 * record["lossSmoothness"]
        if "perceptual" in parts:
            record["lossPerceptual"] = perceptual_loss(case, judged, y)
            rest = rest + 100 * record["lossPerceptual"]
        if "contextual" in parts:
            record["lossContextual"] = contextual_loss(case, judged, y)
            rest = rest + record["lossContextual"]
        error = (judged - y).abs()
        pixel = (w * error).sum() if method == "meta" else error.mean()
        loss_g = rest + pixel_weight * pixel
        if adam_r:
            loss_g.backward(inputs=list(r.values()), retain_graph=True)
            gradients_r = {name: value.grad.clone() for name, value in r.items()}
        gradients_g = update(adam_g, g, loss_g)
        if adam_r:
            adam_r.step()
            adam_r.zero_grad()

        record.update(lossDiscriminator=loss_d, lossAdversarial=adversarial, lossPixel=pixel, lossGenerator=loss_g)
        for name, value in record.items():
            losses.setdefault(name, []).append(value.detach())
        if step == 0:
            out.update({f"gradient.generator.{name}": value for name, value in gradients_g.items()})
            out.update({f"gradient.discriminator.{name}": value for name, value in gradients_d.items()})
            if adam_r:
                out.update({f"gradient.registration.{name}": value for name, value in gradients_r.items()})
    for network, params in (("generator", g), ("discriminator", d), ("registration", r)):
        out.update({f"{network}.{name}": value for name, value in params.items()})
    out.update({name: torch.stack(values) for name, values in losses.items()})
    return out


def main():
    parser = argparse.ArgumentParser(description="Training steps of plain pGAN or the meta-reweighted method.")
    parser.add_argument("case")
    parser.add_argument("output")
    parser.add_argument("--method", choices=["plain", "meta"], required=True)
    parser.add_argument("--parts", nargs="*", default=[], choices=["perceptual", "contextual", "registration"])
    parser.add_argument("--levels", type=int, default=0, help="of the registration network")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--lambda", dest="pixel_weight", type=float, default=100.0)
    parser.add_argument("--float64", action="store_true", help="compute and write in double precision")
    options = parser.parse_args()
    case, _ = read_safetensors(options.case, torch.float64 if options.float64 else torch.float32)
    out = train(case, options.method, options.steps, options.lr, options.pixel_weight, options.parts, options.levels)
    write_safetensors(options.output, out)


if __name__ == "__main__":
    main()
