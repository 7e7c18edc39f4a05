/**
 * Chooses where encoders are tried: the sections with the most peaks near the ceiling, half of them in the master that is
 * limited least, half in the one that is limited most. Lossy files beside lossless ones have no say. How much higher peaks are elsewhere: docs/codecs.md.
 */
import { crowdedSeconds } from '@lathe/engine';
import type { Span } from './excerpt.ts';
import type { Piece } from './pieces.ts';
import type { Spools } from './spools.ts';

const sectionSeconds = 5;
/** For each of the two masters. */
const sectionsEach = 3;
/** The whole of a shorter song is hardly longer than its sections. */
const shortestSeconds = 45;

/** In the order of the song; `null` where nothing is encoded, or the whole is tried as quickly. */
export async function sectionsOf(spools: Spools, pieces: readonly Piece[]): Promise<Span[] | null> {
  const encoded = pieces.filter(({ encodings }) => encodings.length > 0);
  const lossless = encoded.filter(({ own }) => own === null);
  const masters = (lossless.length > 0 ? lossless : encoded).toSorted((a, b) => drivenDb(a) - drivenDb(b));
  const [least, most] = [masters.at(0), masters.at(-1)];
  if (!least || !most) return null;
  return spools.with(least.rateHz, async ({ outline }) => {
    if (outline.frames < shortestSeconds * outline.sampleRateHz) return null;
    const taken = new Set<number>();
    for (const counts of await crowdedSeconds(outline, [least.solution, most.solution])) {
      for (let k = 0; k < sectionsEach; k++) take(mostCrowded(counts, taken), taken);
    }
    return spansOf(taken);
  });
}

const drivenDb = ({ solution: { gainDb, ceilingDbtp } }: Piece): number => gainDb - ceilingDbtp;

/** The first second of the most crowded section that has none of the seconds taken; the last may be a short one, and is left out. */
function mostCrowded(counts: Float64Array, taken: ReadonlySet<number>): number {
  let [best, most] = [0, -1];
  for (let from = 0; from + sectionSeconds < counts.length; from++) {
    const seconds = secondsFrom(from);
    if (seconds.some((second) => taken.has(second))) continue;
    const sum = seconds.reduce((all, second) => all + (counts[second] ?? 0), 0);
    if (sum > most) [best, most] = [from, sum];
  }
  return best;
}

const secondsFrom = (from: number): number[] => Array.from({ length: sectionSeconds }, (_, i) => from + i);

function take(from: number, taken: Set<number>): void {
  for (const second of secondsFrom(from)) taken.add(second);
}

/** Seconds that follow each other are one section. */
function spansOf(taken: ReadonlySet<number>): Span[] {
  const spans: Span[] = [];
  for (const second of [...taken].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.endSeconds === second) last.endSeconds++;
    else spans.push({ startSeconds: second, endSeconds: second + 1 });
  }
  return spans;
}
