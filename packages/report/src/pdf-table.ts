import { paperInk } from './ink.ts';
import type { Table } from './master-view.ts';
import { drawVerdict, settings } from './pdf-words.ts';
import { margin, type Setting, type Sheet } from './sheet.ts';

/** Right edges of the columns of numbers, as parts of the width; the verdict ends at the end. */
const edges = [0.325, 0.4, 0.48, 0.555, 0.62, 0.705, 0.775, 1];
const rowHeight = 24;

/** The mix and each master, a row each; the head stands again on every page. */
export function overviewTable(sheet: Sheet, table: Table): void {
  sheet.group('Table', () => {
    head(sheet, table);
    for (const row of table.rows) {
      const before = sheet.y;
      sheet.ensure(rowHeight);
      if (sheet.y < before) head(sheet, table);
      drawRow(sheet, row);
    }
  });
}

const edgeOf = (sheet: Sheet, column: number): number => margin + sheet.width * (edges[column] ?? 1);

function head(sheet: Sheet, { head: names, units }: Table): void {
  const setting: Setting = { ...settings.soft, size: 7.5, align: 'right' };
  const { y } = sheet;
  sheet.group('TR', () => {
    for (const [k, name] of names.entries()) {
      if (k === 0) continue;
      const unit = units[k] ?? '';
      sheet.tagged(
        'TH',
        () => {
          sheet.word(name, [edgeOf(sheet, k - 1), unit === '' ? y + 9 : y], setting);
          if (unit !== '') sheet.word(unit, [edgeOf(sheet, k - 1), y + 9], setting);
        },
        { scope: 'Column' },
      );
    }
  });
  sheet.y += 23;
  sheet.rule(sheet.y - 2, paperInk.line);
}

function drawRow(sheet: Sheet, { cells: [name = '', ...cells], tone, note }: Table['rows'][number]): void {
  const { y } = sheet;
  sheet.group('TR', () => {
    sheet.tagged(
      'TH',
      () => {
        sheet.word(name, [margin, y + (note ? 1 : 5)], tone ? settings.body : settings.soft);
        if (note) sheet.word(note, [margin, y + 12], { ...settings.soft, size: 7.5 });
      },
      { scope: 'Row' },
    );
    for (const [k, text] of cells.entries()) {
      const at = { right: edgeOf(sheet, k), y: y + 5 };
      const isVerdict = tone !== undefined && k === cells.length - 1;
      if (isVerdict) sheet.tagged('TD', () => drawVerdict(sheet, { tone, text }, { ...at, size: 9 }));
      else if (text !== '') sheet.tagged('TD', () => sheet.word(text, [at.right, at.y], settingOf(k, tone)));
    }
  });
  sheet.y += rowHeight;
  sheet.rule(sheet.y - 1, paperInk.line, 0.4);
}

/** The loudness stands out; the mix stands back. */
const settingOf = (column: number, tone: unknown): Setting => ({
  ...(column === 0 ? settings.bold : tone ? settings.body : settings.soft),
  align: 'right',
});

type Place = { x: number; y: number; width: number };

/** Where the cells of a table of words start, as parts of it; the last ends at the end. */
const wordEdges = [0, 0.4];
const wordHeight = 11;

/** A small table of words; resolves to where it ends. */
export function wordTable(sheet: Sheet, { caption, head, rows }: Table, { x, y, width }: Place): number {
  const setting: Setting = { ...settings.soft, size: 8 };
  const top = y + wordHeight + 3;
  sheet.tagged('P', () => {
    sheet.word(caption, [x, y], { ...settings.bold, size: 8.5 });
    sheet.word(head.at(-1) ?? '', [x + width, y], { ...setting, align: 'right' });
  });
  sheet.group('Table', () => {
    for (const [k, { cells }] of rows.entries()) {
      sheet.group('TR', () => wordRow(sheet, cells, { x, y: top + k * wordHeight, width }, setting));
    }
  });
  return top + rows.length * wordHeight;
}

function wordRow(sheet: Sheet, cells: readonly string[], { x, y, width }: Place, setting: Setting): void {
  for (const [c, text] of cells.entries()) {
    const edge = wordEdges[c];
    const at = [x + (edge ?? 1) * width, y] as const;
    const align = edge === undefined ? 'right' : 'left';
    sheet.tagged(c === 0 ? 'TH' : 'TD', () => sheet.word(text, at, { ...setting, align }));
  }
}
