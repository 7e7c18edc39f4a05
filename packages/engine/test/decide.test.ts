import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usualBands } from '../src/decide/finished-music.ts';
import { prototypeDbAt } from '../src/dsp/eq-design.ts';
import { type Analysis, decide, type EqBand, type Intent, type MasteringPlan, type Reference } from '../src/index.ts';

/** A band whose level never moves. */
const still = (centreHz: number, levelDb: number) => ({
  centreHz,
  levelDb,
  p10Db: levelDb,
  p50Db: levelDb,
  p90Db: levelDb,
});

/** What is heard of a mix whose tone is the usual one, changed by so many dB at each frequency. */
const heard = (changeDb: (hz: number) => number = () => 0, changes: Partial<Analysis> = {}): Analysis => ({
  loudness: {
    integratedLufs: -20,
    loudnessRangeLu: 5,
    maxMomentaryLufs: -15,
    maxShortTermLufs: -17,
    truePeakDbtp: -3,
    samplePeakDbfs: -3,
    durationSeconds: 200,
    sampleRateHz: 44_100,
    channels: 2,
  },
  tone: { bands: usualBands.map(({ centreHz, levelDb }) => still(centreHz, levelDb + changeDb(centreHz))) },
  stereo: {
    correlation: 0.5,
    lowCorrelation: 0.9,
    turnedLows: null,
    sideToMidDb: -8,
    balanceDb: 0,
    centreOffsetDb: 0,
    centreSpreadDb: 0.2,
    middle: null,
    panningReachDb: 8,
    monoFoldDownLossDb: 1,
    regions: [],
  },
  dynamics: {
    crestFactorDb: 14,
    plrDb: 17,
    psrDb: 12,
    regions: [],
    loudnessCurve: { startSeconds: 1.5, stepSeconds: 1, lufs: [] },
  },
  texture: { levelDeviationDb: 2, levelP50ToP95Db: 3, onsetsPerSecond: 3, pulse: 0.4, flatnessDb: -6 },
  structure: {
    sections: [],
    loudest: { startSeconds: 0, endSeconds: 30 },
    typical: { startSeconds: 0, endSeconds: 30 },
  },
  kind: { acoustic: 0.5, evidence: [] },
  source: { cutoffHz: null, wordBits: null, file: null },
  defects: {
    clippedRuns: 0,
    clippedSamples: 0,
    ceilings: [],
    clicks: 0,
    clickLikes: 0,
    dcOffset: [0, 0],
    headSilenceSeconds: 0,
    tailSilenceSeconds: 0,
  },
  noise: { floorDbfs: -90, hiss: null, hum: null },
  advice: [],
  ...changes,
});

const natural: Intent = {
  style: 'natural',
  intensity: 50,
  amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
  phase: 'minimum',
};

const bandsOf = ({ stages }: MasteringPlan): EqBand[] =>
  stages.flatMap((stage) => (stage.stage === 'equalise' && !stage.bypassed ? stage.bands : []));

/** What a plan does to one frequency. */
const changeAt = (plan: MasteringPlan, hz: number): number =>
  bandsOf(plan).reduce((sum, band) => sum + prototypeDbAt(band, hz), 0);

const bump =
  (centreHz: number, db: number, octaves = 1) =>
  (hz: number): number =>
    db * Math.exp(-((Math.log2(hz / centreHz) / octaves) ** 2));

/** The response of an equaliser band, which a mix may suffer from. */
const filter =
  (kind: EqBand['kind'], frequencyHz: number, gainDb: number) =>
  (hz: number): number =>
    prototypeDbAt({ kind, frequencyHz, gainDb, q: kind === 'bell' ? 1 : 0.71 }, hz);

describe('nothing needed', () => {
  test('the usual tone is left alone', () => {
    const plan = decide(heard(), natural);
    expect(bandsOf(plan)).toEqual([]);
    expect(plan.summary).toMatch(/^Nothing needed/);
  });

  test('what lies within the tolerance is left alone', () => {
    expect(bandsOf(decide(heard(bump(1000, 3)), natural))).toEqual([]);
    expect(
      bandsOf(
        decide(
          heard((hz) => Math.log2(hz / 1000) * 0.4),
          natural,
        ),
      ),
    ).toEqual([]);
  });

  test.each([
    ['silence', heard(undefined, { tone: { bands: [] } })],
    ['nothing loud enough', heard(undefined, { loudness: { ...heard().loudness, integratedLufs: null } })],
  ])('%s has no plan', (_name, analysis) => {
    expect(decide(analysis, natural).stages).toEqual([]);
  });

  test('intensity 0 and the classical style leave any tone alone', () => {
    const odd = heard(bump(250, 12));
    expect(bandsOf(decide(odd, { ...natural, intensity: 0 }))).toEqual([]);
    expect(bandsOf(decide(odd, { ...natural, style: 'classical', intensity: 100 }))).toEqual([]);
  });
});

