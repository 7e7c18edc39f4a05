import type { LatheClient } from '@lathe/client';
import type { Master, Mix, Peaks } from '@lathe/contracts';
import { type ReactNode, useEffect, useState } from 'react';
import type { Side } from '../effects/ab-player.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import {
  type Against,
  againstMaster,
  againstMix,
  type Compared,
  type Listening,
  type Transport,
  useListening,
} from '../effects/use-player.ts';
import { formatNumber } from '../model/format.ts';
import { matchedGains } from '../model/matched-gain.ts';
import { counterpart, renditionName } from '../model/order.ts';
import { Icon } from './icons.tsx';
import { PairWaveform } from './pair-waveform.tsx';
import { Wrong } from './pieces.tsx';

type DeckProps = { lathe: Lathe; client: LatheClient; mix: Mix; peaks: Peaks | null; master: Master };

/** Mix against master, in step and equally loud, so that only the difference is heard; or the master before, if there is one. */
export function ListeningDeck({ lathe, client, mix, peaks, master }: DeckProps) {
  const { before, listeningTo } = lathe.state;
  const [wantsBefore, setWantsBefore] = useState(true);
  const { renditions } = master;
  const rendition = renditions.find(({ id }) => id === listeningTo) ?? renditions[0];
  if (!rendition) return null;
  const earlier = before && counterpart(rendition, before);
  const against = before && earlier && wantsBefore ? againstMaster(before, earlier) : againstMix(mix, peaks);
  return (
    <Pair key={against.id} {...{ lathe, client, against, master, rendition }}>
      {earlier && (
        <label className="target-choice">
          <span>A is</span>
          <select
            value={wantsBefore ? 'before' : 'mix'}
            onChange={(event) => setWantsBefore(event.currentTarget.value === 'before')}
          >
            <option value="before">the master before</option>
            <option value="mix">the mix</option>
          </select>
        </label>
      )}
    </Pair>
  );
}

type PairProps = Compared & { lathe: Lathe; children: ReactNode };

function Pair({ lathe, client, against, master, rendition, children }: PairProps) {
  const listening = useListening({ client, against, master, rendition });
  const gains = matchedGains(against.integratedLufs, rendition.measured.integratedLufs);
  const onChoose = (renditionId: string) => lathe.dispatch({ type: 'listen-to', renditionId });
  const platforms = lathe.state.catalogue?.platforms ?? [];
  useListeningKeys(listening);
  return (
    <div className="listening">
      <PairWaveform
        listening={listening}
        against={against}
        gains={gains}
        durationSeconds={rendition.measured.durationSeconds}
      />
      <div className="transport">
        <PlayButton listening={listening} />
        <SideSwitch listening={listening} name={against.name} />
        {children}
        {master.renditions.length > 1 && (
          <label className="target-choice">
            <span>Master for</span>
            <select value={rendition.id} onChange={(event) => onChoose(event.currentTarget.value)}>
              {master.renditions.map((r) => (
                <option key={r.id} value={r.id}>
                  {renditionName(r, platforms)} · {formatNumber(r.targetLufs)} LUFS
                </option>
              ))}
            </select>
          </label>
        )}
        <p className="hint matched">{matchedSentence(gains, against)}</p>
      </div>
      <Wrong sentence={listening.wrong} />
    </div>
  );
}

type Heard = Transport & Pick<Listening, 'ready'>;

export function PlayButton({ listening: { ready, playing, toggle } }: { listening: Heard }) {
  return (
    <button type="button" className="play" onClick={toggle} disabled={!ready} aria-keyshortcuts="Space">
      <Icon name={playing ? 'pause' : 'play'} />
      <span className="spoken">{playing ? 'Pause' : 'Play'}</span>
    </button>
  );
}

const sides = [
  { side: 'mix', letter: 'A', name: 'Mix' },
  { side: 'master', letter: 'B', name: 'Master' },
] as const satisfies { side: Side; letter: string; name: string }[];

export function SideSwitch({ listening: { side, choose }, name }: { listening: Heard; name: string }) {
  return (
    <div className="sides" role="radiogroup" aria-label="Hear">
      {sides.map((item) => (
        // biome-ignore lint/a11y/useSemanticElements: a button keeps the space key for play; arrows are not needed for two.
        <button
          key={item.side}
          type="button"
          role="radio"
          aria-checked={side === item.side}
          aria-keyshortcuts={item.letter}
          className={`side ${item.side}`}
          onClick={() => choose(item.side)}
        >
          <kbd>{item.letter}</kbd> {item.side === 'mix' ? name : item.name}
        </button>
      ))}
    </div>
  );
}

function matchedSentence({ mixDb, masterDb }: ReturnType<typeof matchedGains>, { spoken }: Against): string {
  const [turned, db] = mixDb < masterDb ? [spoken, mixDb] : ['master', masterDb];
  if (Math.abs(db) < 0.05) return 'Both play at the same loudness.';
  return `Equally loud: the ${turned} is turned down ${formatNumber(-db)}\u00a0dB.`;
}

/** Space plays and pauses, A and B switch, wherever on the page nothing else wants the key. */
export function useListeningKeys({ toggle, choose, ready }: Heard): void {
  useEffect(() => {
    if (!ready) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || wantsKeys(event.target, event.key)) return;
      const key = event.key.toLowerCase();
      if (key === 'a') choose('mix');
      else if (key === 'b') choose('master');
      else if (key === ' ') toggle();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [ready, toggle, choose]);
}

/** Fields take letters; buttons, links and boxes take the space bar. */
function wantsKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input[type=range], .side')) return false;
  return target.matches('input, select, textarea') || (key === ' ' && target.matches('button, a, summary, label'));
}
