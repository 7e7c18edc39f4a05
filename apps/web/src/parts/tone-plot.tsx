import type { Analysis } from '@lathe/contracts';
import { toneBars } from '../model/tone.ts';

const [width, height] = [720, 190];
const marks = [
  [31.5, '31'],
  [125, '125'],
  [500, '500'],
  [2000, '2k'],
  [8000, '8k'],
] as const;

/** Third-octave levels, each band as wide as the ear counts it, so that the picture looks as the music sounds. */
export function TonePlot({ tone }: { tone: Analysis['tone'] }) {
  const bars = toneBars(tone.bands, width);
  return (
    <svg
      className="tone-plot"
      viewBox={`0 0 ${width} ${height + 24}`}
      role="img"
      aria-label="Level of each third-octave band from 20 Hz to 20 kHz"
    >
      {bars.map(({ centreHz, x, width: barWidth, fraction }) => (
        <rect key={centreHz} x={x} y={height - fraction * height} width={barWidth} height={fraction * height} rx="2" />
      ))}
      {bars.map(({ centreHz, x, width: barWidth, low, high }) => (
        <path
          key={centreHz}
          className="movement"
          d={`M${x + barWidth / 2} ${height - low * height}V${height - high * height}`}
        />
      ))}
      <path className="axis" d={`M0 ${height + 0.5}h${width}`} />
      {marks.map(([hz, label]) => {
        const bar = bars.find(({ centreHz }) => Math.abs(Math.log2(centreHz / hz)) < 0.1);
        return (
          bar && (
            <text key={hz} x={bar.x + bar.width / 2} y={height + 19} textAnchor="middle">
              {label}
            </text>
          )
        );
      })}
      <text x={width} y={height + 19} textAnchor="end">
        Hz
      </text>
    </svg>
  );
}
