import { setImmediate as breathe } from 'node:timers/promises';
import type { MasterReport } from '@lathe/contracts';
import { discOf } from './disc.ts';
import { paperInk } from './ink.ts';
import { type Page, pageOf, reportTitle } from './page.ts';
import { certificate, certificateHeight } from './pdf-certificate.ts';
import { chartHeight, drawChart } from './pdf-chart.ts';
import { sleeve } from './pdf-sleeve.ts';
import { overviewTable } from './pdf-table.ts';
import { drawSign, heading, settings } from './pdf-words.ts';
import { margin, type Paper, Sheet } from './sheet.ts';

/** A report on paper, as bytes: fonts inside, tagged for screen readers, without a date; the same report gives the same bytes. */
export async function pdfOf(report: MasterReport, paper: Paper = 'a4'): Promise<Uint8Array> {
  const page = pageOf(report);
  const sheet = new Sheet(reportTitle(page), paper);
  sleeve(sheet, page, discOf(report));
  heading(sheet, 'Before and after', 90);
  overviewTable(sheet, page.overview);
  tone(sheet, page);
  work(sheet, page);
  const [first] = page.masters;
  heading(sheet, page.masters.length === 1 ? 'The master' : 'Each master', first ? certificateHeight(sheet, first) : 0);
  for (const master of page.masters) {
    certificate(sheet, master);
    // Whoever serves others beside this one may do so now.
    await breathe();
  }
  origin(sheet, page);
  const { soft } = settings;
  sheet.footers((number, count) => {
    const y = sheet.doc.page.height - 28;
    sheet.word(shortened(page.title), [margin, y], { ...soft, size: 7.5 });
    sheet.word(`Lathe mastering report · ${number} / ${count}`, [margin + sheet.width, y], {
      ...soft,
      size: 7.5,
      align: 'right',
    });
  });
  return sheet.finish();
}

const shortened = (title: string): string => ([...title].length > 70 ? `${[...title].slice(0, 69).join('')}…` : title);

/** The mix is a broad stroke beneath: it shows where nothing was changed, too. */
const toneInk = {
  ...paperInk,
  marks: { ...paperInk.marks, mix: { colour: paperInk.marks.mix.colour, width: 3, opacity: 0.4 } },
};

function tone(sheet: Sheet, { tone: chart }: Page): void {
  if (!chart) return;
  heading(sheet, 'Tonal balance', chartHeight(chart) + 32);
  sheet.paragraph(chart.sentence, settings.soft, 8);
  sheet.ensure(chartHeight(chart));
  drawChart(sheet, chart, toneInk);
}

function work(sheet: Sheet, { summary, heard, moves }: Page): void {
  heading(sheet, 'What was done, and why', 60);
  sheet.paragraph(summary, settings.body, 5);
  for (const { severity, sentence } of heard) {
    const height = sheet.heightOf(sentence, settings.body, sheet.width - 16);
    sheet.ensure(height);
    drawSign(sheet, severity === 'warning' ? 'note' : 'info', [margin, sheet.y + 1]);
    sheet.tagged('P', () => sheet.write(sentence, [margin + 16, sheet.y], sheet.width - 16, settings.body));
    sheet.y += height + 3;
  }
  sheet.y += 3;
  for (const move of moves) drawMove(sheet, move);
}

const nameWidth = 84;

function drawMove(sheet: Sheet, { name, leftAlone, reason, figures, bands }: Page['moves'][number]): void {
  const [x, width] = [margin + nameWidth, sheet.width - nameWidth];
  const lines = [
    { text: reason, setting: settings.body },
    ...(figures.length > 0 ? [{ text: figures.join(' · '), setting: settings.soft }] : []),
    ...bands.map(({ what, reason: why }) => ({ text: `${what}: ${why}`, setting: settings.body })),
  ];
  sheet.ensure(lines.reduce((sum, { text, setting }) => sum + sheet.heightOf(text, setting, width) + 2, 12));
  sheet.rule(sheet.y, paperInk.line);
  sheet.y += 5;
  const top = sheet.y;
  sheet.tagged('P', () => {
    const below = sheet.write(name, [margin, top - 1], nameWidth - 8, settings.name);
    if (leftAlone) sheet.write('left alone', [margin, below], nameWidth - 8, settings.soft);
  });
  for (const { text, setting } of lines) {
    sheet.tagged('P', () => {
      sheet.y = sheet.write(text, [x, sheet.y], width, setting) + 2;
    });
  }
  sheet.y = Math.max(sheet.y, top + (leftAlone ? 28 : 16)) + 3;
}

const letters =
  'The fonts of this document have Latin, Greek and Cyrillic letters; where “…” stands for others, the web page of this report shows them.';

function origin(sheet: Sheet, { provenance, method }: Page): void {
  heading(sheet, 'Origin', 90);
  for (const { name, value } of provenance) {
    sheet.ensure(14);
    sheet.tagged('P', () => {
      sheet.write(name, [margin, sheet.y], nameWidth, settings.soft);
      sheet.write(value, [margin + nameWidth, sheet.y], sheet.width - nameWidth, settings.soft);
    });
    sheet.y += 13;
  }
  sheet.y += 6;
  sheet.paragraph(method, settings.soft, sheet.leavesOut ? 6 : 0);
  if (sheet.leavesOut) sheet.paragraph(letters, settings.soft, 0);
}
