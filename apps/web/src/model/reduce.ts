import type { Master, MasterState, Mix } from '@lathe/contracts';
import { type Action, type Draft, type Making, type Place, type Source, type State, stateWith } from './state.ts';
import { faultsLeft, wordsForNextSong } from './words-of-files.ts';

/** What the page knows, after something happened. Pure; what arrives late about another song changes nothing. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'key-given':
      return { ...without(state, 'key'), key: action.key };
    case 'key-refused':
      return { ...stateWith(null), wrong: { key: action.sentence } };
    case 'key-forgotten':
      return stateWith(null);
    case 'catalogue-loaded':
      return { ...state, catalogue: action.catalogue };
    case 'profiles-changed':
      return withProfiles(state, action.profiles);
    case 'draft-changed':
    case 'reference-added':
    case 'reference-removed':
      return withDraft(state, draftAfter(state.draft, action));
    case 'reference-changed':
      return withTrack(withDraft(state, draftAfter(state.draft, action)), action.key);
    case 'ordering':
      return { ...without(state, 'order', 'master'), making: { kind: 'ordering' }, before: null, faults: {} };
    case 'remade':
      return { ...without(state, 'plan', 'listen', 'files'), ...remade(state, action.master), before: action.before };
    case 'master-arrived':
      return { ...state, making: newerMaster(state.making, action.master), recent: refreshed(state, action.master) };
    case 'listen-to':
      return { ...without(state, 'listen'), listeningTo: action.renditionId };
    case 'order-anew':
      return {
        ...without(state, 'order', 'master', 'listen', 'files', 'plan'),
        making: { kind: 'none' },
        before: null,
      };
    case 'begin-anew':
      return { ...state, ...cleared(state.draft), source: { kind: 'none' } };
    case 'recent-listed':
      return { ...state, recent: action.recent, tracks: action.tracks };
    case 'went-wrong':
      return {
        ...afterFailure(state, action.at),
        wrong: { ...state.wrong, [action.at]: action.sentence },
        faults: action.faults ?? state.faults,
      };
    case 'put-right':
      return without(state, action.at);
    default:
      return { ...state, ...sourceChange(state, action) };
  }
}

type SourceAction = Extract<
  Action,
  { type: 'sending-started' | 'sent' | 'sending-paused' | 'sending-stopped' | 'mix-arrived' | 'peaks-arrived' }
>;

type DraftAction = Extract<
  Action,
  { type: 'draft-changed' | 'reference-added' | 'reference-changed' | 'reference-removed' }
>;

function draftAfter(draft: Draft, action: DraftAction): Partial<Draft> {
  const { references } = draft;
  switch (action.type) {
    case 'draft-changed':
      return action.change;
    case 'reference-added':
      return { references: [...references, action.reference] };
    case 'reference-changed': {
      const changed = (each: Draft['references'][number]) =>
        each.key === action.key ? { ...each, ...action.change } : each;
      return { references: references.map(changed) };
    }
    case 'reference-removed':
      return { references: references.filter(({ key }) => key !== action.key) };
  }
}

function withDraft(state: State, change: Partial<Draft>): State {
  const draft = { ...state.draft, ...change };
  return { ...without(state, 'order'), draft, faults: faultsLeft(state.faults, state.draft.words, draft.words) };
}

/** A reference that has arrived can be chosen again, also for another song. */
function withTrack(state: State, key: string): State {
  const { filename, mixId } = state.draft.references.find((each) => each.key === key) ?? { mixId: null };
  if (mixId === null || filename === undefined || state.tracks.some(({ id }) => id === mixId)) return state;
  return { ...state, tracks: [{ id: mixId, filename }, ...state.tracks] };
}

/** A profile that is gone is asked for no more. */
function withProfiles(state: State, profiles: NonNullable<State['catalogue']>['profiles']): State {
  if (!state.catalogue) return state;
  const wanted = profiles.map(({ id }) => id).filter((id) => state.draft.profiles.includes(id));
  return { ...state, catalogue: { ...state.catalogue, profiles }, draft: { ...state.draft, profiles: wanted } };
}

const remade = (state: State, master: Master): Partial<State> => ({
  making: { kind: 'master', master },
  recent: refreshed(state, master),
  listeningTo: null,
});

/** Nothing but what the next song may need as well. */
const cleared = (draft: Draft): Partial<State> => ({
  ...{ making: { kind: 'none' }, before: null, wrong: {}, faults: {} },
  draft: { ...draft, words: wordsForNextSong(draft.words) },
});

function sourceChange({ source, draft }: State, action: SourceAction): Partial<State> {
  switch (action.type) {
    case 'sending-started': {
      const { filename, sizeBytes } = action;
      const sending: Source = { kind: 'sending', filename, sizeBytes, sentBytes: 0, paused: false };
      return { ...cleared(draft), source: sending };
    }
    case 'sent':
      return source.kind === 'sending' ? { source: { ...source, sentBytes: action.sentBytes } } : {};
    case 'sending-paused':
      return source.kind === 'sending' ? { source: { ...source, paused: action.paused } } : {};
    case 'sending-stopped':
      return source.kind === 'sending' ? { source: { kind: 'none' } } : {};
    case 'mix-arrived':
      return { source: newerMix(source, action.mix) };
    case 'peaks-arrived':
      return isMix(source, action.mixId) ? { source: { ...source, peaks: action.peaks } } : {};
  }
}

const isMix = (source: Source, id: string): source is Extract<Source, { kind: 'mix' }> =>
  source.kind === 'mix' && source.mix.id === id;

function newerMix(source: Source, mix: Mix): Source {
  return { kind: 'mix', mix, peaks: isMix(source, mix.id) ? source.peaks : null };
}

/** Answers may overtake each other: an ended master stays ended, and progress never goes back. */
function newerMaster(making: Making, master: Master): Making {
  if (making.kind !== 'master' || making.master.id !== master.id) return { kind: 'master', master };
  const known = making.master;
  if (isEnded(known.state) && !isEnded(master.state)) return making;
  return { kind: 'master', master: { ...master, progress: Math.max(known.progress, master.progress) } };
}

const refreshed = ({ recent }: State, master: Master): State['recent'] =>
  recent.map((item) => (item.master.id === master.id ? { ...item, master } : item));

/** An order that was not taken can be sent again; an upload that broke off makes room for the next. */
function afterFailure(state: State, at: Place): State {
  if (at === 'order' && state.making.kind === 'ordering') return { ...state, making: { kind: 'none' } };
  if (at === 'upload' && state.source.kind === 'sending') return { ...state, source: { kind: 'none' } };
  return state;
}

function without(state: State, ...places: Place[]): State {
  const wrong = { ...state.wrong };
  for (const place of places) delete wrong[place];
  return { ...state, wrong };
}

const ended: readonly MasterState[] = ['ready', 'failed', 'cancelled'];
export const isEnded = (state: MasterState): boolean => ended.includes(state);

/** Which part of the way the page shows. */
export type Step = 'key' | 'choose' | 'sending' | 'hearing' | 'refused' | 'order' | 'making' | 'result';

export function stepOf({ key, catalogue, source, making }: State): Step {
  if (!key || !catalogue) return 'key';
  if (source.kind === 'none') return 'choose';
  if (source.kind === 'sending') return 'sending';
  if (source.mix.state === 'failed') return 'refused';
  if (source.mix.state === 'probing') return 'hearing';
  if (making.kind !== 'master') return 'order';
  return isEnded(making.master.state) && making.master.state === 'ready' ? 'result' : 'making';
}
