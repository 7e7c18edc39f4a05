import type { Master, MasterState, Mix } from '@lathe/contracts';
import { type Action, type Making, type Place, type Source, type State, stateWith } from './state.ts';

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
    case 'draft-changed':
      return { ...without(state, 'order'), draft: { ...state.draft, ...action.change } };
    case 'ordering':
      return { ...without(state, 'order', 'master'), making: { kind: 'ordering' } };
    case 'master-arrived':
      return { ...state, making: newerMaster(state.making, action.master), recent: refreshed(state, action.master) };
    case 'listen-to':
      return { ...without(state, 'listen'), listeningTo: action.renditionId };
    case 'order-anew':
      return { ...without(state, 'order', 'master', 'listen', 'files'), making: { kind: 'none' } };
    case 'begin-anew':
      return { ...state, source: { kind: 'none' }, making: { kind: 'none' }, wrong: {} };
    case 'recent-listed':
      return { ...state, recent: action.recent };
    case 'went-wrong':
      return { ...afterFailure(state, action.at), wrong: { ...state.wrong, [action.at]: action.sentence } };
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

function sourceChange({ source }: State, action: SourceAction): Partial<State> {
  switch (action.type) {
    case 'sending-started': {
      const { filename, sizeBytes } = action;
      const sending: Source = { kind: 'sending', filename, sizeBytes, sentBytes: 0, paused: false };
      return { source: sending, making: { kind: 'none' }, wrong: {} };
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
