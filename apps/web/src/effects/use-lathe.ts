import { createClient, type LatheClient } from '@lathe/client';
import { limits } from '@lathe/contracts';
import { type Dispatch, useEffect, useMemo, useReducer } from 'react';
import { readHash, writeHash } from '../model/address.ts';
import { reduce } from '../model/reduce.ts';
import { type Action, type State, stateWith } from '../model/state.ts';
import { persist } from './persist.ts';
import { isGone, isRefusedKey, sentenceOf, sentenceWhileRetrying } from './sentence.ts';

const keySlot = 'lathe.key';

/** The page's state, the client that goes with its key, and the way to change it. */
export type Lathe = {
  state: State;
  dispatch: Dispatch<Action>;
  client: LatheClient | null;
  /** Signs in at once, where the page would wait a little. */
  tryAgain(): void;
};

/** Reads key and ids from the address, keeps the key in localStorage only, and signs in. */
export function useLathe(): Lathe {
  const [state, dispatch] = useReducer(reduce, null, () => stateWith(takeKey()));
  const client = useMemo(
    () => (state.key === null ? null : createClient({ baseUrl: location.origin, apiKey: state.key })),
    [state.key],
  );
  const tryAgain = useSignIn({ client, state, dispatch });
  useAddress(state);
  return { state, dispatch, client, tryAgain };
}

/** A key in the address moves to localStorage, so that it is neither seen nor bookmarked. */
function takeKey(): string | null {
  const { key, ...ids } = readHash(location.hash);
  if (key === null) return localStorage.getItem(keySlot);
  localStorage.setItem(keySlot, key);
  history.replaceState(null, '', `${location.pathname}${writeHash(ids)}`);
  return key;
}

/**
 * The first call with a new key proves it, and brings what the order form needs and what the address remembers. Only a
 * refused key is forgotten; whatever else stands in the way is told, and tried again until it works.
 */
function useSignIn({ client, state: { key }, dispatch }: Omit<Lathe, 'tryAgain'>): () => void {
  const [attempt, begin] = useReducer((count: number) => count + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt begins anew, without the pause.
  useEffect(() => {
    if (!client || !key) return;
    const stop = new AbortController();
    const proven = persist((signal) => signIn(client, dispatch, signal), {
      signal: stop.signal,
      network: window,
      isFinal: isRefusedKey,
      onTrouble: (error) => dispatch({ type: 'went-wrong', at: 'key', sentence: sentenceWhileRetrying(error) }),
      onRecovered: () => dispatch({ type: 'put-right', at: 'key' }),
    });
    proven.then(
      () => localStorage.setItem(keySlot, key),
      (error) => {
        if (stop.signal.aborted) return;
        localStorage.removeItem(keySlot);
        dispatch({ type: 'key-refused', sentence: sentenceOf(error) });
      },
    );
    return () => stop.abort();
  }, [client, key, dispatch, attempt]);
  return () => {
    dispatch({ type: 'put-right', at: 'key' });
    begin();
  };
}

async function signIn(client: LatheClient, dispatch: Dispatch<Action>, signal: AbortSignal): Promise<'done'> {
  const [platforms, styles, profiles] = await Promise.all([
    client.platforms.list({ signal }),
    client.styles.list({ signal }),
    client.profiles.list({ limit: limits.maxProfiles, signal }),
  ]);
  await client.masters.list({ limit: 1, signal });
  await comeBack(client, dispatch, signal);
  if (!signal.aborted)
    dispatch({ type: 'catalogue-loaded', catalogue: { platforms, styles, profiles: profiles.data } });
  return 'done';
}

/** Brings back what the address remembers. Ids that are gone (deleted, or another organisation's) are forgotten. */
async function comeBack(client: LatheClient, dispatch: Dispatch<Action>, signal: AbortSignal): Promise<void> {
  const { mixId, masterId, beforeId } = readHash(location.hash);
  const mix = mixId ? await unlessGone(client.mixes.get(mixId, { signal })) : null;
  const master = mix && masterId ? await unlessGone(client.masters.get(masterId, { signal })) : null;
  const before = master && beforeId ? await unlessGone(client.masters.get(beforeId, { signal })) : null;
  if (signal.aborted || !mix) return;
  dispatch({ type: 'mix-arrived', mix });
  if (master?.mixId === mix.id) dispatch({ type: 'remade', master, before: before?.mixId === mix.id ? before : null });
}

async function unlessGone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Keeps the ids of what is on the bench in the address. */
function useAddress({ catalogue, source, making, before }: State): void {
  const mixId = source.kind === 'mix' ? source.mix.id : null;
  const masterId = making.kind === 'master' ? making.master.id : null;
  const beforeId = before?.id ?? null;
  const signedIn = catalogue !== null;
  useEffect(() => {
    if (signedIn) history.replaceState(null, '', `${location.pathname}${writeHash({ mixId, masterId, beforeId })}`);
  }, [signedIn, mixId, masterId, beforeId]);
}

export function forgetKey(dispatch: Dispatch<Action>): void {
  localStorage.removeItem(keySlot);
  dispatch({ type: 'key-forgotten' });
}
