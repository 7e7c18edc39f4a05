import { ProblemError } from '@lathe/client';
import { persist } from './persist.ts';
import { isPassing, sentenceOf, sentenceWhileRetrying } from './sentence.ts';

/** Loads what is to be heard, again while that may help. What is returned ends it; `onWrong` is told what keeps it from being there. */
export function loading(load: (signal: AbortSignal) => Promise<void>, onWrong: (sentence: string) => void): () => void {
  const stop = new AbortController();
  const attempt = async (signal: AbortSignal) => {
    await load(signal);
    return 'done' as const;
  };
  persist(attempt, {
    signal: stop.signal,
    network: window,
    isFinal: (error) => !(error instanceof ProblemError && isPassing(error)),
    onTrouble: (error) => onWrong(sentenceWhileRetrying(error)),
    onRecovered: () => undefined,
  }).catch((error) => !stop.signal.aborted && onWrong(sentenceOf(error)));
  return () => stop.abort();
}
