import { useEffect, useRef, useState } from 'react';
import { type Bars, barsPath, type Half } from '../model/waveform.ts';

/** Width of one bar with its gap, in CSS pixels. */
const barPixels = 3;

/** A ref for the box a waveform fills, and how many bars fit into it. */
export function useBarCount() {
  const box = useRef<HTMLDivElement>(null);
  const [count, setCount] = useState(320);
  useEffect(() => {
    if (!box.current) return;
    const watcher = new ResizeObserver(([entry]) => {
      if (entry) setCount(Math.max(40, Math.floor(entry.contentRect.width / barPixels)));
    });
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return { box, count };
}

type WaveHalfProps = { bars: Bars; half: Half; scale?: number; className: string };

/** One song, as bars that stand on the centre line or hang from it. */
export function WaveHalf({ bars, half, scale = 1, className }: WaveHalfProps) {
  return <path className={className} d={barsPath(bars, half, scale)} />;
}

export function WaveBox({ width, children }: { width: number; children: React.ReactNode }) {
  return (
    <svg className="wave" viewBox={`0 0 ${width} 200`} preserveAspectRatio="none" aria-hidden="true">
      {children}
    </svg>
  );
}
