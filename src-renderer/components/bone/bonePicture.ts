/** A picture of the stage to keep: the bone with each side's name, threshold, directions, scale bar and what the colours mean. */
import { formatNumber } from '../../lib/format.ts';
import { scale } from '../../lib/geometry.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { rightOf } from '../../lib/meshCamera.ts';
import { oppositeLetters, orientationLetters } from '../../lib/orientationLetters.ts';
import type { BoneLook } from '../../state/boneLook.svelte.ts';
import type { BonePane } from '../../vtk/bonePane.ts';
import type { BoneScene } from '../../vtk/boneScene.ts';
import { scaleBarMm } from './scaleBar.ts';

export interface PaneCaption {
  readonly name: string;
  readonly tone: 'ct' | 'sct';
  readonly note: string;
}

/** In the theme's colours; PNG. */
export async function drawPicture(
  scene: BoneScene,
  panes: readonly BonePane[],
  captions: readonly PaneCaption[],
  look: BoneLook,
): Promise<Blob> {
  scene.drawNow();
  const bone = scene.canvas;
  const picture = document.createElement('canvas');
  picture.width = bone.width;
  picture.height = bone.height;
  const pen = picture.getContext('2d');
  if (!pen) throw new Error('No 2D canvas.');
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const ratio = bone.width / Math.max(1, bone.clientWidth);
  pen.scale(ratio, ratio);
  for (const { rectangle } of panes) drawGround(pen, rectangle, token);
  pen.drawImage(bone, 0, 0, bone.clientWidth, bone.clientHeight);
  panes.forEach((pane, at) => {
    const caption = captions[at];
    if (caption) drawCaption(pen, pane, caption, token);
    drawDirections(pen, pane, token);
    drawScale(pen, pane, token);
    if (look.mode === 'distance') drawColours(pen, pane, look, token);
  });
  return await new Promise((resolve, reject) =>
    picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No picture.'))), 'image/png'),
  );
}

type Token = (name: string) => string;
type Rectangle = BonePane['rectangle'];

function font(pen: CanvasRenderingContext2D, token: Token, size: string, weight = 400): void {
  pen.font = `${String(weight)} ${token(size)} Inter, system-ui, sans-serif`;
}

function drawGround(
  pen: CanvasRenderingContext2D,
  { left, top, width, height }: Rectangle,
  token: Token,
): void {
  const [x, y] = [left + width / 2, top + height * 0.45];
  const ground = pen.createRadialGradient(x, y, 0, x, y, 0.75 * Math.hypot(width / 2, height * 0.55));
  ground.addColorStop(0, token('--bone-ground'));
  ground.addColorStop(1, token('--bone-ground-edge'));
  pen.fillStyle = ground;
  pen.fillRect(left, top, width, height);
}

function drawCaption(
  pen: CanvasRenderingContext2D,
  { rectangle }: BonePane,
  caption: PaneCaption,
  token: Token,
): void {
  pen.textAlign = 'left';
  font(pen, token, '--text-15', 700);
  pen.fillStyle = token(`--${caption.tone}`);
  pen.fillText(caption.name, rectangle.left + 12, rectangle.top + 28);
  font(pen, token, '--text-12');
  pen.fillStyle = token('--muted');
  pen.fillText(caption.note, rectangle.left + 12, rectangle.top + 46);
}

function drawDirections(pen: CanvasRenderingContext2D, { rectangle, camera }: BonePane, token: Token): void {
  const { left, top, width, height } = rectangle;
  const right = rightOf(camera);
  pen.fillStyle = token('--muted');
  pen.textAlign = 'center';
  pen.fillText(oppositeLetters(right), left + 18, top + height / 2);
  pen.fillText(orientationLetters(right), left + width - 18, top + height / 2);
  pen.fillText(orientationLetters(camera.up), left + width / 2, top + 22);
  pen.fillText(orientationLetters(scale(camera.up, -1)), left + width / 2, top + height - 14);
}

function drawScale(pen: CanvasRenderingContext2D, { rectangle, camera }: BonePane, token: Token): void {
  const { left, top, width, height } = rectangle;
  const mmPerPx = camera.heightMm / height;
  const mm = scaleBarMm(mmPerPx, width);
  const [x, y, long] = [left + width - 24, top + height - 18, mm / mmPerPx];
  pen.fillStyle = token('--text');
  pen.fillRect(x - long, y, long, 2);
  pen.textAlign = 'center';
  pen.fillText(t('bone.cm', { cm: formatNumber(mm / 10) }), x - long / 2, y - 6);
}

function drawColours(
  pen: CanvasRenderingContext2D,
  { rectangle }: BonePane,
  look: BoneLook,
  token: Token,
): void {
  const [x, y, long] = [rectangle.left + 16, rectangle.top + rectangle.height - 28, 140];
  const ramp = pen.createLinearGradient(x, 0, x + long, 0);
  for (const share of [-1, -0.5, 0, 0.5, 1])
    ramp.addColorStop((share + 1) / 2, look.css(share * look.rangeMm));
  pen.fillStyle = ramp;
  pen.fillRect(x, y, long, 8);
  pen.fillStyle = token('--muted');
  pen.textAlign = 'left';
  pen.fillText(`−${String(look.rangeMm)}`, x, y - 5);
  pen.textAlign = 'center';
  pen.fillText('0 mm', x + long / 2, y - 5);
  pen.textAlign = 'right';
  pen.fillText(`+${String(look.rangeMm)}`, x + long, y - 5);
}
