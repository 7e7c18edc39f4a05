export { type ArchiveFile, archiveOf } from './archive.ts';
export { htmlOf } from './html.ts';
export { pdfOf } from './pdf.ts';
export { type Paper, papers } from './sheet.ts';
