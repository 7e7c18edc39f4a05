import type { Master, MasterOrder, Mix, Peaks, PlatformEntry, Profile, StyleEntry } from '@lathe/contracts';

/** Where on the page a sentence about something that went wrong belongs. */
export type Place = 'key' | 'upload' | 'mix' | 'order' | 'master' | 'recent' | 'listen' | 'files';

export type Paused = false | 'by hand' | 'offline';
export type Sending = { filename: string; sizeBytes: number; sentBytes: number; paused: Paused };

/** The one song on the bench. */
export type Source =
  | { kind: 'none' }
  | ({ kind: 'sending' } & Sending)
  | { kind: 'mix'; mix: Mix; peaks: Peaks | null };

/** The one order being made of it. */
export type Making = { kind: 'none' } | { kind: 'ordering' } | { kind: 'master'; master: Master };

export type Platform = PlatformEntry;
export type Draft = Pick<MasterOrder, 'style' | 'intensity' | 'amounts' | 'loudness' | 'formats'> & {
  targets: Platform['id'][];
  /** Of one's own. */
  profiles: Profile['id'][];
};
export type Catalogue = { platforms: Platform[]; styles: StyleEntry[]; profiles: Profile[] };
export type RecentMaster = { master: Master; filename: string };

export type State = {
  key: string | null;
  /** Null until the service has accepted the key. */
  catalogue: Catalogue | null;
  source: Source;
  draft: Draft;
  making: Making;
  /** The rendition beside the mix in the player; null is the first. */
  listeningTo: string | null;
  recent: RecentMaster[];
  wrong: Partial<Record<Place, string>>;
};

export type Action =
  | { type: 'key-given'; key: string }
  | { type: 'key-refused'; sentence: string }
  | { type: 'key-forgotten' }
  | { type: 'catalogue-loaded'; catalogue: Catalogue }
  | { type: 'sending-started'; filename: string; sizeBytes: number }
  | { type: 'sent'; sentBytes: number }
  | { type: 'sending-paused'; paused: Paused }
  | { type: 'sending-stopped' }
  | { type: 'mix-arrived'; mix: Mix }
  | { type: 'peaks-arrived'; mixId: string; peaks: Peaks }
  | { type: 'draft-changed'; change: Partial<Draft> }
  | { type: 'ordering' }
  | { type: 'master-arrived'; master: Master }
  | { type: 'listen-to'; renditionId: string }
  | { type: 'order-anew' }
  | { type: 'begin-anew' }
  | { type: 'recent-listed'; recent: RecentMaster[] }
  | { type: 'went-wrong'; at: Place; sentence: string }
  | { type: 'put-right'; at: Place };

const firstDraft: Draft = {
  style: 'natural',
  intensity: 50,
  amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
  loudness: 'platform',
  formats: ['wav24'],
  targets: ['spotify', 'apple-music', 'youtube'],
  profiles: [],
};

export const stateWith = (key: string | null): State => ({
  key,
  catalogue: null,
  source: { kind: 'none' },
  draft: firstDraft,
  making: { kind: 'none' },
  listeningTo: null,
  recent: [],
  wrong: {},
});
