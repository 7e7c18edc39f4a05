import { type LatheClient, ProblemError } from '@lathe/client';
import { previewSides } from '@lathe/contracts';
import { useEffect, useState } from 'react';
import { fetchBytes } from './files.ts';
import { persist } from './persist.ts';
import { isPassing, sentenceOf, sentenceWhileRetrying } from './sentence.ts';
import { type Transport, usePlayer } from './use-player.ts';

export type PreviewListening = Transport & { ready: boolean; wrong: string | null };

/** Fetches both sides of a preview, which are equally loud, and plays them in step. */
export function usePreview(client: LatheClient, masterId: string): PreviewListening {
  const transport = usePlayer(masterId);
  const [{ ready, wrong }, setLoaded] = useState<Pick<PreviewListening, 'ready' | 'wrong'>>(nothing);
  const { player } = transport;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the id names what is loaded.
  useEffect(() => {
    const stop = new AbortController();
    const attempt = async (signal: AbortSignal) => {
      const loads = previewSides.map(async (side) => {
        const { url } = await client.masters.preview(masterId, side, { signal });
        const audio = await player.current?.decode(await fetchBytes(url, signal));
        if (audio && !signal.aborted) player.current?.load(side, audio);
      });
      await Promise.all(loads);
      player.current?.setGains({ mixDb: 0, masterDb: 0 });
      setLoaded({ ready: true, wrong: null });
      return 'done' as const;
    };
    persist(attempt, {
      signal: stop.signal,
      network: window,
      isFinal: (error) => !(error instanceof ProblemError && isPassing(error)),
      onTrouble: (error) => setLoaded({ ready: false, wrong: sentenceWhileRetrying(error) }),
      onRecovered: () => undefined,
    }).catch((error) => !stop.signal.aborted && setLoaded({ ready: false, wrong: sentenceOf(error) }));
    return () => stop.abort();
  }, [masterId]);
  return { ...transport, ready, wrong };
}

const nothing = { ready: false, wrong: null };
