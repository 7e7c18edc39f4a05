/** Tags into FLAC, M4A, MP3 and Ogg files, by the library for it; the audio in them is not touched. */
import type { File, Id3v2Tag, Mpeg4AppleTag, XiphComment } from 'node-taglib-sharp';
import type { MusicTags } from './music-tags.ts';

type Taglib = typeof import('node-taglib-sharp');

/** How iTunes is told what an encoder put before and behind the samples. */
export type Gapless = { frames: number; delayFrames: number; paddingFrames: number };

/**
 * @param gapless of AAC, which tells it in two ways: in the edit list of the container, and in a tag
 */
export async function tagFile(path: string, tags: MusicTags, gapless?: Gapless): Promise<void> {
  // Loaded when a file needs it: that takes as long as tagging ten files.
  const taglib = await import('node-taglib-sharp');
  const file = taglib.File.createFromPath(path);
  try {
    // The old tag at the end of an MP3 holds 30 Latin letters and nothing that the new one lacks.
    file.removeTags(taglib.TagTypes.Id3v1);
    writeCommon(taglib, file, tags);
    writeOwnPlaces(taglib, file, tags);
    const apple = file.getTag(taglib.TagTypes.Apple, false) as Mpeg4AppleTag | undefined;
    if (gapless) apple?.setItunesStrings(ITUNES, 'iTunSMPB', smpb(gapless));
    file.save();
  } finally {
    file.dispose();
  }
}

function writeCommon(taglib: Taglib, { tag }: File, tags: MusicTags): void {
  const { title, artists, album, albumArtist, trackNumber, discNumber, isrc, copyright, label, year } = tags;
  if (title !== undefined) tag.title = title;
  if (artists !== undefined) tag.performers = artists;
  if (album !== undefined) tag.album = album;
  if (albumArtist !== undefined) tag.albumArtists = [albumArtist];
  if (trackNumber !== undefined) tag.track = trackNumber;
  if (discNumber !== undefined) tag.disc = discNumber;
  if (isrc !== undefined) tag.isrc = isrc;
  if (copyright !== undefined) tag.copyright = copyright;
  if (label !== undefined) tag.publisher = label;
  if (year !== undefined) tag.year = year;
  if (tags.genre !== undefined) tag.genres = [tags.genre];
  if (tags.comment !== undefined) tag.comment = tags.comment;
  if (tags.cover) {
    const data = taglib.ByteVector.fromByteArray(tags.cover.bytes);
    const picture = taglib.Picture.fromFullData(data, taglib.PictureType.FrontCover, tags.cover.mimeType, '');
    tag.pictures = [picture];
  }
}

const ITUNES = 'com.apple.iTunes';

/** Delay, padding and length in hexadecimal, among zeros. */
function smpb({ frames, delayFrames, paddingFrames }: Gapless): string {
  const hex = (value: number, digits = 8): string => value.toString(16).toUpperCase().padStart(digits, '0');
  const zeros = Array.from({ length: 8 }, () => hex(0));
  return ` ${[hex(0), hex(delayFrames), hex(paddingFrames), hex(frames, 16), ...zeros].join(' ')}`;
}

/** Each kind of tag has places of its own for the code on the record and for the label. */
function writeOwnPlaces(taglib: Taglib, file: File, { upc, label }: MusicTags): void {
  const { TagTypes } = taglib;
  const apple = file.getTag(TagTypes.Apple, false) as Mpeg4AppleTag | undefined;
  if (upc !== undefined) apple?.setItunesStrings(ITUNES, 'BARCODE', upc);
  if (label !== undefined) apple?.setItunesStrings(ITUNES, 'LABEL', label);
  const xiph = file.getTag(TagTypes.Xiph, false) as XiphComment | undefined;
  if (upc !== undefined) xiph?.setFieldAsStrings('BARCODE', upc);
  if (label !== undefined) xiph?.setFieldAsStrings('LABEL', label);
  const id3 = file.getTag(TagTypes.Id3v2, false) as Id3v2Tag | undefined;
  if (!id3 || upc === undefined) return;
  const frame = taglib.Id3v2UserTextInformationFrame.fromDescription('BARCODE', taglib.StringType.UTF8);
  frame.text = [upc];
  id3.addFrame(frame);
}
