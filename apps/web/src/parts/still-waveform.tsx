import type { Peaks } from '@lathe/contracts';
import { useMemo } from 'react';
import { barsOf, fittingScale } from '../model/waveform.ts';
import { useBarCount, WaveBox, WaveHalf } from './waveform.tsx';

/** The mix before there is anything to compare it with. `progress` draws how far the cutting head has come, 0…1. */
export function StillWaveform({ peaks, progress }: { peaks: Peaks | null; progress: number | null }) {
  const { box, count } = useBarCount();
  const bars = useMemo(() => (peaks ? barsOf(peaks, count) : []), [peaks, count]);
  const scale = fittingScale([{ bars, gain: 1 }]);
  return (
    <div className="wave-box" ref={box}>
      <WaveBox width={count}>
        <WaveHalf bars={bars} half="above" scale={scale} className="wave-mix" />
        <WaveHalf bars={bars} half="below" scale={scale} className="wave-mix" />
        {progress !== null && <path className="wave-cut" d={`M0 100h${(progress * count).toFixed(1)}`} />}
      </WaveBox>
    </div>
  );
}
