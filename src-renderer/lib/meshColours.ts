/** Colours of a mesh's points: bone, darker where it is buried, and the distance to another surface where that is shown. */

/** Red, green, blue, 0…255. */
export type Rgb = readonly [number, number, number];

export interface BonePalette {
  readonly bone: Rgb;
  /** The densest bone, where a volume is drawn by rays. */
  readonly dense: Rgb;
  /** Buried bone. */
  readonly hollow: Rgb;
  /** Bone of the sCT beyond the CT's (positive distance). */
  readonly added: Rgb;
  /** Bone of the CT the sCT lacks (negative distance). */
  readonly missing: Rgb;
}

/** The colour of a signed distance: bone at 0, full at ±`rangeMm`. */
export function distanceColour(mm: number, rangeMm: number, palette: BonePalette): Rgb {
  const share = Math.min(1, Math.abs(mm) / rangeMm);
  return mixed(palette.bone, mm > 0 ? palette.added : palette.missing, Number.isNaN(share) ? 0 : share);
}

/** Three bytes per point. `distancesMm` null: plain bone. */
export function colourPoints(
  shade: Uint8Array,
  distancesMm: Float32Array | null,
  rangeMm: number,
  palette: BonePalette,
): Uint8Array<ArrayBuffer> {
  const steps = Array.from({ length: 65 }, (_, n) =>
    distanceColour(((n - 32) / 32) * rangeMm, rangeMm, palette),
  );
  const out = new Uint8Array(3 * shade.length);
  for (let point = 0; point < shade.length; point++) {
    const mm = distancesMm?.[point] ?? 0;
    const step = Math.round(32 + 32 * Math.min(1, Math.max(-1, mm / rangeMm)));
    const colour = steps[Number.isNaN(step) ? 32 : step] as Rgb;
    const free = (shade[point] as number) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const full = colour[channel] as number;
      const deep = (full * (palette.hollow[channel] as number)) / 255;
      out[3 * point + channel] = deep + (full - deep) * free;
    }
  }
  return out;
}

function mixed(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (n: 0 | 1 | 2): number => a[n] + (b[n] - a[n]) * share;
  return [channel(0), channel(1), channel(2)];
}

/** Reads `#rgb`, `#rrggbb` or `rgb(r, g, b)`; black for anything else. */
export function parseColour(text: string): Rgb {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const wide = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
    const byte = (from: number): number => Number.parseInt(wide.slice(from, from + 2), 16);
    return [byte(0), byte(2), byte(4)];
  }
  const numbers = /^rgb\((\d+)[, ]+(\d+)[, ]+(\d+)\)$/.exec(text.trim());
  return numbers ? [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])] : [0, 0, 0];
}
