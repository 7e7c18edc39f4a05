import type { Chart, Mark, Point } from './chart.ts';
import type { Ink } from './ink.ts';
import { margin, type Setting, type Sheet } from './sheet.ts';

/** A page of paper is held closer than a screen. */
const scale = 0.72;
/** Beside the plot, for what its scale says. */
const gutter = 26;
const legendHeight = 13;

export const chartHeight = ({ height }: Chart): number => height * scale + legendHeight + 4;

/** Draws a chart over the width of the sheet, from where the sheet stands; `ink` is that of its ground. */
export function drawChart(sheet: Sheet, chart: Chart, ink: Ink): void {
  const { doc } = sheet;
  const [left, top, width] = [margin + gutter, sheet.y, sheet.width - gutter];
  const place = ([x, y]: Point): Point => [hundredths(left + x * width), hundredths(top + y * scale)];
  const setting: Setting = { face: 'sans', size: 7, colour: ink.soft };
  sheet.tagged(
    'Figure',
    () => {
      for (const mark of chart.marks) {
        if (mark.kind !== 'label') drawShape(doc, mark, place, ink);
      }
      for (const mark of chart.marks) {
        if (mark.kind === 'label') drawLabel(sheet, mark, place(mark.at), setting);
      }
      drawLegend(sheet, chart, [left, top + chart.height * scale + 2], ink);
    },
    { alt: chart.sentence },
  );
  sheet.y += chartHeight(chart);
}

/** Finer than any printer. */
const hundredths = (value: number): number => Math.round(value * 100) / 100;

function drawShape(
  doc: PDFKit.PDFDocument,
  { kind, role, points }: Exclude<Mark, { kind: 'label' }>,
  place: (point: Point) => Point,
  ink: Ink,
): void {
  if (points.length < 2) return;
  const { colour, opacity = 1, width = 0.8, dash } = ink.marks[role];
  for (const [k, point] of points.entries()) {
    const [x, y] = place(point);
    if (k === 0) doc.moveTo(x, y);
    else doc.lineTo(x, y);
  }
  if (kind === 'area') {
    doc.closePath().fillColor(colour, opacity).fill();
    return;
  }
  doc.lineWidth(width).lineJoin('round').strokeColor(colour, opacity);
  if (dash === undefined) doc.undash();
  else doc.dash(dash, { space: dash });
  doc.stroke().undash();
}

const aligns = { start: 'left', middle: 'center', end: 'right', beside: 'right' } as const;

function drawLabel(
  sheet: Sheet,
  { text, anchor }: Extract<Mark, { kind: 'label' }>,
  [x, y]: Point,
  setting: Setting,
): void {
  const at: Point = [anchor === 'beside' ? x - 5 : x, y - setting.size];
  sheet.word(text, at, { ...setting, align: aligns[anchor] });
}

const areas = new Set(['range', 'region', 'deepest', 'mean']);

function drawLegend(sheet: Sheet, { legend }: Chart, [left, top]: Point, ink: Ink): void {
  const { doc } = sheet;
  const setting: Setting = { face: 'sans', size: 7.5, colour: ink.soft };
  let x = left;
  for (const { role, text } of legend) {
    const isArea = areas.has(role);
    const points: Point[] = isArea
      ? [
          [0, 2],
          [13, 2],
          [13, 9],
          [0, 9],
        ]
      : [
          [0, 5.5],
          [13, 5.5],
        ];
    const mark = { kind: isArea ? 'area' : 'line', role, points } as const;
    const from = x;
    drawShape(doc, mark, ([dx, dy]) => [from + dx, top + dy], ink);
    sheet.word(text, [x + 17, top], setting);
    x += 17 + sheet.widthOf(text, setting) + 14;
  }
}