describe('parts of the work', () => {
  const broken = heard(bump(250, 12), { defects: { ...heard().defects, dcOffset: [0.01, 0] } });
  const amounts = (changes: Partial<Intent['amounts']>): Intent => ({
    ...natural,
    amounts: { ...natural.amounts, ...changes },
  });

  test('a part that is off leaves no stage behind, the others stay as they were', () => {
    const whole = decide(broken, natural).stages;
    expect(decide(broken, amounts({ repair: 0 })).stages).toEqual(whole.filter(({ stage }) => stage !== 'dc'));
    expect(decide(broken, amounts({ tone: 0 })).stages).toEqual(whole.filter(({ stage }) => stage !== 'equalise'));
  });

  test('half the tone is half the move', () => {
    const whole = changeAt(decide(broken, natural), 250);
    expect(changeAt(decide(broken, amounts({ tone: 50 })), 250)).toBeCloseTo(whole / 2, 0);
  });
});

describe('the image, the dynamics and what is broken', () => {
  const stageOf = (analysis: Analysis, stage: string, intent = natural) =>
    decide(analysis, intent).stages.find((each) => each.stage === stage);
  const stereo = (changes: Partial<Analysis['stereo']>) =>
    heard(undefined, { stereo: { ...heard().stereo, ...changes } });
  const defects = (changes: Partial<Analysis['defects']>) =>
    heard(undefined, { defects: { ...heard().defects, ...changes } });
  const dynamics = (plrDb: number, loudnessRangeLu = 6) =>
    heard(undefined, {
      dynamics: { ...heard().dynamics, plrDb },
      loudness: { ...heard().loudness, loudnessRangeLu },
    });

  test('a mix narrower or wider than nearly all finished music moves by less than half of what can be heard', () => {
    const reach = (panningReachDb: number | null, sideToMidDb: number | null = -14) =>
      stereo({ panningReachDb, sideToMidDb });
    for (const narrow of [-4, -8]) expect(stageOf(reach(narrow), 'width')).toMatchObject({ widths: [1, 1.08] });
    expect(stageOf(reach(-12), 'width', { ...natural, intensity: 100 })).toMatchObject({ widths: [1, 1.16] });
    expect(stageOf(reach(12, 4), 'width')).toMatchObject({ widths: [1, 0.92] });
    for (const sideToMidDb of [-20, -8, -1, null]) expect(stageOf(reach(8, sideToMidDb), 'width')).toBeUndefined();
    for (const mono of [reach(null, null), reach(-40, -40)]) expect(stageOf(mono, 'width')).toBeUndefined();
  });

  test('lows that are upside down on one side are turned back, wide ones left alone', () => {
    const lows = { channel: 'left', belowHz: 135, slope: 'gentle' } as const;
    const mids = (sideToMidDb: number) => [
      { fromHz: 0, toHz: 500, correlation: 0, sideToMidDb: 2, monoFoldDownLossDb: 3 },
      { fromHz: 500, toHz: 2000, correlation: 0, sideToMidDb, monoFoldDownLossDb: 3 },
    ];
    const turned = (agreement: number, turnedAgreement: number, midsDb = -3) =>
      stereo({ turnedLows: { ...lows, agreement, turnedAgreement }, regions: mids(midsDb) });
    expect(stageOf(turned(-0.3, 0.6), 'low-end')).toMatchObject({ turnBack: lows, monoBelowHz: null });
    for (const vague of [turned(0, 0.4), turned(-0.5, 0.2)]) expect(stageOf(vague, 'low-end')).toBeUndefined();
    expect(stageOf(stereo({ lowCorrelation: -0.5 }), 'low-end')).toBeUndefined();
    expect(stageOf(turned(-0.3, 0.6), 'width')).toMatchObject({ widths: [1, 0.85] });
    expect(stageOf(turned(-0.3, 0.6, -9), 'width')).toBeUndefined();
  });

  test('one channel 2 dB louder is levelled, half on each side; less is left alone, and so is panning', () => {
    const at = (centreOffsetDb: number | null, centreSpreadDb: number | null = 0.3) =>
      stageOf(stereo({ centreOffsetDb, centreSpreadDb, balanceDb: centreOffsetDb ?? 2 }), 'balance');
    expect(stageOf(stereo({ centreOffsetDb: 2, balanceDb: 0.4 }), 'balance')).toBeUndefined();
    expect(at(2)).toMatchObject({ leftGainDb: -1, rightGainDb: 1 });
    expect(at(2, 0.7)).toMatchObject({ leftGainDb: -1, rightGainDb: 1 });
    // A sharp middle tells where regions disagree, as long as they and the whole lean the same way.
    const middle = (offsetDb: number, sharpness: number, others: number) =>
      stageOf(
        stereo({ middle: { offsetDb, sharpness }, centreOffsetDb: others, centreSpreadDb: 1.2, balanceDb: others }),
        'balance',
      );
    expect(middle(-2, 1.6, -1.2)).toMatchObject({ leftGainDb: 1, rightGainDb: -1 });
    for (const left of [middle(-2, 1.1, -2), middle(-2, 1.6, -0.8), middle(-2, 1.6, -4.5), middle(1, 1.6, 1)])
      expect(left).toBeUndefined();
    for (const left of [at(1), at(8), at(null, null), at(1.5, 0.7), at(2, 1)]) expect(left).toBeUndefined();
  });

  test('long silence is cut and a breath of it kept', () => {
    const stage = stageOf(defects({ headSilenceSeconds: 5, tailSilenceSeconds: 8 }), 'trim');
    expect(stage).toMatchObject({ headSeconds: 4.8, tailSeconds: 7 });
    expect(stageOf(defects({ headSilenceSeconds: 0.5, tailSilenceSeconds: 2 }), 'trim')).toBeUndefined();
  });

  test('the threshold of a quiet band lies above what it hears of a loud neighbour', () => {
    const bassy = heard((hz) => (hz < 110 ? 30 : 0), { dynamics: { ...heard().dynamics, plrDb: 23 } });
    const stage = stageOf(bassy, 'compress');
    const [lows, lowMids] = stage?.stage === 'compress' ? stage.bands.map(({ thresholdDb }) => thresholdDb) : [];
    // 85 Hz passes the band from 120 to 800 Hz at −6 dB.
    expect((lows ?? 0) - (lowMids ?? 0)).toBeLessThan(8);
  });

  test('most of what the hiss takes with it from the top is given back', () => {
    const topDb = heard().tone.bands.find(({ centreHz }) => centreHz === 10_000)?.levelDb ?? 0;
    const hissAt = (belowMusicDb: number) => {
      const bands = [6300, 8000, 10_000, 12_500].map((centreHz) => ({
        centreHz,
        levelDbfs: topDb - 17 - belowMusicDb,
      }));
      return heard(undefined, {
        noise: { floorDbfs: -60, hum: null, hiss: { levelDbfs: -50, heardFromHz: 6300, heardToHz: 12_500, bands } },
      });
    };
    const topOf = (mix: Analysis, references: Reference[] = []) => changeAt(decide(mix, natural, references), 12_000);
    expect(topOf(hissAt(20))).toBe(0);
    expect(topOf(hissAt(3))).toBeGreaterThan(0.4);
    expect(topOf(hissAt(-10))).toBeLessThanOrEqual(3.1);
    expect(bandsOf(decide(hissAt(3), natural))[0]?.reason).toContain('given back');
    expect(topOf(hissAt(20), [{ analysis: heard(), weight: 1 }])).toBe(0);
  });

  test('peaks far above the loudness are taken in gently, but never where the dynamics are the music', () => {
    const stage = stageOf(dynamics(23), 'compress');
    expect(stage?.stage === 'compress' && stage.bands.map(({ ratio }) => ratio)).toEqual([1.5, 1.5, 1.5, 1.5]);
    expect(stageOf(dynamics(18), 'compress')).toBeUndefined();
    expect(stageOf(dynamics(23, 14), 'compress')).toBeUndefined();
    for (const style of ['acoustic', 'classical'] as const) {
      expect(stageOf(dynamics(23), 'compress', { ...natural, style })).toBeUndefined();
    }
  });
});

