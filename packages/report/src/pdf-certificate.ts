import { paperInk } from './ink.ts';
import type { MasterView } from './master-view.ts';
import { chartHeight, drawChart } from './pdf-chart.ts';
import { wordTable } from './pdf-table.ts';
import { drawSign, drawVerdict, settings } from './pdf-words.ts';
import { margin, type Setting, type Sheet } from './sheet.ts';

const headHeight = 39;
const ruleGap = 6;
const gapAfter = 10;
/** The proof stands at the left, what platforms will do at the right. */
const proofShare = 0.54;
const playbackShare = 0.42;
const signWidth = 14;

const small: Setting = { ...settings.body, size: 8.8 };
const file: Setting = { ...settings.soft, size: 7.6 };

/** One finished file: its figures, its course, what was promised and what proves it. Never over two pages. */
export function certificate(sheet: Sheet, master: MasterView): void {
  sheet.ensure(certificateHeight(sheet, master));
  sheet.rule(sheet.y, paperInk.ink, 0.8);
  sheet.y += ruleGap;
  head(sheet, master);
  if (master.notReached !== null) sheet.paragraph(master.notReached, settings.body, 6);
  for (const chart of chartsOf(master)) {
    drawChart(sheet, chart, paperInk);
    sheet.y += 2;
  }
  const top = sheet.y;
  const ends = [proof(sheet, master), playback(sheet, master, top)];
  sheet.y = Math.max(...ends) + gapAfter;
}

const chartsOf = ({ loudnessChart, reductionChart }: MasterView) =>
  [loudnessChart, reductionChart].filter((chart) => chart !== null);

/** What is kept on one page. */
export function certificateHeight(sheet: Sheet, master: MasterView): number {
  const { notReached, limiting, checks, playback: table } = master;
  const width = sheet.width * proofShare;
  const why = notReached === null ? 0 : sheet.heightOf(notReached, settings.body, sheet.width) + 6;
  const charts = chartsOf(master).reduce((sum, chart) => sum + chartHeight(chart) + 2, 0);
  const texts = checks.map(({ sentence }) => sheet.heightOf(sentence, small, width - signWidth) + 2);
  const left = [
    sheet.heightOf(limiting, small, width) + 4,
    ...texts,
    sheet.heightOf(fileText(master), file, width) + 5,
  ];
  const right = table ? (table.rows.length + 1) * 11 + 3 : 0;
  const below = Math.max(
    left.reduce((sum, height) => sum + height, 0),
    right,
  );
  return ruleGap + headHeight + why + charts + below;
}

const fileText = ({ filename, sha256 }: MasterView): string => `${filename}\nSHA-256 ${sha256}`;

function head(sheet: Sheet, { name, loudness, facts, verdict }: MasterView): void {
  const { y } = sheet;
  sheet.tagged('H3', () => sheet.word(name, [margin, y], { ...settings.name, size: 13 }));
  sheet.tagged('P', () => drawVerdict(sheet, verdict, { right: margin + sheet.width, y: y + 1, size: 10.5 }));
  sheet.tagged('P', () => {
    sheet.word(loudness, [margin, y + 16], { ...settings.name, size: 15 });
    sheet.word(facts.join('    '), [margin + sheet.width, y + 20], { ...settings.soft, align: 'right' });
  });
  sheet.y += headHeight;
}

/** Resolves to where it ends. */
function proof(sheet: Sheet, master: MasterView): number {
  const width = sheet.width * proofShare;
  let y = sheet.y;
  const write = (text: string, setting: Setting, indent = 0): void =>
    sheet.tagged('P', () => {
      y = sheet.write(text, [margin + indent, y], width - indent, setting);
    });
  write(master.limiting, { ...small, colour: paperInk.soft });
  y += 4;
  for (const { passed, sentence } of master.checks) {
    drawSign(sheet, passed ? 'good' : 'bad', [margin, y + 1], { size: 9 });
    write(sentence, small, signWidth);
    y += 2;
  }
  y += 3;
  write(fileText(master), file);
  return y + 2;
}

function playback(sheet: Sheet, { playback: table }: MasterView, y: number): number {
  if (!table) return y;
  const width = sheet.width * playbackShare;
  return wordTable(sheet, table, { x: margin + sheet.width - width, y, width });
}
