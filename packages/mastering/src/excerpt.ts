/** Sections of a song, joined to a short song of their own: what encoders are tried on before, or instead of, the whole. */
import { join } from 'node:path';
import { createFloatWav } from '@lathe/codec';
import {
  type AudioStream,
  createBlock,
  createOutliner,
  type Outline,
  type StereoBlock,
  type WriteBlock,
} from '@lathe/engine';
import { type Spools, toBoth, usingOneOf, type Written } from './spools.ts';

export type Span = { startSeconds: number; endSeconds: number };

/** Sections begin and end in silence: a cut within a wave would be a click, and encoders ring on that. */
const fadeSeconds = 0.02;

export type Excerpt = { spools: Spools; seconds: number };

/** The same sections of the spools of all rates, in the order of the song. */
export async function excerptOf(spools: Spools, spans: readonly Span[], folder: string): Promise<Excerpt> {
  const seconds = spans.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
  return { spools: await excerptSpools(spools, spans, folder), seconds };
}

async function excerptSpools(spools: Spools, spans: readonly Span[], folder: string): Promise<Spools> {
  const { ratesHz } = spools;
  const written: Written[] = [];
  for (const rateHz of ratesHz) {
    const path = join(folder, `excerpt-${rateHz}.wav`);
    const outline = await spools.with(rateHz, ({ open }) => writeSections(open(), spans, path));
    written.push({ rateHz, path, outline });
  }
  return { ratesHz, with: usingOneOf(written), close: () => {} };
}

async function writeSections(stream: AudioStream, spans: readonly Span[], path: string): Promise<Outline> {
  const wav = createFloatWav(path, stream.sampleRateHz);
  try {
    const outliner = createOutliner(stream.sampleRateHz);
    await forEachSection(stream, spans, toBoth({ wav, outliner }));
    wav.close();
    return outliner.finish();
  } finally {
    wav.abandon();
  }
}

/** In frames; `to` is no more part of it. */
type Section = { from: number; to: number };

async function forEachSection(stream: AudioStream, spans: readonly Span[], write: WriteBlock): Promise<void> {
  const { sampleRateHz } = stream;
  const sections = spans.map(({ startSeconds, endSeconds }) => ({
    from: Math.round(startSeconds * sampleRateHz),
    to: Math.min(stream.frames, Math.round(endSeconds * sampleRateHz)),
  }));
  const end = Math.max(...sections.map(({ to }) => to));
  const fadeFrames = Math.round(fadeSeconds * sampleRateHz);
  const [block, part] = [createBlock(), createBlock()];
  let position = 0;
  for (let frames = await stream.read(block); frames > 0 && position < end; frames = await stream.read(block)) {
    for (const section of sections) {
      const [from, to] = [Math.max(section.from, position), Math.min(section.to, position + frames)];
      if (from >= to) continue;
      fade(block, part, { section, position, from, to, fadeFrames });
      await write(part, to - from);
    }
    position += frames;
  }
}

type Faded = { section: Section; position: number; from: number; to: number; fadeFrames: number };

/** The frames from `from` up to `to` of a block that starts at `position`. */
function fade(block: StereoBlock, part: StereoBlock, { section, position, from, to, fadeFrames }: Faded): void {
  for (let frame = from; frame < to; frame++) {
    const gain = Math.min(1, (frame - section.from) / fadeFrames, (section.to - frame) / fadeFrames);
    part.left[frame - from] = gain * (block.left[frame - position] ?? 0);
    part.right[frame - from] = gain * (block.right[frame - position] ?? 0);
  }
}
