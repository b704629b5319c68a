/** One bone surface on the graphics card. */
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkPlane from '@kitware/vtk.js/Common/DataModel/Plane.js';
import vtkPolyData from '@kitware/vtk.js/Common/DataModel/PolyData.js';
import vtkActor from '@kitware/vtk.js/Rendering/Core/Actor.js';
import vtkMapper from '@kitware/vtk.js/Rendering/Core/Mapper.js';
import type { ClipPlane } from '../lib/meshPick.ts';
import type { Mesh } from '../lib/meshTypes.ts';
import type { BoneSurface } from './bonePane.ts';
import { boneShading } from './boneShading.ts';

export class BoneSurfaceActor {
  readonly actor = vtkActor.newInstance();
  readonly #mapper = vtkMapper.newInstance();
  readonly #plane = vtkPlane.newInstance();
  #data: vtkPolyData | null = null;
  #mesh: Mesh | null = null;
  #colours: Uint8Array | null = null;
  #clipped = false;

  constructor() {
    this.#mapper.setViewSpecificProperties(boneShading);
    this.actor.setMapper(this.#mapper);
  }

  show(surface: BoneSurface | null, clip: ClipPlane | null): void {
    this.actor.setVisibility(surface !== null && surface.mesh.triangles.length > 0);
    if (!surface) {
      this.#letGo();
      return;
    }
    if (surface.mesh !== this.#mesh) this.#take(surface.mesh);
    if (surface.colours !== this.#colours) {
      const colours = vtkDataArray.newInstance({
        name: 'colours',
        numberOfComponents: 3,
        values: surface.colours,
      });
      this.#data?.getPointData().setScalars(colours);
      this.#data?.modified();
      this.#colours = surface.colours;
    }
    this.#clip(clip);
  }

  dispose(): void {
    this.#letGo();
    this.actor.delete();
    this.#mapper.delete();
    this.#plane.delete();
  }

  #take(mesh: Mesh): void {
    this.#letGo();
    const { points, normals, triangles } = mesh;
    const data = vtkPolyData.newInstance();
    const cells = new Uint32Array((triangles.length / 3) * 4);
    for (let from = 0, to = 0; from < triangles.length; from += 3, to += 4) {
      cells[to] = 3;
      cells[to + 1] = triangles[from] as number;
      cells[to + 2] = triangles[from + 1] as number;
      cells[to + 3] = triangles[from + 2] as number;
    }
    data.getPoints().setData(points, 3);
    data.getPolys().setData(cells);
    data
      .getPointData()
      .setNormals(vtkDataArray.newInstance({ name: 'normals', numberOfComponents: 3, values: normals }));
    this.#mapper.setInputData(data);
    this.#data = data;
    this.#mesh = mesh;
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

  #letGo(): void {
    if (this.#data) {
      this.#mapper.setInputData(vtkPolyData.newInstance());
      this.#data.delete();
    }
    this.#data = null;
    this.#mesh = null;
    this.#colours = null;
  }
}
