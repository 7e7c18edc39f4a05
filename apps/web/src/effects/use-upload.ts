import { createUploadHold, type UploadHold } from '@lathe/client';
import { useEffect, useRef } from 'react';
import type { Paused } from '../model/state.ts';
import { isAbort, sentenceOf } from './sentence.ts';
import type { Lathe } from './use-lathe.ts';

export type Upload = { start(file: File): void; pause(): void; resume(): void; stop(): void };

/** One upload at a time: starting another, or leaving the page, stops the one before. */
export function useUpload({ client, dispatch, state: { source } }: Lathe): Upload {
  const running = useRef<{ stop: AbortController; hold: UploadHold } | null>(null);
  useEffect(() => () => running.current?.stop.abort(), []);

  const start = async (file: File) => {
    if (!client) return;
    running.current?.stop.abort();
    const now = { stop: new AbortController(), hold: createUploadHold() };
    running.current = now;
    dispatch({ type: 'sending-started', filename: file.name, sizeBytes: file.size });
    try {
      const mix = await client.uploads.file(file, {
        hold: now.hold,
        signal: now.stop.signal,
        onProgress: ({ sentBytes }) => dispatch({ type: 'sent', sentBytes }),
      });
      dispatch({ type: 'mix-arrived', mix });
    } catch (error) {
      if (!isAbort(error)) dispatch({ type: 'went-wrong', at: 'upload', sentence: sentenceOf(error) });
    }
  };
  const hold = (paused: Paused) => {
    if (paused) running.current?.hold.hold();
    else running.current?.hold.release();
    dispatch({ type: 'sending-paused', paused });
  };
  useNetwork({
    onOffline: () => source.kind === 'sending' && !source.paused && hold('offline'),
    onOnline: () => source.kind === 'sending' && source.paused === 'offline' && hold(false),
  });
  return {
    start,
    pause: () => hold('by hand'),
    resume: () => hold(false),
    stop: () => {
      running.current?.stop.abort();
      dispatch({ type: 'sending-stopped' });
    },
  };
}

function useNetwork({ onOffline, onOnline }: { onOffline(): void; onOnline(): void }): void {
  // No list of dependencies: the handlers are made anew on each render, and the listeners follow them.
  useEffect(() => {
    window.addEventListener('offline', onOffline);
    window.addEventListener('online', onOnline);
    return () => {
      window.removeEventListener('offline', onOffline);
      window.removeEventListener('online', onOnline);
    };
  });
}
