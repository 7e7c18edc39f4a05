// What the artist can do about the numbers, while the mix can still be changed.
import type { Advice, AdviceCode, Analysis } from '../analysis.ts';
import { decimal } from '../decimal.ts';

const HEADROOM_DBFS = -6;
/** Mixes have 12 dB and more; finished loud masters have about 8. */
const BRICKWALLED_PLR_DB = 9;
/** A quieter passage, or one lone peak, lifts the figures of the whole song and hides a limiter; the densest 3 s and the crest do not. */
const BRICKWALLED_PSR_DB = 7;
const BRICKWALLED_CREST_DB = 12;
/** Lows that only differ lie around 0; these work against each other. */
const OUT_OF_PHASE = -0.1;
/** Two sides with nothing in common lose 3 dB in mono. */
const FOLD_DOWN_LOSS_DB = 4;
const BALANCE_DB = 2;
/** −60 dBFS. */
const DC_OFFSET = 0.001;
const MANY_CLICKS = 5;
const HEAD_SILENCE_SECONDS = 2;
const TAIL_SILENCE_SECONDS = 5;
const MUSIC_SAMPLE_RATE_HZ = 44100;
/** Cuts above this are left by good encoders and by some converters alike. */
const LOSSY_CUTOFF_HZ = 19000;
const SHORT_WORD_BITS = 16;
/** Their steps lie 50 dB below full scale: they are heard. */
const COARSE_WORD_BITS = 8;

type Heard = Omit<Analysis, 'advice'>;

/** Each gives its sentence, or nothing when all is well. */
type Adviser = { code: AdviceCode; severity: Advice['severity']; sentence: (heard: Heard) => string | false };

const seconds = (value: number): string => `${value.toFixed(1)} seconds`;

/** Where the peaks stand lowest, if that is too low. */
const limitedIn = ({ plrDb, psrDb, crestFactorDb }: Heard['dynamics']): string | false => {
  if (plrDb === null) return false;
  if (plrDb < BRICKWALLED_PLR_DB) return `The peaks stand only ${decimal(plrDb, 1)} dB above the loudness`;
  const dense = psrDb !== null && psrDb < BRICKWALLED_PSR_DB && crestFactorDb < BRICKWALLED_CREST_DB;
  return dense && `In the densest 3 seconds the peaks stand only ${decimal(psrDb, 1)} dB above the loudness`;
};

const codecNames: Record<string, string> = { mp3: 'an MP3', aac: 'an AAC', vorbis: 'a Vorbis', opus: 'an Opus' };

