/** The colour and opacity tables of slices as vtk.js functions over 0…1 of the window; made once per scene. */
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js';
import { colourMaps, type ColourMapName } from '../lib/colourMaps.ts';

export class SliceColours {
  readonly #colours = new Map<ColourMapName, vtkColorTransferFunction>();
  readonly #opaque = vtkPiecewiseFunction.newInstance();
  readonly #labels = vtkPiecewiseFunction.newInstance();

  constructor() {
    this.#opaque.addPoint(0, 1);
    this.#opaque.addPoint(1, 1);
    // What is not the label is not drawn.
    this.#labels.addPoint(0, 0);
    this.#labels.addPoint(0.49, 0);
    this.#labels.addPoint(0.51, 1);
    this.#labels.addPoint(1, 1);
  }

  colours(name: ColourMapName): vtkColorTransferFunction {
    const known = this.#colours.get(name);
    if (known) return known;
    const made = vtkColorTransferFunction.newInstance();
    const stops = colourMaps[name];
    stops.forEach(([red, green, blue], at) =>
      made.addRGBPoint(at / (stops.length - 1), red / 255, green / 255, blue / 255),
    );
    this.#colours.set(name, made);
    return made;
  }

  opacities(name: ColourMapName): vtkPiecewiseFunction {
    return name === 'label' ? this.#labels : this.#opaque;
  }

  dispose(): void {
    for (const made of this.#colours.values()) made.delete();
    this.#opaque.delete();
    this.#labels.delete();
  }
}
