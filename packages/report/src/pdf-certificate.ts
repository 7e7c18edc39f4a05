import { paperInk } from './ink.ts';
import type { MasterView } from './master-view.ts';
import { chartHeight, drawChart } from './pdf-chart.ts';
import { wordTable, wordTableHeight } from './pdf-table.ts';
import { drawSign, drawVerdict, settings } from './pdf-words.ts';
import { margin, type Sheet } from './sheet.ts';

/** One finished file: its figures, its course, what was promised and what proves it. */
export function certificate(sheet: Sheet, master: MasterView): void {
  sheet.ensure(certificateHeight(sheet, master));
  sheet.rule(sheet.y, paperInk.ink, 0.8);
  sheet.y += 7;
  head(sheet, master);
  if (master.notReached !== null) sheet.paragraph(master.notReached, settings.body, 6);
  for (const chart of [master.loudnessChart, master.reductionChart]) {
    if (!chart) continue;
    sheet.ensure(chartHeight(chart));
    drawChart(sheet, chart, paperInk);
    sheet.y += 2;
  }
  sheet.paragraph(master.limiting, settings.soft, 5);
  checks(sheet, master);
  if (master.playback) wordTable(sheet, master.playback);
  sheet.paragraph(`${master.filename}\nSHA-256 ${master.sha256}`, { ...settings.soft, size: 8 }, 14);
}

/** What is kept on one page. */
export function certificateHeight(
  sheet: Sheet,
  { notReached, loudnessChart, reductionChart, checks: all, playback }: MasterView,
): number {
  const charts = [loudnessChart, reductionChart].reduce((sum, chart) => sum + (chart ? chartHeight(chart) + 2 : 0), 0);
  const why = notReached === null ? 0 : sheet.heightOf(notReached, settings.body, sheet.width) + 6;
  return 50 + why + charts + 20 + all.length * 14 + (playback ? wordTableHeight(playback) : 0) + 42;
}

function head(sheet: Sheet, { name, loudness, facts, verdict }: MasterView): void {
  const { y } = sheet;
  sheet.tagged('H3', () => sheet.word(name, [margin, y], { ...settings.name, size: 13 }));
  drawVerdictTagged(sheet, verdict, y);
  sheet.tagged('P', () => {
    sheet.word(loudness, [margin, y + 17], { ...settings.name, size: 16 });
    sheet.word(facts.join('    '), [margin + sheet.width, y + 22], { ...settings.soft, align: 'right' });
  });
  sheet.y += 43;
}

function drawVerdictTagged(sheet: Sheet, verdict: MasterView['verdict'], y: number): void {
  sheet.tagged('P', () => drawVerdict(sheet, verdict, { right: margin + sheet.width, y: y + 1, size: 10.5 }));
}

function checks(sheet: Sheet, { checks: all }: MasterView): void {
  for (const { passed, sentence } of all) {
    const height = sheet.heightOf(sentence, settings.body, sheet.width - 16);
    sheet.ensure(height);
    drawSign(sheet, passed ? 'good' : 'bad', [margin, sheet.y + 1]);
    sheet.tagged('P', () => sheet.write(sentence, [margin + 16, sheet.y], sheet.width - 16, settings.body));
    sheet.y += height + 1.5;
  }
  sheet.y += 4;
}
