import type { Master, MasterOrder, Metadata, Mix, Peaks, PlatformEntry, Profile, StyleEntry } from '@lathe/contracts';

/** Where on the page a sentence about something that went wrong belongs. */
export type Place =
  | 'key'
  | 'upload'
  | 'mix'
  | 'order'
  | 'master'
  | 'recent'
  | 'listen'
  | 'files'
  | 'plan'
  | 'cover'
  | 'references';

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
export type Draft = Pick<
  MasterOrder,
  'style' | 'intensity' | 'amounts' | 'phase' | 'loudness' | 'formats' | 'sampleRateHz' | 'dither' | 'tags'
> & {
  targets: Platform['id'][];
  /** Of one's own. */
  profiles: Profile['id'][];
  references: Reference[];
  words: Words;
  cover: Cover | null;
};
/** What the files are to say about the music, as it was typed. */
export type Words = Partial<Record<keyof Metadata, string>>;
/** A picture the service has; `url` shows it here. */
type Cover = { sha256: string; filename: string; url: string };
/** Finished music to come nearer to; it counts once it has become a mix. */
export type Reference = {
  key: string;
  filename: string;
  weight: number;
  mixId: Mix['id'] | null;
  /** Null once it is there, or will not come. */
  sentFraction: number | null;
  wrong: string | null;
};
export type Catalogue = { platforms: Platform[]; styles: StyleEntry[]; profiles: Profile[] };
export type RecentMaster = { master: Master; filename: string };
/** Something that was uploaded before, by its name. */
export type Track = Pick<Mix, 'id' | 'filename'>;
/** What the service says against single fields of what was sent, by JSON pointer. */
export type Faults = Record<string, string>;

export type State = {
  key: string | null;
  /** Null until the service has accepted the key. */
  catalogue: Catalogue | null;
  source: Source;
  draft: Draft;
  making: Making;
  /** The rendition beside the mix in the player; null is the first. */
  listeningTo: string | null;
  /** What `making` is to be compared with: the master whose plan was changed for it. */
  before: Master | null;
  recent: RecentMaster[];
  tracks: Track[];
  wrong: Partial<Record<Place, string>>;
  faults: Faults;
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
  | { type: 'reference-added'; reference: Reference }
  | { type: 'reference-changed'; key: string; change: Partial<Reference> }
  | { type: 'reference-removed'; key: string }
  | { type: 'profiles-changed'; profiles: Profile[] }
  | { type: 'ordering' }
  | { type: 'master-arrived'; master: Master }
  | { type: 'remade'; master: Master; before: Master | null }
  | { type: 'listen-to'; renditionId: string }
  | { type: 'order-anew' }
  | { type: 'begin-anew' }
  | { type: 'recent-listed'; recent: RecentMaster[]; tracks: Track[] }
  | { type: 'went-wrong'; at: Place; sentence: string; faults?: Faults }
  | { type: 'put-right'; at: Place };

const firstDraft: Draft = {
  style: 'natural',
  intensity: 50,
  amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
  phase: 'minimum',
  loudness: 'platform',
  formats: ['wav24'],
  sampleRateHz: 'source',
  dither: 'tpdf',
  tags: 'all',
  targets: ['spotify', 'apple-music', 'youtube'],
  profiles: [],
  references: [],
  words: {},
  cover: null,
};

export const stateWith = (key: string | null): State => ({
  key,
  catalogue: null,
  source: { kind: 'none' },
  draft: firstDraft,
  making: { kind: 'none' },
  listeningTo: null,
  before: null,
  recent: [],
  tracks: [],
  wrong: {},
  faults: {},
});
