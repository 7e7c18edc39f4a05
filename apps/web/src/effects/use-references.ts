import { useEffect, useRef } from 'react';
import type { Reference, Track } from '../model/state.ts';
import { isAbort, sentenceOf } from './sentence.ts';
import type { Lathe } from './use-lathe.ts';

export type References = { send(files: readonly File[]): void; choose(track: Track): void; remove(key: string): void };

/** Finished music beside the mix: sent side by side, or chosen of what was sent before. */
export function useReferences({ client, dispatch }: Lathe): References {
  const running = useRef(new Map<string, AbortController>());
  useEffect(
    () => () => {
      for (const stop of running.current.values()) stop.abort();
    },
    [],
  );

  const add = (key: string, { filename, mixId }: { filename: string; mixId: Track['id'] | null }) => {
    const reference = { key, filename, mixId, weight: 1, sentFraction: mixId ? null : 0, wrong: null };
    dispatch({ type: 'reference-added', reference });
  };
  const send = async (file: File) => {
    if (!client) return;
    const [key, stop] = [crypto.randomUUID(), new AbortController()];
    running.current.set(key, stop);
    add(key, { filename: file.name, mixId: null });
    const change = (part: Partial<Reference>) => dispatch({ type: 'reference-changed', key, change: part });
    try {
      const { signal } = stop;
      const onProgress = ({ sentBytes }: { sentBytes: number }) => change({ sentFraction: sentBytes / file.size });
      const sent = await client.uploads.file(file, { signal, onProgress });
      const mix = await client.mixes.wait(sent.id, { signal });
      const wrong = mix.state === 'failed' ? (mix.error?.detail ?? 'This file could not be read.') : null;
      change({ sentFraction: null, mixId: wrong ? null : mix.id, wrong });
    } catch (error) {
      if (isAbort(error)) return;
      change({ sentFraction: null, wrong: sentenceOf(error) });
    } finally {
      running.current.delete(key);
    }
  };
  return {
    send: (files) => {
      for (const file of files) send(file);
    },
    choose: ({ id, filename }) => add(id, { filename, mixId: id }),
    remove: (key) => {
      running.current.get(key)?.abort();
      dispatch({ type: 'reference-removed', key });
    },
  };
}
