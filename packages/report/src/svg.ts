// A chart as SVG that is as wide as there is room, with lines and letters of constant size: the plot is stretched, the labels
// stand at percentages of the width.
import type { Chart, Mark, Point } from './chart.ts';
import { type Html, html } from './markup.ts';

/** The width of the plot before it is stretched. */
const plotWidth = 1000;

const coordinates = ([x, y]: Point): string => `${tenths(x * plotWidth)} ${tenths(y)}`;
const tenths = (value: number): string => String(Math.round(value * 10) / 10);

export const svgOf = ({ height, sentence, marks }: Chart): Html => html`
<svg class="chart" height="${height}" width="100%" role="img" aria-label="${sentence}">
<svg width="100%" height="${height}" viewBox="0 0 ${plotWidth} ${height}" preserveAspectRatio="none">${marks.map(shapeOf)}</svg>
${marks.map(labelOf)}</svg>`;

function shapeOf(mark: Mark): Html | null {
  if (mark.kind === 'label' || mark.points.length < 2) return null;
  const end = mark.kind === 'area' ? 'Z' : '';
  const d = `M${mark.points.map(coordinates).join('L')}${end}`;
  return html`<path class="${mark.kind} ${mark.role}" d="${d}"/>`;
}

function labelOf(mark: Mark): Html | null {
  if (mark.kind !== 'label') return null;
  const { at, anchor, text } = mark;
  if (anchor === 'beside') return html`<text x="0" dx="-7" y="${tenths(at[1])}" text-anchor="end">${text}</text>`;
  return html`<text x="${tenths(at[0] * 100)}%" y="${tenths(at[1])}" text-anchor="${anchor}">${text}</text>`;
}