describe('references', () => {
  const dark = heard((hz) => -Math.log2(hz / 1000));
  const bright = heard((hz) => Math.log2(hz / 1000));
  const topOf = (...references: Reference[]) => changeAt(decide(heard(), natural, references), 12_000);

  test('lead the tone their way, and no further than any other move may go', () => {
    expect(topOf({ analysis: bright, weight: 1 })).toBeGreaterThan(1);
    expect(topOf({ analysis: dark, weight: 1 })).toBeLessThan(-1);
    for (const { gainDb } of bandsOf(decide(heard(), natural, [{ analysis: bright, weight: 1 }]))) {
      expect(Math.abs(gainDb)).toBeLessThanOrEqual(3.05);
    }
  });

  test('count by their weight: two that oppose each other cancel', () => {
    expect(Math.abs(topOf({ analysis: bright, weight: 2 }, { analysis: dark, weight: 2 }))).toBeLessThan(0.3);
    expect(topOf({ analysis: bright, weight: 3 }, { analysis: dark, weight: 1 })).toBeGreaterThan(0.3);
  });

  test('a mix that already sounds like its reference is left alone', () => {
    const plan = decide(bright, natural, [{ analysis: bright, weight: 1 }]);
    expect(bandsOf(plan)).toEqual([]);
    expect(plan.stages[0]?.reason).toContain('the reference');
  });
});

