"""The scikit-image peer of the bench's evaluation, with the JSON lines of peer.py: the same metrics on the same kind of volumes.

MAE, PSNR and SSIM as SynthRAD2023 (skimage.metrics.structural_similarity, 7 x 7 x 7), mean and mean absolute error by tissue, and for bone
above 150 and 250 HU Dice, mean and 95th percentile of the surface distance (scipy.ndimage). Volumes: evaluateWork.ts.
"""

import json
import resource
import sys
import time

import numpy as np
import scipy
import skimage
from scipy.ndimage import binary_erosion, distance_transform_edt
from skimage.metrics import structural_similarity

SLICES = 100
SPACING = (2.5, 1, 1)
BONES = [(0.28, 0.47, 0.09), (0.72, 0.47, 0.09), (0.5, 0.73, 0.07)]


def volumes(h, w):
    k, j, i = np.meshgrid(np.arange(SLICES), np.arange(h), np.arange(w), indexing="ij", sparse=True)
    body = np.broadcast_to((2 * i / w - 1) ** 2 + (2 * j / h - 1) ** 2 < 0.85, (SLICES, h, w))
    hu = np.where(body, 40.0, -1000.0)
    for x, y, radius in BONES:
        depth = radius - np.hypot(i / w - x - 0.02 * np.sin(k / 9), (j / h - y) * h / w)
        hu = np.where(depth > 0, np.where(depth < 0.012, 900.0, 220.0), hu)
    random = np.random.default_rng(1)
    ct = hu + 15 * random.standard_normal(hu.shape)
    sct = hu + 60 * np.sin(i / 7) * np.cos(j / 9) + 20 * random.standard_normal(hu.shape)
    return ct.astype(np.int16), sct.astype(np.int16), body.astype(np.uint8)


def surface(bone):
    return bone & ~binary_erosion(bone, border_value=1)


def evaluate(ct, sct, mask):
    inside = mask > 0
    a, b = ct.astype(np.float64), sct.astype(np.float64)
    error = (b - a)[inside]
    reference = a[inside]
    figures = [np.abs(error).mean(), error.mean()]
    for tissue in (reference < -200, (reference >= -200) & (reference <= 150), reference > 150):
        if tissue.any():
            figures += [error[tissue].mean(), np.abs(error[tissue]).mean()]
    x, y = np.clip(a, -1024, 3000), np.clip(b, -1024, 3000)
    figures.append(10 * np.log10(4024**2 / ((x - y)[inside] ** 2).mean()))
    x, y = np.where(inside, x, -1024) + 1024, np.where(inside, y, -1024) + 1024
    crop = (slice(3, -3),) * 3
    figures.append(structural_similarity(x, y, data_range=4024, win_size=7, full=True)[1][crop][inside[crop]].mean())
    for threshold in (150, 250):
        first, second = inside & (a > threshold), inside & (b > threshold)
        figures.append(2 * (first & second).sum() / (first.sum() + second.sum()))
        s, t = surface(first), surface(second)
        there, back = (distance_transform_edt(~other, sampling=SPACING)[own] for own, other in ((s, t), (t, s)))
        figures += [np.concatenate([there, back]).mean(), max(np.percentile(there, 95), np.percentile(back, 95))]
    return figures


def main():
    data = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if request["op"] == "prepare":
                data = volumes(request["h"], request["w"])
                versions = {"scikit-image": skimage.__version__, "scipy": scipy.__version__, "numpy": np.__version__}
                answer = {"versions": versions}
            elif request["op"] == "run":
                start = time.perf_counter()
                evaluate(*data)
                answer = {"seconds": time.perf_counter() - start}
            else:
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                answer = {"peakMemoryMiB": peak / (1024 * 1024 if sys.platform == "darwin" else 1024)}
        except Exception as error:  # the boundary: whatever went wrong is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
