/** One volume drawn by rays: bone from the threshold upwards, denser where the HU are higher. */
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js';
import vtkPlane from '@kitware/vtk.js/Common/DataModel/Plane.js';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js';
import vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';
import vtkVolumeMapper from '@kitware/vtk.js/Rendering/Core/VolumeMapper.js';
import { spacingOf } from '../lib/geometry.ts';
import type { ClipPlane } from '../lib/meshPick.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { BoneVolume } from './bonePane.ts';
import type { SliceImages } from './sliceImages.ts';

/** Steps along a ray, in voxels: longer ones leave rings, shorter ones take seconds where the processor draws. */
const stepShare = { card: 0.4, processor: 1 };

/** HU above the threshold at which bone has its full density. */
const rampHu = 250;

export class BoneVolumeActor {
  readonly actor = vtkVolume.newInstance();
  readonly #mapper = vtkVolumeMapper.newInstance();
  readonly #colours = vtkColorTransferFunction.newInstance();
  readonly #opacities = vtkPiecewiseFunction.newInstance();
  readonly #plane = vtkPlane.newInstance();
  readonly volume: LoadedVolume;
  #shown = '';
  #clipped = false;

  constructor(volume: LoadedVolume, images: SliceImages, drawnBy: 'card' | 'processor') {
    this.volume = volume;
    this.#mapper.setInputData(images.of(volume));
    this.actor.setMapper(this.#mapper);
    const property = this.actor.getProperty();
    property.setRGBTransferFunction(0, this.#colours);
    property.setScalarOpacity(0, this.#opacities);
    property.setInterpolationTypeToLinear();
    property.setShade(true);
    property.setAmbient(0.28);
    property.setDiffuse(0.85);
    property.setSpecular(0.15);
    property.setSpecularPower(24);
    this.#mapper.setMaximumSamplesPerRay(4000);
    const stepMm = Math.min(...spacingOf(volume));
    this.#mapper.setSampleDistance(stepShare[drawnBy] * stepMm);
    property.setScalarOpacityUnitDistance(0, stepMm);
  }

  show(shown: BoneVolume, clip: ClipPlane | null): void {
    this.#colour(shown);
    this.#clip(clip);
  }

  dispose(): void {
    this.actor.delete();
    this.#mapper.delete();
    this.#colours.delete();
    this.#opacities.delete();
    this.#plane.delete();
  }

  #colour({ thresholdHu, soft, dense }: BoneVolume): void {
    const shown = JSON.stringify([thresholdHu, soft, dense]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#colours.removeAllPoints();
    this.#colours.addRGBPoint(thresholdHu, ...soft);
    this.#colours.addRGBPoint(thresholdHu + rampHu, ...dense);
    this.#opacities.removeAllPoints();
    this.#opacities.addPoint(thresholdHu - 1, 0);
    this.#opacities.addPoint(thresholdHu, 0.3);
    this.#opacities.addPoint(thresholdHu + rampHu, 0.95);
  }

  #clip(clip: ClipPlane | null): void {
    if (clip) {
      this.#plane.setOrigin(...clip.point);
      this.#plane.setNormal(...clip.normal);
    }
    if ((clip !== null) === this.#clipped) return;
    if (clip) this.#mapper.addClippingPlane(this.#plane);
    else this.#mapper.removeAllClippingPlanes();
    this.#clipped = clip !== null;
  }
}
