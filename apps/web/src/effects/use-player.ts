import type { LatheClient } from '@lathe/client';
import type { Master, Mix, Peaks, Rendition } from '@lathe/contracts';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { matchedGains } from '../model/matched-gain.ts';
import { peaksOfChannels } from '../model/waveform.ts';
import { type AbPlayer, createAbPlayer, type Side } from './ab-player.ts';
import { fetchBytes } from './files.ts';
import { loading } from './loading.ts';
import { PageLimit } from './sentence.ts';

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
export type Listening = Transport & Loaded;

/** What a master is held against: the mix, or a file of another master. */
export type Against = {
  id: string;
  /** On the button, and in a sentence. */
  name: string;
  spoken: string;
  /** Drawn from its audio where they are not known before. */
  peaks: Peaks | null;
  integratedLufs: number | null;
  address(client: LatheClient, signal: AbortSignal): Promise<{ url: string }>;
};
export type Compared = { client: LatheClient; against: Against; master: Master; rendition: Rendition };

export const againstMix = (mix: Mix, peaks: Peaks | null): Against => ({
  ...{ id: mix.id, name: 'Mix', spoken: 'mix', peaks },
  integratedLufs: mix.analysis?.loudness.integratedLufs ?? null,
  address: (client, signal) => client.mixes.source(mix.id, { signal }),
});

export const againstMaster = (master: Master, rendition: Rendition): Against => ({
  ...{ id: rendition.id, name: 'Before', spoken: 'master before', peaks: null },
  integratedLufs: rendition.measured.integratedLufs,
  address: (client, signal) => client.masters.download(master.id, rendition.id, { signal }),
});

/** Fetches and decodes a master and what it is held against, and plays them in step at one loudness. */
export function useListening(pair: Compared): Listening {
  const transport = usePlayer(pair.against.id);
  return { ...transport, ...useLoaded(transport.player, pair) };
}

/** One player per comparison, named by `id`; it begins with the master. */
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

type Loaded = { ready: boolean; otherPeaks: Peaks | null; masterPeaks: Peaks | null; wrong: string | null };
const nothing: Loaded = { ready: false, otherPeaks: null, masterPeaks: null, wrong: null };

function useLoaded(player: RefObject<AbPlayer | null>, pair: Compared): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(nothing);
  const { client, against, master, rendition } = pair;

  // biome-ignore lint/correctness/useExhaustiveDependencies: ids name what is loaded.
  useEffect(() => {
    const current = player.current;
    setLoaded((before) => ({ ...before, ready: false, wrong: null }));
    if (!current) return;
    const loadBoth = async (signal: AbortSignal) => {
      const { otherPeaks, masterPeaks } = await load(current, { client, against, master, rendition }, signal);
      setLoaded((before) => ({
        ...{ ready: true, masterPeaks, wrong: null },
        otherPeaks: otherPeaks ?? before.otherPeaks,
      }));
    };
    return loading(loadBoth, (wrong) => setLoaded({ ...nothing, wrong }));
  }, [against.id, rendition.id]);
  return loaded;
}

async function load(
  player: AbPlayer,
  { client, against, master, rendition }: Compared,
  signal: AbortSignal,
): Promise<Pick<Loaded, 'otherPeaks' | 'masterPeaks'>> {
  const { durationSeconds } = rendition.measured;
  if (durationSeconds > maxListenSeconds) throw new PageLimit(tooLong);
  const decode = async (address: Promise<{ url: string }>) =>
    await player.decode(await fetchBytes((await address).url, signal));
  const mixIsLoaded = player.durationSeconds > 0;
  const [mixAudio, masterAudio] = await Promise.all([
    mixIsLoaded ? null : decode(against.address(client, signal)),
    decode(client.masters.download(master.id, rendition.id, { signal })),
  ]);
  signal.throwIfAborted();
  if (mixAudio) player.load('mix', mixAudio);
  player.load('master', masterAudio);
  player.setGains(matchedGains(against.integratedLufs, rendition.measured.integratedLufs));
  return { otherPeaks: mixAudio && !against.peaks ? peaksOf(mixAudio) : null, masterPeaks: peaksOf(masterAudio) };
}

function peaksOf(audio: AudioBuffer): Peaks {
  const channels = Array.from({ length: audio.numberOfChannels }, (_, c) => audio.getChannelData(c));
  return peaksOfChannels(channels, peakSlices, audio.duration);
}
