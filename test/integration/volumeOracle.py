"""What nibabel and numpy know of NIfTI and MetaImage files, for test/integration/volumeSupport.ts.

`make FOLDER` writes one file per oddity and prints what is in each; `see` prints the same of the files named on standard input.
Of a volume: its size, index to LPS in mm (rows x y z), the sum of its values, and their sum weighted by place (i fastest).
"""

import json
import os
import sys
import zlib

import nibabel
import numpy as np

RAS_TO_LPS = np.diag([-1.0, -1, 1, 1])


def seen(data, lps):
    data = np.asarray(data, dtype=np.float64)
    while data.ndim > 3 and data.shape[-1] == 1:
        data = data[..., 0]
    if data.ndim != 3:
        return None
    flat = data.ravel(order="F")
    flat = np.where(np.isfinite(flat), flat, 0)
    weights = np.arange(flat.size) % 9973 + 1
    return {
        "size": list(data.shape),
        "indexToLps": np.asarray(lps)[:3].ravel().tolist(),
        "sum": float(np.sum(flat)),
        "weighted": float(np.sum(flat * weights)),
    }


def see_nifti(path):
    try:
        image = nibabel.load(path)
        unit = {"meter": 1000, "micron": 1e-3}.get(image.header.get_xyzt_units()[0], 1)
        data = np.asanyarray(image.dataobj)
        if data.dtype.kind not in "iuf":
            return None
        return seen(data, RAS_TO_LPS @ np.diag([unit, unit, unit, 1]) @ image.affine)
    except Exception:
        return None


META_TYPES = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8", "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}  # fmt: skip


def see_meta(path):
    raw = open(path, "rb").read()
    fields, at = {}, 0
    while "ElementDataFile" not in fields:
        end = raw.index(b"\n", at)
        key, _, value = raw[at:end].decode("latin1").partition("=")
        fields[key.strip()] = value.strip()
        at = end + 1
    size = [int(n) for n in fields["DimSize"].split()]
    if len(size) != 3:
        return None
    local = fields["ElementDataFile"] == "LOCAL"
    body = raw[at:] if local else open(os.path.join(os.path.dirname(path), fields["ElementDataFile"]), "rb").read()
    if fields.get("CompressedData") == "True":
        body = zlib.decompress(body)
    order = ">" if fields.get("BinaryDataByteOrderMSB") == "True" else "<"
    data = np.frombuffer(body, order + META_TYPES[fields["ElementType"]]).reshape(size, order="F")
    return seen(data, meta_affine(fields["TransformMatrix"], fields["Offset"], fields["ElementSpacing"]))


def meta_affine(matrix, offset, spacing):
    numbers = lambda text: np.array([float(n) for n in text.split()])
    lps = np.eye(4)
    lps[:3, :3] = numbers(matrix).reshape(3, 3).T * numbers(spacing)
    lps[:3, 3] = numbers(offset)
    return lps


