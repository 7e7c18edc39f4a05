import type { Point } from './chart.ts';
import { type Ink, paperInk } from './ink.ts';
import type { Setting, Sheet } from './sheet.ts';
import { type Sign, signs } from './signs.ts';
import type { Verdict } from './words.ts';

const { ink, soft } = paperInk;

export const settings = {
  body: { face: 'sans', size: 9.5, colour: ink, lineGap: 1 },
  soft: { face: 'sans', size: 8.5, colour: soft, lineGap: 1 },
  bold: { face: 'bold', size: 9.5, colour: ink, lineGap: 1 },
  name: { face: 'serif', size: 11, colour: ink },
  heading: { face: 'serif', size: 17, colour: ink },
} satisfies Record<string, Setting>;

/** A heading that stays with so much of what follows it. */
export function heading(sheet: Sheet, text: string, follows: number): void {
  sheet.y += 16;
  sheet.ensure(follows + 24);
  sheet.paragraph(text, settings.heading, 6, 'H2');
}

/** Beside words that say the same. */
export function drawSign(sheet: Sheet, sign: Sign, [x, y]: Point, { colours = paperInk, size = 10 } = {}): void {
  const colour = sign === 'info' ? colours.soft : colours[sign];
  sheet.artifact(() => {
    sheet.doc
      .save()
      .translate(x, y)
      .scale(size / 20)
      .path(signs[sign])
      .lineWidth(2)
      .lineCap('round')
      .lineJoin('round')
      .strokeColor(colour, 1)
      .stroke()
      .restore();
  });
}

type Place = { right: number; y: number; size: number };

/** A verdict with its sign, ending at the right. */
export function drawVerdict(sheet: Sheet, { tone, text }: Verdict, { right, y, size }: Place): void {
  const setting: Setting = { face: 'bold', size, colour: paperInk[tone] };
  drawSign(sheet, tone, [right - sheet.widthOf(text, setting) - size - 3, y + size * 0.13], { size });
  sheet.word(text, [right, y], { ...setting, align: 'right' });
}

/** In a pill, from the left. */
export function drawSeal(sheet: Sheet, { tone, text }: Verdict, [x, y]: Point, colours: Ink): void {
  const setting: Setting = { face: 'bold', size: 11.5, colour: colours[tone] };
  const width = sheet.widthOf(text, setting) + 36;
  sheet.artifact(() => {
    sheet.doc.roundedRect(x, y, width, 22, 11).lineWidth(1).strokeColor(colours[tone], 1).stroke();
  });
  drawSign(sheet, tone, [x + 9, y + 5], { colours, size: 12 });
  sheet.tagged('P', () => sheet.word(text, [x + 25, y + 4], setting));
}
