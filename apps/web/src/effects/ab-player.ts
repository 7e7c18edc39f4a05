import { linear, type MatchedGains } from '../model/matched-gain.ts';

export type Side = 'mix' | 'master';

/** Long enough not to click, short enough to feel instant. */
const crossfadeSeconds = 0.018;

/** Two versions of one song, playing in step; one is heard. Everything in seconds of the song. */
export type AbPlayer = {
  decode(bytes: ArrayBuffer): Promise<AudioBuffer>;
  /** Replaces one side; a song that is playing goes on from where it is. */
  load(side: Side, audio: AudioBuffer): void;
  setGains(gains: MatchedGains): void;
  select(side: Side): void;
  play(): Promise<void>;
  pause(): void;
  seek(seconds: number): void;
  readonly playing: boolean;
  readonly positionSeconds: number;
  readonly durationSeconds: number;
  close(): Promise<void>;
};

type Deck = { audio: AudioBuffer | null; gain: GainNode; source: AudioBufferSourceNode | null; matchedDb: number };

/** Starts silent and stopped. `onEnded` is called when the song has played to its end. */
export function createAbPlayer(onEnded: () => void): AbPlayer {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const decks: Record<Side, Deck> = { mix: createDeck(context), master: createDeck(context) };
  const both = Object.values(decks);
  let heard: Side = 'mix';
  let playing = false;
  let offsetSeconds = 0;
  let startedAt = 0;

  const durationSeconds = () => Math.max(0, ...both.map(({ audio }) => audio?.duration ?? 0));
  const position = () => Math.min(durationSeconds(), offsetSeconds + (playing ? context.currentTime - startedAt : 0));

  const fade = () => {
    const now = context.currentTime;
    for (const side of ['mix', 'master'] as const) {
      const { gain, matchedDb } = decks[side];
      gain.gain.cancelScheduledValues(now);
      gain.gain.setValueAtTime(gain.gain.value, now);
      gain.gain.linearRampToValueAtTime(side === heard ? linear(matchedDb) : 0, now + crossfadeSeconds);
    }
  };
  const stop = () => {
    offsetSeconds = position();
    playing = false;
    for (const deck of both) stopDeck(deck);
  };
  const start = () => {
    if (offsetSeconds >= durationSeconds()) offsetSeconds = 0;
    startedAt = context.currentTime;
    playing = true;
    for (const deck of both) startDeck(context, deck, offsetSeconds);
    const last = decks.mix.source ?? decks.master.source;
    if (last) last.onended = () => finish(last);
  };
  const finish = (source: AudioBufferSourceNode) => {
    if (!playing || !both.some((deck) => deck.source === source)) return;
    stop();
    offsetSeconds = 0;
    onEnded();
  };
  /** Changes something about the sources and lets the song go on from where it was. */
  const restarting = (change: () => void) => {
    const wasPlaying = playing;
    stop();
    change();
    if (wasPlaying) start();
  };

  return {
    decode: (bytes) => context.decodeAudioData(bytes),
    load: (side, audio) => restarting(() => (decks[side].audio = audio)),
    setGains: ({ mixDb, masterDb }) => {
      decks.mix.matchedDb = mixDb;
      decks.master.matchedDb = masterDb;
      fade();
    },
    select: (side) => {
      heard = side;
      fade();
    },
    play: async () => {
      await context.resume();
      if (!playing) start();
    },
    pause: stop,
    seek: (seconds) => restarting(() => (offsetSeconds = Math.max(0, Math.min(seconds, durationSeconds())))),
    get playing() {
      return playing;
    },
    get positionSeconds() {
      return position();
    },
    get durationSeconds() {
      return durationSeconds();
    },
    close: () => context.close(),
  };
}

function createDeck(context: AudioContext): Deck {
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  return { audio: null, gain, source: null, matchedDb: 0 };
}

function startDeck(context: AudioContext, deck: Deck, offsetSeconds: number): void {
  if (!deck.audio) return;
  deck.source = context.createBufferSource();
  deck.source.buffer = deck.audio;
  deck.source.connect(deck.gain);
  deck.source.start(context.currentTime, offsetSeconds);
}

function stopDeck(deck: Deck): void {
  if (!deck.source) return;
  deck.source.onended = null;
  deck.source.stop();
  deck.source.disconnect();
  deck.source = null;
}
