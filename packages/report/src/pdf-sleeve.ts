import type { Disc } from './disc.ts';
import { lacquerInk } from './ink.ts';
import type { Page } from './page.ts';
import { chartHeight, drawChart } from './pdf-chart.ts';
import { drawSeal } from './pdf-words.ts';
import { margin, type Setting, type Sheet } from './sheet.ts';
import { logoStrokes } from './signs.ts';

const lacquer = '#121614';
const discSize = 128;

/** The black head of the first page: what the song is called, how it stands, and how it runs. */
export function sleeve(sheet: Sheet, { title, artists, facts, headline, song }: Page, disc: Disc | null): void {
  const { ink, soft } = lacquerInk;
  const width = sheet.width - (disc ? discSize + 24 : 0);
  const titleSetting: Setting = { face: 'serif', size: title.length > 48 ? 19 : 30, colour: ink, lineGap: 0 };
  const small: Setting = { face: 'sans', size: 9.5, colour: soft, lineGap: 1 };
  const titleTop = 74;
  const artistSetting: Setting = { face: 'serif', size: 13, colour: soft };
  const artistHeight = artists === '' ? 0 : sheet.heightOf(artists, artistSetting, width);
  const titleHeight = sheet.heightOf(title, titleSetting, width) + artistHeight;
  const words = titleTop + titleHeight + 18 + 32 + sheet.heightOf(headline.sentence, small, Math.min(width, 300));
  const ground = Math.max(words, disc ? titleTop + discSize : 0) + (song ? chartHeight(song) + 30 : 0) + 18;
  sheet.artifact(() => {
    sheet.doc.rect(0, 0, sheet.doc.page.width, ground).fillColor(lacquer, 1).fill();
  });
  masthead(sheet);
  sheet.y = titleTop;
  const say = (type: string, text: string, setting: Setting): void => {
    const tag = sheet.shown(text, setting.face) === text ? {} : { actual: text };
    const draw = (): void => {
      sheet.y = sheet.write(text, [margin, sheet.y], width, setting);
    };
    sheet.tagged(type, draw, tag);
  };
  say('H1', title, titleSetting);
  if (artists !== '') say('P', artists, artistSetting);
  sheet.tagged('P', () => sheet.word(facts.join('    '), [margin, sheet.y + 2], small));
  drawSeal(sheet, headline, [margin, sheet.y + 22], lacquerInk);
  sheet.tagged('P', () => sheet.write(headline.sentence, [margin, sheet.y + 50], Math.min(width, 300), small));
  if (disc) drawDisc(sheet, disc, titleTop - 4);
  if (song) {
    sheet.y = ground - 18 - chartHeight(song);
    drawChart(sheet, song, lacquerInk);
  }
  sheet.y = ground;
}

function masthead(sheet: Sheet): void {
  const { ink, soft, cut } = lacquerInk;
  const { doc } = sheet;
  sheet.artifact(() => {
    doc.save().translate(margin, 26).scale(0.62).lineWidth(2.4).lineCap('round');
    for (const [k, d] of logoStrokes.entries()) {
      doc
        .path(d)
        .strokeColor(k === 2 ? cut : ink, k === 1 ? 0.55 : 1)
        .stroke();
    }
    doc.restore();
  });
  sheet.tagged('P', () => {
    sheet.word('Lathe', [margin + 26, 27], { face: 'serif', size: 14, colour: ink });
    sheet.word('Mastering report', [margin + sheet.width, 30], {
      face: 'sans',
      size: 8.5,
      colour: soft,
      align: 'right',
    });
  });
}

function drawDisc(sheet: Sheet, { grooves, range, groove, labelRadius, holeRadius }: Disc, top: number): void {
  const { cut, line } = lacquerInk;
  const { doc } = sheet;
  sheet.artifact(() => {
    doc
      .save()
      .translate(margin + sheet.width - discSize, top)
      .scale(discSize / 200);
    for (const radius of grooves) doc.circle(100, 100, radius).lineWidth(1).strokeColor(line, 1).stroke();
    doc.path(range).fillColor(cut, 0.24).fill('even-odd');
    if (groove !== '') doc.path(groove).lineWidth(1.4).strokeColor(cut, 1).stroke();
    doc.circle(100, 100, labelRadius).fillColor(cut, 1).fill();
    doc.circle(100, 100, holeRadius).fillColor(lacquer, 1).fill();
    doc.restore();
  });
}
