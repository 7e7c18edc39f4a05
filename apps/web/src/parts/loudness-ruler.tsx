import { rulerPosition } from '../model/ruler.ts';

type RulerProps = { beforeLufs: number | null; afterLufs: number | null; targetLufs: number };

/** A short scale of loudness: where the mix was, where the master is, and the mark it was to meet. */
export function LoudnessRuler({ beforeLufs, afterLufs, targetLufs }: RulerProps) {
  const [before, after, target] = [beforeLufs, afterLufs, targetLufs].map((value) => 300 * rulerPosition(value));
  return (
    <svg className="ruler" viewBox="0 0 300 26" aria-hidden="true">
      {Array.from({ length: 26 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the ticks of a scale have no other name.
        <path key={i} className="tick" d={`M${6 + i * 11.52} ${i % 5 === 0 ? 12 : 16}V20`} />
      ))}
      <path className="travel" d={`M${before} 8H${after}`} />
      <path className="mark" d={`M${target} 1V23`} />
      <circle className="was" cx={before} cy="8" r="3.5" />
      <circle className="is" cx={after} cy="8" r="5" />
    </svg>
  );
}
