import { groovePath } from '../model/waveform.ts';

const width = 1200;
const lines = Array.from({ length: 17 }, (_, line) => ({ line, d: groovePath(line, width, 24 + line * 17) }));

type GroovesProps = {
  /** How much of the lacquer has been cut, 0…1. */
  cut: number;
  /** Whether light moves over it while the page waits. */
  alive?: boolean;
};

/** The lacquer under the lamp: quiet grooves, bright as far as they are cut. Decoration only. */
export function Grooves({ cut, alive = false }: GroovesProps) {
  return (
    <svg
      className={alive ? 'grooves alive' : 'grooves'}
      viewBox={`0 0 ${width} 320`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <clipPath id="cut-so-far">
        <rect width={width * cut} height="320" />
      </clipPath>
      <g className="uncut">
        {lines.map(({ line, d }) => (
          <path key={line} d={d} />
        ))}
      </g>
      <g className="cut" clipPath="url(#cut-so-far)">
        {lines.map(({ line, d }) => (
          <path key={line} d={d} />
        ))}
      </g>
    </svg>
  );
}
