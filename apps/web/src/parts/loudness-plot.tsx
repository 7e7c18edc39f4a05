import type { Analysis } from '@lathe/contracts';
import { curvePath, curveX } from '../model/curve.ts';
import { clock } from '../model/format.ts';

const [width, height] = [720, 90];

/** How loud the song is as it goes, and where its sections begin. */
export function LoudnessPlot({ analysis: { dynamics, structure, loudness } }: { analysis: Analysis }) {
  const curve = dynamics.loudnessCurve;
  const path = curvePath(curve, width, height);
  if (path === '') return null;
  const starts = structure.sections.slice(1).map(({ startSeconds }) => startSeconds);
  const { startSeconds, endSeconds } = structure.loudest;
  const from = curveX(curve, startSeconds, width);
  return (
    <svg className="loudness-plot" viewBox={`0 -2 ${width} ${height + 26}`} role="img" aria-label="Loudness over time">
      {endSeconds - startSeconds < loudness.durationSeconds && (
        <rect x={from} y="-2" width={Math.max(2, curveX(curve, endSeconds, width) - from)} height={height + 2} />
      )}
      {starts.map((start) => (
        <path key={start} className="section-start" d={`M${curveX(curve, start, width).toFixed(1)} 0v${height}`} />
      ))}
      <path className="line" d={path} />
      <path className="axis" d={`M0 ${height + 0.5}h${width}`} />
      <text x="0" y={height + 19}>
        {clock(curve.startSeconds)}
      </text>
      <text x={width} y={height + 19} textAnchor="end">
        {clock(curve.startSeconds + (curve.lufs.length - 1) * curve.stepSeconds)}
      </text>
    </svg>
  );
}