const advisers: readonly Adviser[] = [
  {
    code: 'clipped',
    severity: 'warning',
    sentence: ({ defects: { clippedRuns } }) =>
      clippedRuns > 0 &&
      `Peaks are cut off flat in ${clippedRuns === 1 ? 'one place' : `${clippedRuns} places`}. Mastering rebuilds what it can, by guessing. Better: turn down what overloads in the mix and export again.`,
  },
  {
    code: 'clicks',
    severity: 'warning',
    sentence: ({ defects: { clicks, clickLikes } }) =>
      clicks >= MANY_CLICKS &&
      clicks > clickLikes &&
      `There are ${clicks} clicks in the file. Mastering takes them out; look for their source: a buffer too small, edits without fades, a loose cable.`,
  },
  {
    code: 'brickwalled',
    severity: 'warning',
    sentence: ({ dynamics }) => {
      const limited = limitedIn(dynamics);
      return (
        limited !== false &&
        `${limited}: this mix is already limited hard. Take the limiter off the mix bus, and the master will breathe.`
      );
    },
  },
  {
    code: 'little_headroom',
    severity: 'info',
    sentence: ({ loudness: { samplePeakDbfs } }) =>
      samplePeakDbfs !== null &&
      samplePeakDbfs > HEADROOM_DBFS &&
      `Peaks reach ${decimal(samplePeakDbfs, 1)} dBFS. Nothing is lost as long as they are not cut off; with 6 dB of room you are always safe.`,
  },
  {
    code: 'lows_out_of_phase',
    severity: 'warning',
    sentence: ({ stereo: { lowCorrelation } }) =>
      lowCorrelation < OUT_OF_PHASE &&
      'Below 120 Hz left and right work against each other: on one loudspeaker, and in a club, the bass will vanish. Look for a stereo widener or a turned polarity on bass or kick.',
  },
  {
    code: 'poor_mono_compatibility',
    severity: 'warning',
    sentence: ({ stereo: { monoFoldDownLossDb } }) =>
      monoFoldDownLossDb > FOLD_DOWN_LOSS_DB &&
      (monoFoldDownLossDb > 20
        ? 'In mono, as on a phone, next to nothing is left: one side is the other one upside down. Turn the polarity of one side.'
        : `In mono, as on a phone, the mix loses ${monoFoldDownLossDb.toFixed(1)} dB. Check wideners and stereo effects.`),
  },
  {
    code: 'off_balance',
    severity: 'info',
    sentence: ({ stereo: { balanceDb } }) =>
      Math.abs(balanceDb) > BALANCE_DB &&
      `The ${balanceDb > 0 ? 'left' : 'right'} side is ${Math.abs(balanceDb) > 60 ? 'the only one that sounds' : `${Math.abs(balanceDb).toFixed(1)} dB louder than the other`}. Fine if you meant it.`,
  },
  {
    code: 'dc_offset',
    severity: 'info',
    sentence: ({ defects: { dcOffset } }) =>
      dcOffset.some((offset) => Math.abs(offset) > DC_OFFSET) &&
      'The waveform does not rest on zero (a DC offset). It costs level and can click at cuts; look for the converter or plug-in that adds it.',
  },
  {
    code: 'long_silence',
    severity: 'info',
    sentence: ({ defects: { headSilenceSeconds, tailSilenceSeconds } }) =>
      (headSilenceSeconds > HEAD_SILENCE_SECONDS || tailSilenceSeconds > TAIL_SILENCE_SECONDS) &&
      `There are ${seconds(headSilenceSeconds)} of silence before the music and ${seconds(tailSilenceSeconds)} after it. Trim the file if that is not intended.`,
  },
  {
    code: 'hum',
    severity: 'warning',
    sentence: ({ noise: { hum } }) =>
      hum !== null &&
      `There is mains hum at ${hum.mainsHz.toFixed(1)} Hz, ${Math.abs(hum.levelDbfs).toFixed(0)} dB below full scale. Look for a ground loop or a bad cable in the recording chain; mastering takes most of this hum out.`,
  },
  {
    code: 'hiss',
    severity: 'info',
    sentence: ({ noise: { hiss } }) =>
      hiss !== null &&
      `Between the notes there is hiss, ${Math.abs(hiss.levelDbfs).toFixed(0)} dB below full scale. Mute tracks that are not playing and check the gain of microphones and old tapes; mastering turns this hiss down where no music covers it.`,
  },
  {
    code: 'mono_file',
    severity: 'info',
    sentence: ({ loudness: { channels } }) =>
      channels === 1 && 'The file has one channel. The master will play it alike on both sides.',
  },
  {
    code: 'low_sample_rate',
    severity: 'warning',
    sentence: ({ loudness: { sampleRateHz } }) =>
      sampleRateHz < MUSIC_SAMPLE_RATE_HZ &&
      `The file has ${sampleRateHz / 1000} kHz and holds nothing above ${sampleRateHz / 2000} kHz. If the session runs at a higher rate, export at that one.`,
  },
  {
    code: 'lossy_source',
    severity: 'warning',
    sentence: ({ source: { file } }) =>
      file?.lossy === true &&
      `This is ${codecNames[file.codec] ?? 'a lossy file'} of ${file.bitRateKbps} kbit/s: what it left out cannot be brought back, and mastering makes its traces louder. Send the mix it was made from: WAV, AIFF or FLAC.`,
  },
  {
    code: 'cut_off',
    severity: 'warning',
    sentence: ({ source: { file } }) =>
      file?.isCutOff === true &&
      'The file ends in the middle of a frame: it was probably cut off on its way, and the end of the song may be missing. Listen to the end, and send it again.',
  },
  {
    code: 'lossy_source',
    severity: 'info',
    sentence: ({ source: { cutoffHz, file } }) =>
      !file?.lossy &&
      cutoffHz !== null &&
      cutoffHz < LOSSY_CUTOFF_HZ &&
      `The sound ends in a step at ${(cutoffHz / 1000).toFixed(1)} kHz, as MP3, AAC and Ogg files leave it. If this was such a file once, send the original; if not, all is well.`,
  },
  {
    code: 'low_word_length',
    severity: 'warning',
    sentence: ({ source: { file } }) =>
      typeof file?.wordBits === 'number' &&
      file.wordBits <= COARSE_WORD_BITS &&
      `The file has words of ${file.wordBits} bits only: its rounding is heard as a hiss that mastering makes louder. Export the mix again at 24 bits or in floating point.`,
  },
  {
    code: 'low_word_length',
    severity: 'info',
    // A file of 16 bits says so itself; here is one that promises more.
    sentence: ({ source: { wordBits, file } }) =>
      wordBits !== null &&
      wordBits <= SHORT_WORD_BITS &&
      (file === null || file.wordBits === null || file.wordBits > SHORT_WORD_BITS) &&
      `Every sample fits into ${wordBits} bits. If the session works with more, export at 24 bits or in floating point: quiet passages and long reverbs stay smoother.`,
  },
];

const silent = ({ loudness }: Heard): Advice => ({
  code: 'silent',
  severity: 'warning',
  sentence:
    loudness.samplePeakDbfs === null
      ? 'This file is silent. Check what was exported.'
      : 'There is too little to hear: no passage is loud and long enough to have a loudness. Check what was exported.',
});

/** Most pressing first; empty when all is well. A file without a loudness gets that one piece of advice. */
export const adviseOn = (heard: Heard): Advice[] => {
  if (heard.loudness.integratedLufs === null) return [silent(heard)];
  return advisers.flatMap(({ code, severity, sentence }) => {
    const said = sentence(heard);
    return said === false ? [] : [{ code, severity, sentence: said }];
  });
};
