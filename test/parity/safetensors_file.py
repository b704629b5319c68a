"""Reads and writes safetensors files (https://huggingface.co/docs/safetensors): eight bytes little-endian header length,
a JSON header {name: {dtype, shape, data_offsets}, "__metadata__": {string: string}}, then the tensors' bytes.
Only F32 and F64, which is all the parity scripts need.
"""

import json
import struct

import torch

DTYPES = {"F32": torch.float32, "F64": torch.float64}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def read_safetensors(path, dtype=None):
    """Returns (tensors by name, metadata); every tensor is converted to `dtype` when one is given."""
    with open(path, "rb") as file:
        (header_length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_length))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        source = DTYPES[entry["dtype"]]
        count = (end - start) // (8 if source == torch.float64 else 4)
        flat = torch.frombuffer(data, dtype=source, count=count, offset=start) if count else torch.empty(0, dtype=source)
        tensors[name] = flat.reshape(entry["shape"]).to(dtype or source).clone()
    return tensors, metadata


def write_safetensors(path, tensors, metadata=None):
    """Writes the tensors in the order given; metadata values become strings."""
    header, chunks, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = {key: str(value) for key, value in metadata.items()}
    for name, tensor in tensors.items():
        chunk = tensor.detach().contiguous().cpu().numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(chunk)],
        }
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(chunks)
