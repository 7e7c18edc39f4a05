/** What a file tells of the music in it. */
export type MusicTags = {
  title?: string | undefined;
  artists?: string[] | undefined;
  album?: string | undefined;
  albumArtist?: string | undefined;
  trackNumber?: number | undefined;
  discNumber?: number | undefined;
  /** ISO 3901, twelve characters. */
  isrc?: string | undefined;
  /** UPC-A or EAN-13. */
  upc?: string | undefined;
  copyright?: string | undefined;
  label?: string | undefined;
  year?: number | undefined;
  genre?: string | undefined;
  comment?: string | undefined;
  cover?: Cover | undefined;
};

export type Cover = { bytes: Buffer; mimeType: 'image/jpeg' | 'image/png' };

/** The picture by its first bytes; `null` for what is neither a JPEG nor a PNG. */
export function coverOf(bytes: Buffer): Cover | null {
  const magic = bytes.toString('hex', 0, 8);
  if (magic.startsWith('ffd8ff')) return { bytes, mimeType: 'image/jpeg' };
  return magic === '89504e470d0a1a0a' ? { bytes, mimeType: 'image/png' } : null;
}