def make_nifti(folder, add):
    rng = np.random.default_rng(7)
    base = rng.integers(0, 120, (5, 4, 3))
    c, s = np.cos(0.3), np.sin(0.3)
    oblique = np.array([[2 * c, -2.5 * s, 0, -31], [2 * s, 2.5 * c, 0, 17], [0, 0, 4, -205], [0, 0, 0, 1.0]])
    count = 0

    def put(what, data=None, kind=nibabel.Nifti1Image, affine=oblique, change=None, end=".nii", dtype=np.int16, codes=(1, 1), after=None):
        nonlocal count
        data = base.astype(dtype) if data is None else data
        header = kind.header_class(endianness=">") if what.endswith("big endian") else None
        image = kind(data, affine, header, dtype=data.dtype)
        image.set_qform(affine, codes[0], strip_shears=True)
        image.set_sform(affine, codes[1])
        if change:
            change(image)
        count += 1
        path = os.path.join(folder, f"n{count:02}{end}")
        image.to_filename(path)
        if after:
            bytes_ = bytearray(open(path, "rb").read())
            bytes_ = after(bytes_) or bytes_
            open(path, "wb").write(bytes_)
        add("nifti", what, path, see_nifti(path))

    def slope(value, inter):
        def after(raw):
            raw[112:120] = np.array([value, inter], "<f4").tobytes()
        return after

    def units(name):
        return lambda image: image.header.set_xyzt_units(name)

    def flip(raw):
        raw[-6] ^= 1

    for dtype in ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]:
        put("whole and real numbers of 8 to 64 bits", dtype=dtype)
    put("compressed (`.nii.gz`)", end=".nii.gz")
    put("big endian")
    put("NIfTI-2", kind=nibabel.Nifti2Image)
    put("NIfTI-2, big endian", kind=nibabel.Nifti2Image)
    put("header extension", change=lambda image: image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"x" * 99)))
    put("sform alone", codes=(0, 1))
    put("qform alone", codes=(1, 0))
    put("qform alone, left-handed", codes=(1, 0), affine=oblique @ np.diag([-1, 1, 1, 1.0]))
    put("qform that differs from the sform", change=lambda image: image.set_qform(np.diag([2, 2, 4, 1.0]), 1))
    put("neither qform nor sform", codes=(0, 0))
    put("sheared sform", affine=oblique @ np.array([[1, 0, 0.2, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]))
    put("lengths in metres or micrometres", affine=oblique / [[1000], [1000], [1000], [1]], change=units("meter"))
    put("lengths in metres or micrometres", affine=oblique * [[1000], [1000], [1000], [1]], change=units("micron"))
    put("`scl_slope` and `scl_inter`", after=slope(2.5, -1024))
    put("`scl_slope` 0 or no number", after=slope(0, 5))
    put("`scl_slope` 0 or no number", after=slope(np.nan, np.nan))
    put("`scl_slope` without a valid `scl_inter`", after=slope(2, np.nan))
    put("NaN or infinite values", data=np.where(base == base.max(), np.nan, base).astype("f4"))
    put("NaN or infinite values", data=np.where(base == base.max(), np.inf, base).astype("f4"))
    put("4-D with one volume", data=base[..., None].astype("i2"))
    put("4-D with several volumes", data=np.stack([base, base], -1).astype("i2"))
    put("2-D", data=base[..., 0].astype("i2"))
    put("complex or colour", data=base.astype("c8"))
    put("complex or colour", data=np.zeros((5, 4, 3), [("R", "u1"), ("G", "u1"), ("B", "u1")]))
    put("pair `.hdr` and `.img`", kind=nibabel.Nifti1Pair, end=".hdr")
    put("cut", after=lambda raw: raw[:-1])
    put("compressed, cut or with a wrong checksum", end=".nii.gz", after=lambda raw: raw[:-9])
    put("compressed, cut or with a wrong checksum", end=".nii.gz", after=flip)


def make_meta(folder, add):
    rng = np.random.default_rng(8)
    base = rng.integers(0, 120, (5, 4, 3))
    oblique = "0.8 0.6 0 -0.6 0.8 0 0 0 1"
    place = {"TransformMatrix": oblique, "Offset": "-31.5 17 -205", "ElementSpacing": "2 2.5 4"}
    lps = meta_affine(*place.values())
    count = 0

    def put(what, fields={}, data=base, kind="MET_SHORT", order="<", pack=None, apart=None, lead=b"", cut=0, names={}, expected=True):
        nonlocal count
        count += 1
        body = np.asarray(data).astype(order + META_TYPES.get(kind, "i2")).tobytes(order="F")
        packed = zlib.compress(body) if pack else body
        own = {"CompressedDataSize": len(packed)} if pack == "sized" else {}
        end = ".mha" if apart is None else ".mhd"
        path = os.path.join(folder, f"m{count:02}{end}")
        header = {
            "ObjectType": "Image", "NDims": 3, "BinaryData": "True", "BinaryDataByteOrderMSB": "True" if order == ">" else "False",
            "CompressedData": "True" if pack else "False", **own, **place, "DimSize": "5 4 3", "ElementType": kind, **fields,
        }  # fmt: skip
        if apart:
            open(os.path.join(folder, f"m{count:02}{apart}"), "wb").write(lead + packed)
        header.setdefault("ElementDataFile", "LOCAL" if apart is None else f"m{count:02}{apart}")
        text = "".join(f"{names.get(key, key)} = {value}\n" for key, value in header.items() if value is not None)
        whole = text.encode() + (b"" if apart else packed)
        open(path, "wb").write(whole[: len(whole) - cut])
        add("metaimage", what, path, seen(data, lps) if expected else None)

    for kind in META_TYPES:
        put("whole and real numbers of 8 to 64 bits", kind=kind)
    put("big endian", order=">")
    put("zlib (`CompressedData`), with its size or without", pack="sized")
    put("zlib (`CompressedData`), with its size or without", pack="open")
    put("`.mhd` with `.raw` or `.zraw`", apart=".raw")
    put("`.mhd` with `.raw` or `.zraw`", apart=".zraw", pack="sized")
    put("`HeaderSize`", {"HeaderSize": 9}, apart=".raw", lead=b"123456789")
    put("`HeaderSize`", {"HeaderSize": -1}, apart=".raw", lead=b"1234567")
    put("older names (`Rotation`, `Position`)", names={"TransformMatrix": "Rotation", "Offset": "Position"})
    put("`AnatomicalOrientation` as ITK writes it, or the other way", {"AnatomicalOrientation": "RAI"})
    put("`AnatomicalOrientation` as ITK writes it, or the other way", {"AnatomicalOrientation": "LPS"})
    put("`AnatomicalOrientation` against the directions", {"AnatomicalOrientation": "LAI"})
    put("4-D with one volume", {"NDims": 4, "DimSize": "5 4 3 1", "Offset": "-31.5 17 -205 0", "ElementSpacing": "2 2.5 4 1",
        "TransformMatrix": "0.8 0.6 0 0 -0.6 0.8 0 0 0 0 1 0 0 0 0 1"})  # fmt: skip
    put("NaN or infinite values", kind="MET_FLOAT", data=np.where(base == base.max(), np.nan, base))
    flat = {"NDims": 2, "DimSize": "5 4", "TransformMatrix": "1 0 0 1", "Offset": "0 0", "ElementSpacing": "1 1"}
    put("2-D", flat, data=base[..., 0])
    put("4-D with several volumes", {"NDims": 4, "DimSize": "5 4 3 2", "Offset": "0 0 0 0", "ElementSpacing": "1 1 1 1",
        "TransformMatrix": "1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1"}, data=np.stack([base, base], -1))  # fmt: skip
    put("several channels", {"ElementNumberOfChannels": 3}, expected=False)
    put("voxels as text", {"BinaryData": "False"}, expected=False)
    put("voxels in several files or in another folder", {"ElementDataFile": "LIST"}, expected=False)
    put("voxels in several files or in another folder", {"ElementDataFile": "../m01.raw"}, expected=False)
    put("spacing of 0, below 0 or no number", {"ElementSpacing": "2 0 4"}, expected=False)
    put("spacing of 0, below 0 or no number", {"ElementSpacing": "2 -2 4"}, expected=False)
    put("spacing of 0, below 0 or no number", {"ElementSpacing": "2 nan 4"}, expected=False)
    put("cut, or with a wrong checksum", cut=1, expected=False)
    put("cut, or with a wrong checksum", pack="sized", cut=1, expected=False)


def main():
    if sys.argv[1] == "make":
        files = []
        add = lambda kind, what, path, about: files.append({"format": kind, "what": what, "path": path, "seen": about})
        make_nifti(sys.argv[2], add)
        make_meta(sys.argv[2], add)
        print(json.dumps(files))
    else:
        paths = sys.stdin.read().split("\n")
        print(json.dumps([see_meta(path) if path.endswith(("a", "d")) else see_nifti(path) for path in paths]))


main()