describe('a fault that nothing else explains is taken back', () => {
  test.each([
    ['boomy', filter('bell', 90, 14), 90, -1],
    ['muddy', filter('bell', 260, 12), 260, -1],
    ['nasal', filter('bell', 1000, 12), 1000, -1],
    ['harsh', filter('bell', 3800, 9), 3800, -1],
    ['dull', filter('high-shelf', 5000, -14), 12_000, 1],
    ['thin', filter('low-shelf', 180, -14), 70, 1],
  ] as const)('a %s mix', (_name, changeDb, hz, sign) => {
    const change = changeAt(decide(heard(changeDb), { ...natural, intensity: 100 }), hz);
    expect(Math.sign(change)).toBe(sign);
    expect(Math.abs(change)).toBeGreaterThan(0.7);
  });

  test.each([
    ['bell', 260, 4],
    ['bell', 3800, 4],
    ['high-shelf', 5000, -2],
    ['low-shelf', 180, -4],
  ] as const)('what finished music does as well is left alone: %s at %i Hz, %i dB', (kind, hz, db) => {
    expect(bandsOf(decide(heard(filter(kind, hz, db)), natural))).toEqual([]);
  });

  test('whatever the tone is like, a guess moves it by less than half of what can be heard', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 60, max: 12_000, noNaN: true }),
        fc.double({ min: -18, max: 18, noNaN: true }),
        (hz, db) => {
          const plan = decide(heard(bump(hz, db)), natural);
          const changes = usualBands.map(({ centreHz }) => changeAt(plan, centreHz));
          const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
          const rms = Math.sqrt(changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / changes.length);
          expect(rms).toBeLessThan(0.4);
          for (const { gainDb } of bandsOf(plan)) expect(Math.abs(gainDb)).toBeLessThan(0.75);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('more intensity moves further, never the other way', () => {
    const muddy = heard(filter('bell', 260, 12));
    const at = (intensity: number) => changeAt(decide(muddy, { ...natural, intensity }), 260);
    expect(at(25)).toBeGreaterThanOrEqual(at(50));
    expect(at(50)).toBeGreaterThan(at(100));
  });

  test('warm and bright lean as they say', () => {
    const [warm, bright] = (['warm', 'bright'] as const).map((style) => decide(heard(), { ...natural, style }));
    if (!warm || !bright) throw new Error('two plans');
    expect(changeAt(warm, 60)).toBeGreaterThan(0.5);
    expect(changeAt(warm, 12_000)).toBeLessThan(-0.5);
    expect(changeAt(bright, 12_000)).toBeGreaterThan(0.5);
  });

  test('a constant offset is removed, whatever the style', () => {
    const analysis = heard(undefined, { defects: { ...heard().defects, dcOffset: [0.01, -0.002] } });
    for (const style of ['natural', 'classical'] as const) {
      expect(decide(analysis, { ...natural, style, intensity: 0 }).stages[0]).toMatchObject({
        stage: 'dc',
        bypassed: false,
      });
    }
  });
});

test('any tone: at most six broad moves, bounded by the intensity, each with a reason, the same each time', () => {
  const levels = fc.array(fc.double({ min: -60, max: 0, noNaN: true }), { minLength: 25, maxLength: 25 });
  const intents = fc.record({
    style: fc.constantFrom<Intent['style'][]>('natural', 'warm', 'bright', 'punchy', 'loud', 'acoustic', 'classical'),
    intensity: fc.integer({ min: 0, max: 100 }),
  });
  const property = fc.property(levels, intents, (values, asked) => {
    const intent = { ...natural, ...asked };
    const bands = usualBands.map(({ centreHz }, i) => still(centreHz, values[i]));
    const analysis = heard(undefined, { tone: { bands } });
    const plan = decide(analysis, intent);
    const moves = bandsOf(plan);
    expect(moves.length).toBeLessThanOrEqual(6);
    for (const { gainDb, q, reason } of moves) {
      expect(Math.abs(gainDb)).toBeLessThanOrEqual((3 * intent.intensity) / 50 + 0.051);
      expect(q).toBeLessThanOrEqual(1);
      expect(reason).toMatch(/\.$/);
    }
    expect(decide(analysis, intent)).toEqual(plan);
  });
  fc.assert(property, { numRuns: 300, seed: 1 });
});
