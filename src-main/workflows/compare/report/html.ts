/** Small building blocks of a self-contained page. */
import type { Mark, Picture } from '../pictures/picture.ts';

/** Text as HTML or SVG content and attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface Cell {
  /** Escaped when it is written. */
  readonly text: string;
  readonly isNumber?: boolean;
  /** Shown stronger. */
  readonly isBest?: boolean;
  /** Its colour, beside words that say the same. */
  readonly tone?: 'good' | 'bad';
  /** In small print below the text, each in a line of its own. */
  readonly notes?: readonly string[];
}

/** A table with a caption for its meaning; the first column heads the rows. */
export function table(caption: string, head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cell = (
    { text, isNumber = false, isBest = false, tone, notes = [] }: Cell,
    at: number,
    isHead: boolean,
  ): string => {
    const classes = [
      ...(isNumber ? ['number'] : []),
      ...(isBest ? ['best'] : []),
      ...(tone ? [tone] : []),
    ].join(' ');
    const name = isHead || at === 0 ? 'th' : 'td';
    const scope = isHead ? ' scope="col"' : at === 0 ? ' scope="row"' : '';
    const small = notes.map((note) => `<small>${escapeHtml(note)}</small>`).join('');
    return `<${name}${scope}${classes ? ` class="${classes}"` : ''}>${escapeHtml(text)}${small}</${name}>`;
  };
  const row = (cells: readonly Cell[], isHead: boolean): string =>
    `<tr>${cells.map((one, at) => cell(one, at, isHead)).join('')}</tr>`;
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead>${row(head, true)}</thead><tbody>${rows.map((cells) => row(cells, false)).join('\n')}</tbody></table></div>`;
}

/** A picture with arrows at its marks. */
export function pictureSvg(
  { width, height, png }: Picture,
  alt: string,
  marks: readonly Mark[] = [],
): string {
  const data = Buffer.from(png).toString('base64');
  const arrows = marks.map(({ x, y, text }) => arrow(x * width, y * height, width, text)).join('');
  return `<svg class="picture" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(alt)}"><image width="${width}" height="${height}" href="data:image/png;base64,${data}"/>${arrows}</svg>`;
}

/** Comes from the outer upper side, so that it covers as little as possible, and ends just before the place. */
function arrow(x: number, y: number, width: number, text: string): string {
  const side = x < width / 2 ? -1 : 1;
  const unit = width / 100;
  const tip = [x + side * 1.6 * unit, y - 1.6 * unit] as const;
  const at = (along: number, across: number): string => {
    const [ax, ay] = [side * Math.SQRT1_2, -Math.SQRT1_2];
    return `${(tip[0] + ax * along - ay * across * side).toFixed(1)} ${(tip[1] + ay * along + ax * across * side).toFixed(1)}`;
  };
  const path = `M${at(0, 0)}L${at(3.6 * unit, 1.7 * unit)}L${at(3.6 * unit, 0.6 * unit)}L${at(8 * unit, 0.6 * unit)}L${at(8 * unit, -0.6 * unit)}L${at(3.6 * unit, -0.6 * unit)}L${at(3.6 * unit, -1.7 * unit)}Z`;
  return `<path class="mark" d="${path}"><title>${escapeHtml(text)}</title></path>`;
}

/** A heading, what it means, and its content. */
export function section(title: string, notes: readonly string[], content: string): string {
  return `<section><h2>${escapeHtml(title)}</h2>${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('')}${content}</section>`;
}

/** A figure with its caption: first what it is, then details. */
export function captioned(content: string, label: string, detail = '', kind = ''): string {
  return `<figure>${content}<figcaption><b${kind ? ` class="${kind}"` : ''}>${escapeHtml(label)}</b>${detail ? ` ${escapeHtml(detail)}` : ''}</figcaption></figure>`;
}
