// The paper a report is printed on: fonts, a place to write at, new pages where they are due, and tags that tell a screen
// reader what is what. All lengths in points, from the top left.
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Point } from './chart.ts';

const sizes = { a4: 'A4', letter: 'LETTER' } as const;
export type Paper = keyof typeof sizes;
export const papers = Object.keys(sizes) as [Paper, ...Paper[]];

type Face = 'serif' | 'sans' | 'bold';
/** How a text is set; black and to the left unless told. */
export type Setting = {
  face: Face;
  size: number;
  colour: string;
  align?: 'left' | 'right' | 'center';
  lineGap?: number;
};

/** Their figures are of one width: columns stand. */
const fontFiles: Record<Face, string> = {
  serif: '@expo-google-fonts/source-serif-4/400Regular/SourceSerif4_400Regular.ttf',
  sans: '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf',
  bold: '@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf',
};

/** What pdfkit keeps behind a registered font. */
type EmbeddedFont = { font: { hasGlyphForCodePoint(codePoint: number): boolean } };

/** A noncharacter: nobody writes it. */
const missing = '\uffff';
const missingRun = /\uffff(?:\s*\uffff)*/g;

export const margin = 44;
const footRoom = 36;

/** `actual` is read in place of what is drawn. */
type Tag = { alt?: string; actual?: string; scope?: 'Row' | 'Column' };

export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly width: number;
  y = margin;
  readonly #chunks: Uint8Array[] = [];
  readonly #parents: PDFKit.PDFStructureElement[] = [];
  #isTagged = false;
  #leavesOut = false;

  constructor(title: string, paper: Paper) {
    const require = createRequire(import.meta.url);
    this.doc = new PDFDocument({
      size: sizes[paper],
      margins: { top: margin, left: margin, right: margin, bottom: 0 },
      bufferPages: true,
      // Node's deflate differs between processors; what is not compressed is the same everywhere.
      compress: false,
      pdfVersion: '1.7',
      tagged: true,
      lang: 'en',
      displayTitle: true,
      // None of its own: a font that is known by two names would be read anew at every change.
      font: '',
      // The id of the file is made of these; a date there must be, and is taken out again below.
      info: { Title: title, Creator: 'Lathe', Producer: 'Lathe', CreationDate: new Date(0) },
    });
    for (const [face, file] of Object.entries(fontFiles)) this.doc.registerFont(face, require.resolve(file));
    this.doc.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.width = this.doc.page.width - 2 * margin;
    const root = this.doc.struct('Document');
    this.doc.addStructure(root);
    this.#parents.push(root);
  }

  /** Whether something was written in letters that the fonts do not have. */
  get leavesOut(): boolean {
    return this.#leavesOut;
  }

  /** Latin, Greek and Cyrillic as they are; a run of other letters as “…”, never as empty boxes. */
  shown(text: string, face: Face): string {
    this.doc.font(face);
    const { font } = (this.doc as unknown as { _font: EmbeddedFont })._font;
    const known = [...text].map((character) => {
      if (/\s/.test(character) || font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) return character;
      return /\p{Default_Ignorable_Code_Point}/u.test(character) ? '' : missing;
    });
    const shown = known.join('').replaceAll(missingRun, '…');
    this.#leavesOut ||= known.includes(missing);
    return shown;
  }

  /** Where the writing ends on a page. */
  get bottom(): number {
    return this.doc.page.height - footRoom;
  }

  /** Goes to a new page where less than this is left. */
  ensure(height: number): void {
    if (this.y + height <= this.bottom) return;
    this.doc.addPage();
    this.y = margin;
  }

  /** Draws what a reader is told of: a paragraph, a heading, a figure. */
  tagged(type: string, draw: () => void, tag: Tag = {}): void {
    this.#isTagged = true;
    this.#parents.at(-1)?.add(this.doc.struct(type, tag as object, [draw]));
    this.#isTagged = false;
  }

  /** What `compose` draws is told as parts of one thing. */
  group(type: string, compose: () => void): void {
    const element = this.doc.struct(type);
    this.#parents.at(-1)?.add(element);
    this.#parents.push(element);
    compose();
    this.#parents.pop();
    element.end();
  }

  /** Draws what says nothing: rules, grounds, decoration. Within something tagged it is a part of that. */
  artifact(draw: () => void): void {
    if (!this.#isTagged) this.doc.markContent('Artifact');
    draw();
    if (!this.#isTagged) this.doc.endMarkedContent();
  }

  heightOf(text: string, { face, size, lineGap = 0 }: Setting, width: number): number {
    return this.doc.font(face).fontSize(size).heightOfString(this.shown(text, face), { width, lineGap });
  }

  widthOf(text: string, { face, size }: Setting): number {
    return this.doc.font(face).fontSize(size).widthOfString(this.shown(text, face));
  }

  /** Sets a text within a width; resolves to where it ends. */
  write(text: string, [x, y]: Point, width: number, setting: Setting): number {
    const { face, size, colour, align = 'left', lineGap = 0 } = setting;
    this.doc
      .font(face)
      .fontSize(size)
      .fillColor(colour, 1)
      .text(this.shown(text, face), x, y, { width, align, lineGap });
    return y + this.heightOf(text, setting, width);
  }

  /** One line that is never broken: it starts, ends, or has its middle at `x`. */
  word(text: string, [x, y]: Point, setting: Setting): void {
    const width = this.widthOf(text, setting);
    const from = { left: 0, right: width, center: width / 2 }[setting.align ?? 'left'];
    const { face, size, colour } = setting;
    this.doc
      .font(face)
      .fontSize(size)
      .fillColor(colour, 1)
      .text(this.shown(text, face), x - from, y, { lineBreak: false });
  }

  /** A paragraph over the whole width, below what is there. */
  paragraph(text: string, setting: Setting, gapAfter: number, type = 'P'): void {
    this.ensure(this.heightOf(text, setting, this.width));
    this.tagged(type, () => {
      this.y = this.write(text, [margin, this.y], this.width, setting);
    });
    this.y += gapAfter;
  }

  rule(y: number, colour: string, width = 0.6): void {
    this.artifact(() => {
      this.doc
        .moveTo(margin, y)
        .lineTo(margin + this.width, y)
        .lineWidth(width)
        .strokeColor(colour, 1)
        .stroke();
    });
  }

  /** On every page, now that it is known how many there are. */
  footers(write: (page: number, pages: number) => void): void {
    const { count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(page);
      this.artifact(() => write(page + 1, count));
    }
  }

  async finish(): Promise<Uint8Array> {
    this.#parents[0]?.end();
    Reflect.deleteProperty(this.doc.info, 'CreationDate');
    // Its XML would repeat the title, unescaped, and ask for the date.
    Object.assign(this.doc, { endMetadata: () => undefined });
    const ended = new Promise((resolve, reject) => this.doc.on('end', resolve).on('error', reject));
    this.doc.end();
    await ended;
    return Buffer.concat(this.#chunks);
  }
}
