import type { LatheClient } from '@lathe/client';
import { type Dispatch, useEffect } from 'react';
import { isEnded } from '../model/reduce.ts';
import type { Action, Faults, Place, RecentMaster, State, Track } from '../model/state.ts';
import { type Attempt, persist } from './persist.ts';
import { faultsOf, isPassing, sentenceOf, sentenceWhileRetrying } from './sentence.ts';
import type { Lathe } from './use-lathe.ts';

/** One question is held this long, so a change of state shows at once and progress at least this often. */
const waitSeconds = 1;

/** Follows what is under way at the service until it has ended, whatever the reason it is on the page for. */
export function useFollow({ state, dispatch, client }: Lathe): void {
  const { source, making } = state;
  const mix = source.kind === 'mix' ? source.mix : null;
  const probingId = mix?.state === 'probing' ? mix.id : null;
  const readyId = mix?.state === 'ready' ? mix.id : null;
  const openMasterId = making.kind === 'master' && !isEnded(making.master.state) ? making.master.id : null;
  const endedMasterId = making.kind === 'master' && isEnded(making.master.state) ? making.master.id : null;

  useWhile(client && probingId, dispatch, 'mix', async (signal) => {
    if (!client || !probingId) return 'done';
    const arrived = await client.mixes.get(probingId, { waitSeconds, signal });
    dispatch({ type: 'mix-arrived', mix: arrived });
    return arrived.state === 'probing' ? 'go on' : 'done';
  });
  useWhile(client && readyId, dispatch, 'mix', async (signal) => {
    if (!client || !readyId) return 'done';
    dispatch({ type: 'peaks-arrived', mixId: readyId, peaks: await client.mixes.peaks(readyId, { signal }) });
    return 'done';
  });
  useWhile(client && openMasterId, dispatch, 'master', async (signal) => {
    if (!client || !openMasterId) return 'done';
    const master = await client.masters.get(openMasterId, { waitSeconds, signal });
    dispatch({ type: 'master-arrived', master });
    return isEnded(master.state) ? 'done' : 'go on';
  });
  useWhile(client && `recent ${endedMasterId}`, dispatch, 'recent', async (signal) => {
    if (client) dispatch({ type: 'recent-listed', ...(await listRecent(client, signal)) });
    return 'done';
  });
}

/** Runs while `key` stays the same; a new key, or leaving, stops it. Trouble is told at its place until it is over. */
function useWhile(key: string | null, dispatch: Dispatch<Action>, at: Place, attempt: Attempt): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names what is followed; the closure is new each time.
  useEffect(() => {
    if (!key) return;
    const stop = new AbortController();
    persist(attempt, {
      signal: stop.signal,
      network: window,
      isFinal: (error) => !isPassing(error),
      onTrouble: (error) => dispatch({ type: 'went-wrong', at, sentence: sentenceWhileRetrying(error) }),
      onRecovered: () => dispatch({ type: 'put-right', at }),
    }).catch((error) => {
      if (!stop.signal.aborted) dispatch({ type: 'went-wrong', at, sentence: sentenceOf(error) });
    });
    return () => {
      stop.abort();
      dispatch({ type: 'put-right', at });
    };
  }, [key]);
}

const recentCount = 8;

type Listed = { recent: RecentMaster[]; tracks: Track[] };

/** The newest masters with the names of the files they were made from, and the newest files. */
async function listRecent(client: LatheClient, signal: AbortSignal): Promise<Listed> {
  const [masters, mixes] = await Promise.all([
    client.masters.list({ limit: recentCount, signal }),
    client.mixes.list({ limit: 100, signal }),
  ]);
  const filenames = new Map(mixes.data.map((mix) => [mix.id, mix.filename]));
  const recent = masters.data.map((master) => ({ master, filename: filenames.get(master.mixId) ?? 'An earlier mix' }));
  return { recent, tracks: mixes.data.filter(({ state }) => state === 'ready') };
}

/** Sends the order; what the service says against it stands beside the button. */
export async function placeOrder({ client, dispatch }: Lathe, order: Parameters<LatheClient['masters']['create']>[0]) {
  if (!client) return;
  dispatch({ type: 'ordering' });
  try {
    dispatch({ type: 'master-arrived', master: await client.masters.create(order) });
  } catch (error) {
    dispatch({ type: 'went-wrong', at: 'order', ...orderTrouble(error) });
  }
}

/** What is wrong with a field that the page shows stands at that field. */
function orderTrouble(error: unknown): { sentence: string; faults: Faults } {
  const faults = faultsOf(error);
  const isShown = (pointer: string) => pointer.startsWith('/metadata/') || pointer.startsWith('/coverSha256');
  const marked = Object.keys(faults).length > 0 && Object.keys(faults).every(isShown);
  return { sentence: marked ? 'The service does not take what is marked above.' : sentenceOf(error), faults };
}

export async function cancelMaster({ client, dispatch }: Lathe, id: string): Promise<void> {
  try {
    const master = await client?.masters.cancel(id);
    if (master) dispatch({ type: 'master-arrived', master });
  } catch (error) {
    dispatch({ type: 'went-wrong', at: 'master', sentence: sentenceOf(error) });
  }
}

/** Brings an earlier master and its mix back onto the bench. */
export async function openMaster({ client, dispatch }: Lathe, { master }: Pick<RecentMaster, 'master'>): Promise<void> {
  if (!client) return;
  try {
    const [mix, whole] = await Promise.all([client.mixes.get(master.mixId), client.masters.get(master.id)]);
    dispatch({ type: 'begin-anew' });
    dispatch({ type: 'mix-arrived', mix });
    dispatch({ type: 'master-arrived', master: whole });
  } catch (error) {
    dispatch({ type: 'went-wrong', at: 'recent', sentence: sentenceOf(error) });
  }
}

export const onBench = (state: State, id: string): boolean =>
  state.making.kind === 'master' && state.making.master.id === id;
