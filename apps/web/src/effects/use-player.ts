import { type LatheClient, ProblemError } from '@lathe/client';
import type { Master, Mix, Peaks, Rendition } from '@lathe/contracts';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { matchedGains } from '../model/matched-gain.ts';
import { peaksOfChannels } from '../model/waveform.ts';
import { type AbPlayer, createAbPlayer, type Side } from './ab-player.ts';
import { fetchBytes } from './files.ts';
import { persist } from './persist.ts';
import { isPassing, PageLimit, sentenceOf, sentenceWhileRetrying } from './sentence.ts';

/** Decoded audio takes 8 bytes per frame and channel pair; longer recordings are for a player with a disk behind it. */
const maxListenSeconds = 30 * 60;
const tooLong = 'A recording of over 30 minutes is too long to listen to here. Its masters can be downloaded below.';
const peakSlices = 2000;

/** A player that comes and goes with the component, and what its buttons do. */
export type Transport = {
  player: RefObject<AbPlayer | null>;
  playing: boolean;
  side: Side;
  toggle(): void;
  choose(side: Side): void;
};
export type Listening = Transport & { ready: boolean; masterPeaks: Peaks | null; wrong: string | null };

export type Pair = { client: LatheClient; mix: Mix; master: Master; rendition: Rendition };

/** Fetches and decodes a mix and one of its masters, and plays them in step at one loudness. */
export function useListening(pair: Pair): Listening {
  const transport = usePlayer(pair.mix.id);
  return { ...transport, ...useLoaded(transport.player, pair) };
}

/** One player per song, named by `id`; it begins with the master. */
export function usePlayer(id: string): Transport {
  const player = useRef<AbPlayer | null>(null);
  const [playing, setPlaying] = useState(false);
  const [side, setSide] = useState<Side>('master');

  // biome-ignore lint/correctness/useExhaustiveDependencies: one player per song; the ref outlives renders.
  useEffect(() => {
    const created = createAbPlayer(() => setPlaying(false));
    created.select(side);
    player.current = created;
    return () => {
      player.current = null;
      created.close();
      setPlaying(false);
    };
  }, [id]);

  const toggle = useCallback(() => {
    const current = player.current;
    if (!current) return;
    const goOn = !current.playing;
    if (goOn) current.play();
    else current.pause();
    setPlaying(goOn);
  }, []);
  const choose = useCallback((next: Side) => {
    player.current?.select(next);
    setSide(next);
  }, []);
  return { player, playing, side, toggle, choose };
}

type Loaded = Pick<Listening, 'ready' | 'masterPeaks' | 'wrong'>;
const nothing: Loaded = { ready: false, masterPeaks: null, wrong: null };

function useLoaded(player: RefObject<AbPlayer | null>, pair: Pair): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(nothing);
  const { client, mix, master, rendition } = pair;

  // biome-ignore lint/correctness/useExhaustiveDependencies: ids name what is loaded.
  useEffect(() => {
    const stop = new AbortController();
    const current = player.current;
    setLoaded((before) => ({ ...before, ready: false, wrong: null }));
    if (current) {
      const attempt = async (signal: AbortSignal) => {
        const masterPeaks = await load(current, { client, mix, master, rendition }, signal);
        setLoaded({ ready: true, masterPeaks, wrong: null });
        return 'done' as const;
      };
      persist(attempt, {
        signal: stop.signal,
        network: window,
        isFinal: (error) => !(error instanceof ProblemError && isPassing(error)),
        onTrouble: (error) => setLoaded({ ...nothing, wrong: sentenceWhileRetrying(error) }),
        onRecovered: () => undefined,
      }).catch((error) => !stop.signal.aborted && setLoaded({ ...nothing, wrong: sentenceOf(error) }));
    }
    return () => stop.abort();
  }, [mix.id, rendition.id]);
  return loaded;
}

async function load(player: AbPlayer, { client, mix, master, rendition }: Pair, signal: AbortSignal): Promise<Peaks> {
  const { durationSeconds } = rendition.measured;
  if (durationSeconds > maxListenSeconds) throw new PageLimit(tooLong);
  const decode = async (address: Promise<{ url: string }>) =>
    await player.decode(await fetchBytes((await address).url, signal));
  const mixIsLoaded = player.durationSeconds > 0;
  const [mixAudio, masterAudio] = await Promise.all([
    mixIsLoaded ? null : decode(client.mixes.source(mix.id, { signal })),
    decode(client.masters.download(master.id, rendition.id, { signal })),
  ]);
  signal.throwIfAborted();
  if (mixAudio) player.load('mix', mixAudio);
  player.load('master', masterAudio);
  player.setGains(matchedGains(mix.analysis?.loudness.integratedLufs ?? null, rendition.measured.integratedLufs));
  const channels = Array.from({ length: masterAudio.numberOfChannels }, (_, c) => masterAudio.getChannelData(c));
  return peaksOfChannels(channels, peakSlices, masterAudio.duration);
}
