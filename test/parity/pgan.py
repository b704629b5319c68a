"""pGAN's generator and conditional PatchGAN as pure functions of a dict of tensors (Dar et al. 2019, IEEE TMI 38(10):2375).

Stages, in PyTorch layouts (transposed convolutions [in, out, kh, kw]; every stage has `.weight` and `.bias`):
  generator      stem, down1, down2, res{k}.conv1, res{k}.conv2, up1, up2, head
  discriminator  conv0 .. conv4 on concat(source, image)
Instance normalisation is without affine parameters and without running statistics, eps 1e-5. Dropout is not drawn here: the
caller passes one mask per residual block (0 or 1/(1-p), shape [n, 4 ngf, h/4, w/4]), multiplied in after the first ReLU.
Height and width must be multiples of 4 and at least 8 (reflect padding of the h/4 x w/4 bottleneck).
"""

import torch
import torch.nn.functional as F

RES_DROPOUT = 0.5


def generator_shapes(ngf=64, blocks=9, input_channels=1):
    """Weight shape per stage, in the order of the file; the bias has as many values as the stage has output channels."""
    shapes = {"stem": (ngf, input_channels, 7, 7), "down1": (2 * ngf, ngf, 3, 3), "down2": (4 * ngf, 2 * ngf, 3, 3)}
    for k in range(blocks):
        shapes[f"res{k}.conv1"] = shapes[f"res{k}.conv2"] = (4 * ngf, 4 * ngf, 3, 3)
    shapes["up1"] = (4 * ngf, 2 * ngf, 3, 3)
    shapes["up2"] = (2 * ngf, ngf, 3, 3)
    shapes["head"] = (1, ngf, 7, 7)
    return shapes


def discriminator_shapes(ndf=64, input_channels=1):
    """Weight shape per stage of the 70 x 70 PatchGAN on input_channels + 1 channels."""
    widths = [input_channels + 1, ndf, 2 * ndf, 4 * ndf, 8 * ndf, 1]
    return {f"conv{k}": (widths[k + 1], widths[k], 4, 4) for k in range(5)}


def random_params(shapes, random, dtype=torch.float32, std=0.02):
    """Weights and biases N(0, std). pGAN leaves biases at the framework's default; here they only must not be zero."""
    params = {}
    for stage, shape in shapes.items():
        outputs = shape[1] if stage.startswith("up") else shape[0]
        params[f"{stage}.weight"] = torch.randn(shape, generator=random, dtype=torch.float64).mul(std).to(dtype)
        params[f"{stage}.bias"] = torch.randn(outputs, generator=random, dtype=torch.float64).mul(std).to(dtype)
    return params


def count_blocks(params):
    """Number of residual blocks of a generator."""
    return sum(name.endswith(".conv1.weight") for name in params)


def draw_masks(params, n, h, w, random=None):
    """Scaled inverted dropout masks for a generator and a batch of n images h x w, one per residual block."""
    stem = params["stem.weight"]
    shape = (n, 4 * stem.shape[0], h // 4, w // 4)
    keep = 1 - RES_DROPOUT
    return [
        torch.empty(shape, dtype=stem.dtype).bernoulli_(keep, generator=random).div_(keep)
        for _ in range(count_blocks(params))
    ]


def generator(params, x, masks=None):
    """[n, c, h, w] in [-1, 1] -> [n, 1, h, w] in (-1, 1)."""

    def weights(stage):
        return params[f"{stage}.weight"], params[f"{stage}.bias"]

    def norm_relu(v):
        return F.relu(F.instance_norm(v), inplace=True)

    def reflect(v, size):
        return F.pad(v, (size,) * 4, mode="reflect")

    v = norm_relu(F.conv2d(reflect(x, 3), *weights("stem")))
    v = norm_relu(F.conv2d(v, *weights("down1"), stride=2, padding=1))
    v = norm_relu(F.conv2d(v, *weights("down2"), stride=2, padding=1))
    for k in range(count_blocks(params)):
        branch = norm_relu(F.conv2d(reflect(v, 1), *weights(f"res{k}.conv1")))
        if masks is not None:
            branch = branch * masks[k]
        v = v + F.instance_norm(F.conv2d(reflect(branch, 1), *weights(f"res{k}.conv2")))
    v = norm_relu(F.conv_transpose2d(v, *weights("up1"), stride=2, padding=1, output_padding=1))
    v = norm_relu(F.conv_transpose2d(v, *weights("up2"), stride=2, padding=1, output_padding=1))
    return torch.tanh(F.conv2d(reflect(v, 3), *weights("head")))


def discriminator(params, source, image):
    """[n, c, h, w], [n, 1, h, w] -> logits [n, 1, h/8 - 2, w/8 - 2] (floor), no sigmoid."""
    v = torch.cat([source, image], dim=1)
    for k in range(5):
        stride = 2 if k < 3 else 1
        v = F.conv2d(v, params[f"conv{k}.weight"], params[f"conv{k}.bias"], stride=stride, padding=1)
        if 0 < k < 4:
            v = F.instance_norm(v)
        if k < 4:
            v = F.leaky_relu(v, 0.2, inplace=True)
    return v


def least_squares(logits, target):
    """LSGAN: mean squared distance of the logits to the target (1 real, 0 fake)."""
    return (logits - target).square().mean()
