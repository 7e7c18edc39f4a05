import type { ReactNode } from 'react';
import { forgetKey, type Lathe } from '../effects/use-lathe.ts';
import type { Upload } from '../effects/use-upload.ts';
import { bytes, clock, hertz, textOf } from '../model/format.ts';
import { stepOf } from '../model/reduce.ts';
import type { Source } from '../model/state.ts';
import { DropField } from './drop-field.tsx';
import { Grooves } from './grooves.tsx';
import { KeyForm } from './key-form.tsx';
import { ListeningDeck } from './listening-deck.tsx';
import { Wrong } from './pieces.tsx';
import { Sending } from './sending.tsx';
import { StillWaveform } from './still-waveform.tsx';

type HeroProps = { lathe: Lathe; upload: Upload };

/** The lacquer: the one object that carries the song from the first drop to the last listen. */
export function Hero({ lathe, upload }: HeroProps) {
  const { source } = lathe.state;
  const step = stepOf(lathe.state);
  if (step === 'key') {
    return (
      <Lacquer title={motto} cut={1}>
        {lathe.state.key === null ? <KeyForm lathe={lathe} /> : <Opening lathe={lathe} />}
      </Lacquer>
    );
  }
  if (source.kind === 'none') {
    return (
      <Lacquer title={motto} cut={1}>
        <DropField upload={upload} label="Choose a mix" />
        <Wrong sentence={lathe.state.wrong.upload} />
      </Lacquer>
    );
  }
  if (source.kind === 'sending') {
    return (
      <Lacquer title={source.filename} cut={source.sentBytes / source.sizeBytes}>
        <Sending sending={source} upload={upload} />
      </Lacquer>
    );
  }
  return <WithMix lathe={lathe} upload={upload} source={source} />;
}

/** The key is being tried; as long as the service cannot say what it thinks of it, the key is kept. */
function Opening({ lathe: { state, dispatch, tryAgain } }: { lathe: Lathe }) {
  if (!state.wrong.key) return <p className="hint">Opening…</p>;
  return (
    <>
      <Wrong sentence={state.wrong.key} />
      <p className="buttons">
        <button type="button" className="primary" onClick={tryAgain}>
          Try again
        </button>
        <button type="button" className="plain" onClick={() => forgetKey(dispatch)}>
          Use another key
        </button>
      </p>
    </>
  );
}

const motto = 'Bring a mix. Leave with masters you can prove.';

function WithMix({ lathe, upload, source }: HeroProps & { source: Extract<Source, { kind: 'mix' }> }) {
  const { mix, peaks } = source;
  const { wrong, making } = lathe.state;
  if (mix.state === 'failed') {
    return (
      <Lacquer title={mix.filename} cut={0}>
        <Wrong sentence={mix.error?.detail ?? 'This file could not be read.'} />
        <DropField upload={upload} label="Choose another file" />
      </Lacquer>
    );
  }
  if (mix.state === 'probing') {
    return (
      <Lacquer title={mix.filename} cut={1} alive>
        <p className="stage" role="status">
          Listening to your mix…
        </p>
        <Wrong sentence={wrong.mix} />
      </Lacquer>
    );
  }
  const ready = making.kind === 'master' && making.master.state === 'ready' ? making.master : null;
  const progress = making.kind === 'master' ? making.master.progress : null;
  return (
    <section className="lacquer with-song" aria-label="The song">
      <SongTitle source={source} onAnother={() => lathe.dispatch({ type: 'begin-anew' })} />
      {ready && lathe.client ? (
        <ListeningDeck key={ready.id} lathe={lathe} client={lathe.client} mix={mix} peaks={peaks} master={ready} />
      ) : (
        <StillWaveform peaks={peaks} progress={progress} />
      )}
      <Wrong sentence={wrong.mix} />
    </section>
  );
}

function SongTitle({ source: { mix }, onAnother }: { source: Extract<Source, { kind: 'mix' }>; onAnother(): void }) {
  const loudness = mix.analysis?.loudness;
  return (
    <header className="song-title">
      <h1>{mix.filename}</h1>
      {loudness && (
        <p className="song-facts">
          {clock(loudness.durationSeconds)} · {textOf(hertz(loudness.sampleRateHz))} ·{' '}
          {loudness.channels === 1 ? 'mono' : 'stereo'} · {textOf(bytes(mix.sizeBytes))}
        </p>
      )}
      <button type="button" className="quiet" onClick={onAnother}>
        Another mix
      </button>
    </header>
  );
}

type LacquerProps = { title: string; cut: number; alive?: boolean; children: ReactNode };

function Lacquer({ title, cut, alive = false, children }: LacquerProps) {
  return (
    <section className="lacquer" aria-label="Your mix">
      <Grooves cut={cut} alive={alive} />
      <div className="lacquer-words">
        <h1>{title}</h1>
        {children}
      </div>
    </section>
  );
}
