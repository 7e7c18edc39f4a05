import type { LatheClient } from '@lathe/client';
import { previewSides } from '@lathe/contracts';
import { useEffect, useState } from 'react';
import { fetchBytes } from './files.ts';
import { loading } from './loading.ts';
import { type Transport, usePlayer } from './use-player.ts';

export type PreviewListening = Transport & { ready: boolean; wrong: string | null };

/** Fetches both sides of a preview, which are equally loud, and plays them in step. */
export function usePreview(client: LatheClient, masterId: string): PreviewListening {
  const transport = usePlayer(masterId);
  const [{ ready, wrong }, setLoaded] = useState<Pick<PreviewListening, 'ready' | 'wrong'>>(nothing);
  const { player } = transport;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the id names what is loaded.
  useEffect(() => {
    const load = async (signal: AbortSignal) => {
      const loads = previewSides.map(async (side) => {
        const { url } = await client.masters.preview(masterId, side, { signal });
        const audio = await player.current?.decode(await fetchBytes(url, signal));
        if (audio && !signal.aborted) player.current?.load(side, audio);
      });
      await Promise.all(loads);
      player.current?.setGains({ mixDb: 0, masterDb: 0 });
      setLoaded({ ready: true, wrong: null });
    };
    return loading(load, (wrong) => setLoaded({ ready: false, wrong }));
  }, [masterId]);
  return { ...transport, ready, wrong };
}

const nothing = { ready: false, wrong: null };
