import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { AbPlayer } from '../effects/ab-player.ts';
import type { Against, Listening } from '../effects/use-player.ts';
import { clock } from '../model/format.ts';
import { linear, type MatchedGains } from '../model/matched-gain.ts';
import { barsOf, fittingScale } from '../model/waveform.ts';
import { useBarCount, WaveBox, WaveHalf } from './waveform.tsx';

type PairWaveformProps = {
  listening: Listening;
  against: Against;
  gains: MatchedGains;
  durationSeconds: number;
};

/** What it is held against above the line, the master below it, both as loud as they play; anywhere on it is a place to play from. */
export function PairWaveform({ listening, against, gains, durationSeconds }: PairWaveformProps) {
  const { player, side, ready, masterPeaks } = listening;
  const mixPeaks = against.peaks ?? listening.otherPeaks;
  const { box, count } = useBarCount();
  const mixBars = useMemo(() => (mixPeaks ? barsOf(mixPeaks, count) : []), [mixPeaks, count]);
  const masterBars = useMemo(() => (masterPeaks ? barsOf(masterPeaks, count) : []), [masterPeaks, count]);
  const [mixGain, masterGain] = [linear(gains.mixDb), linear(gains.masterDb)];
  const scale = fittingScale([
    { bars: mixBars, gain: mixGain },
    { bars: masterBars, gain: masterGain },
  ]);
  const seeker = useRef<HTMLInputElement>(null);
  const time = useRef<HTMLTimeElement>(null);
  usePosition({ player, seeker, time, box });
  return (
    <div className={`wave-box pair hears-${side}`} ref={box} aria-busy={!ready}>
      <WaveBox width={count}>
        <WaveHalf bars={mixBars} half="above" scale={scale * mixGain} className="wave-mix" />
        <WaveHalf bars={masterBars} half="below" scale={scale * masterGain} className="wave-master" />
      </WaveBox>
      <span className="playhead" aria-hidden="true" />
      <input
        ref={seeker}
        className="seeker"
        type="range"
        aria-label="Position"
        min={0}
        max={durationSeconds}
        step={0.1}
        defaultValue={0}
        disabled={!ready}
        onInput={(event) => player.current?.seek(event.currentTarget.valueAsNumber)}
      />
      <span className="wave-name above">{against.name}</span>
      <span className="wave-name below">Master</span>
      <p className="wave-time">
        <time ref={time}>{clock(0)}</time>
        <span>{clock(durationSeconds)}</span>
      </p>
    </div>
  );
}

type PositionRefs = {
  player: RefObject<AbPlayer | null>;
  seeker: RefObject<HTMLInputElement | null>;
  time: RefObject<HTMLTimeElement | null>;
  box: RefObject<HTMLDivElement | null>;
};

/** Moves the playhead with the display, past React: sixty renders a second would serve nobody. */
function usePosition({ player, seeker, time, box }: PositionRefs): void {
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const { positionSeconds = 0, durationSeconds = 0 } = player.current ?? {};
      const text = clock(positionSeconds);
      box.current?.style.setProperty('--played', String(durationSeconds > 0 ? positionSeconds / durationSeconds : 0));
      if (seeker.current) {
        seeker.current.valueAsNumber = positionSeconds;
        seeker.current.setAttribute('aria-valuetext', `${text} of ${clock(durationSeconds)}`);
      }
      if (time.current && time.current.textContent !== text) time.current.textContent = text;
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [player, seeker, time, box]);
}
