/**
 * Rules of profiles that an order cannot keep, seen before any work: rate, length, the size of what is not compressed or has a constant
 * bit rate, and title and artist. What depends on the music (silence, other sizes) is checked on the delivered bytes.
 */
import type { Analysis } from './audio.ts';
import { type Deliverable, deliverablesOf, deliveredRateHz } from './deliverables.ts';
import { type Format, formats } from './formats.ts';
import type { MasterOrder } from './orders.ts';

type Mix = Pick<Analysis, 'loudness' | 'defects'>;
/** Of the delivered files: silence at the ends may be cut, and nothing is ever added. */
type Length = { leastSeconds: number; mostSeconds: number };

/** A sentence for each rule that will be broken; none of them twice. */
export function foreseenBreaches(order: MasterOrder, mix: Mix): string[] {
  const sentences = deliverablesOf(order).flatMap((deliverable) => {
    const { profile, format } = deliverable;
    if (profile === null) return [];
    const length = lengthOf(order, mix);
    const rateHz = deliveredRateHz(deliverable, mix.loudness.sampleRateHz);
    const breaches = [
      profile.maxSampleRateHz !== null &&
        rateHz > profile.maxSampleRateHz &&
        `${formats[format].name} has ${rateHz / 1000} kHz; at most ${profile.maxSampleRateHz / 1000} kHz is taken.`,
      ...lengthBreaches(profile, length),
      sizeBreach(deliverable, rateHz, length),
      profile.metadata === 'wanted' && !isNamed(order) && 'Title and artist are wanted; the order does not name both.',
    ];
    return breaches.filter((breach) => breach !== false).map((breach) => `${profile.name}: ${breach}`);
  });
  return [...new Set(sentences)];
}

function lengthOf({ plan }: MasterOrder, { loudness, defects }: Mix): Length {
  const { durationSeconds: mostSeconds } = loudness;
  const cuts = plan?.stages.map((stage) =>
    stage.stage === 'trim' && !stage.bypassed ? stage.headSeconds + stage.tailSeconds : 0,
  ) ?? [defects.headSilenceSeconds, defects.tailSilenceSeconds];
  return { mostSeconds, leastSeconds: cuts.reduce((rest, cut) => rest - cut, mostSeconds) };
}

type Profile = NonNullable<Deliverable['profile']>;

const lengthBreaches = (
  { minDurationSeconds: least, maxDurationSeconds: most }: Profile,
  { leastSeconds, mostSeconds }: Length,
): (string | false)[] => [
  least !== null &&
    mostSeconds < least &&
    `The mix is ${seconds(mostSeconds)} long; at least ${seconds(least)} is taken.`,
  most !== null &&
    leastSeconds > most &&
    `The mix is ${seconds(leastSeconds)} long; at most ${seconds(most)} is taken.`,
];

function sizeBreach({ profile, format }: Deliverable, rateHz: number, { leastSeconds }: Length): string | false {
  const mostBytes = profile?.maxFileBytes ?? Number.POSITIVE_INFINITY;
  const bytes = bytesPerSecond(formats[format], rateHz) * leastSeconds;
  const sentence = `${formats[format].name} of this length has ${megabytes(bytes)}; at most ${megabytes(mostBytes)} is taken.`;
  return bytes > mostBytes && sentence;
}

/** 0 where it depends on the music. */
function bytesPerSecond({ codec, wordLengthBits, bitRateKbps }: Format, rateHz: number): number {
  if (codec === 'pcm') return (2 * rateHz * (wordLengthBits ?? 32)) / 8;
  return codec === 'mp3' && bitRateKbps !== null ? (1000 * bitRateKbps) / 8 : 0;
}

const isNamed = ({ metadata: { title, artists } }: MasterOrder): boolean =>
  title !== undefined && artists !== undefined && artists.length > 0;

const seconds = (value: number): string => `${value.toFixed(2)} s`;
const megabytes = (value: number): string => `${(value / 1e6).toFixed(1)} MB`;
