"""The pydicom peer of the reading bench, JSON lines as in peer.py.

  {"op": "prepare", "kind": "index" | "load", "folder":, "count":}  -> {"versions":}
index: dcmread(stop_before_pixels) of every file, the tags an index needs, grouped by series and sorted along the normal.
load:  dcmread of every file, sorted along the normal, slope and intercept applied, stacked to one int16 array.
"""

import functools
import json
import os
import resource
import sys
import time
from collections import defaultdict

import numpy
import pydicom

TAGS = """SOPClassUID SOPInstanceUID Modality SeriesInstanceUID SeriesNumber SeriesDescription StudyInstanceUID PatientID PatientName
FrameOfReferenceUID PatientPosition ImageType ImagePositionPatient ImageOrientationPatient PixelSpacing SliceThickness Rows Columns
BitsStored RescaleSlope RescaleIntercept EchoTime AcquisitionNumber""".split()


def paths(folder):
    return [entry.path for entry in os.scandir(folder) if entry.is_file()]


def along_normal(dataset):
    a = numpy.array(dataset.ImageOrientationPatient, dtype=float)
    return float(numpy.cross(a[:3], a[3:]) @ numpy.array(dataset.ImagePositionPatient, dtype=float))


def index(folder, count):
    series = defaultdict(list)
    for path in paths(folder):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        values = {tag: dataset.get(tag) for tag in TAGS}
        series[values["SeriesInstanceUID"]].append((along_normal(dataset), path, values))
    for images in series.values():
        images.sort(key=lambda image: image[0])
    assert sum(map(len, series.values())) == count


def load(folder, count):
    datasets = sorted((pydicom.dcmread(path) for path in paths(folder)), key=along_normal)
    volume = numpy.empty((len(datasets), datasets[0].Rows, datasets[0].Columns), dtype=numpy.int16)
    for k, dataset in enumerate(datasets):
        volume[k] = dataset.pixel_array * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
    assert len(volume) == count


def main():
    run = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if request["op"] == "prepare":
                kind = {"index": index, "load": load}[request["kind"]]
                run = functools.partial(kind, request["folder"], request["count"])
                answer = {"versions": {"pydicom": pydicom.__version__, "numpy": numpy.__version__}}
            elif request["op"] == "run":
                start = time.perf_counter()
                run()
                answer = {"seconds": time.perf_counter() - start}
            else:
                answer = {"peakMemoryMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        except Exception as error:  # told to the bench, which ends with it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
