import { type MasteringPlan, planSchema } from '@lathe/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesBetween, editedPlan, isChanged, knobKey, knobsOf, onKey, stageKey } from '../src/model/plan-edit.ts';

const plan: MasteringPlan = planSchema.parse({
  version: 1,
  summary: 'Two moves.',
  stages: [
    {
      ...{ stage: 'equalise', bypassed: false, reason: 'Mud.', phase: 'minimum' },
      bands: [
        { kind: 'bell', frequencyHz: 300, gainDb: -2.1, q: 1, reason: 'Muddy.' },
        { kind: 'high-shelf', frequencyHz: 8000, gainDb: 1.5, q: 0.7, reason: 'Dull.' },
      ],
    },
    {
      ...{ stage: 'compress', bypassed: false, reason: 'Uneven.', crossoversHz: [] },
      bands: [{ thresholdDb: -24, ratio: 1.6, kneeDb: 6, attackMs: 30, releaseMs: 200 }],
    },
    { stage: 'width', bypassed: false, reason: 'Narrow.', crossoversHz: [120, 2000], widths: [1, 1.07, 1.15] },
    { stage: 'dc', bypassed: true, reason: 'None.', cutoffHz: 5 },
  ],
});

describe('an edited plan', () => {
  test('without edits is the plan itself', () => {
    expect(editedPlan(plan, {})).toEqual(plan);
    expect(isChanged(plan, {})).toBe(false);
  });
  test('is one that the service takes, whatever was moved', () => {
    const places = plan.stages.flatMap((stage, place) =>
      knobsOf(stage).map(({ range }, knob) => ({ place, knob, ...range })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ place, knob, ...to }, x) => {
          const edits = { [knobKey(place, knob)]: to.least + x * (to.most - to.least) };
          expect(planSchema.safeParse(editedPlan(plan, edits)).success).toBe(true);
        },
      ),
    );
  });
  test('loses a move that was switched off, and bypasses a stage that has none left', () => {
    const one = editedPlan(plan, { [onKey(0, 0)]: false, [knobKey(0, 1)]: 0.5 }).stages[0];
    expect(one).toMatchObject({ bypassed: false, bands: [{ frequencyHz: 8000, gainDb: 0.5 }] });
    expect(editedPlan(plan, { [onKey(0, 0)]: false, [onKey(0, 1)]: false }).stages[0]?.bypassed).toBe(true);
  });
  test('keeps the numbers of a stage that was switched off, so that it can be switched on again', () => {
    const off = editedPlan(plan, { [stageKey(2)]: false });
    expect(off.stages[2]).toMatchObject({ bypassed: true, widths: [1, 1.07, 1.15] });
    expect(editedPlan(off, { [stageKey(2)]: true }).stages).toEqual(plan.stages);
  });
  test('says what was done by hand, once, before the reason the engine had', () => {
    const once = editedPlan(plan, { [knobKey(0, 1)]: 0.5, [stageKey(1)]: false });
    const [tone, dynamics] = editedPlan(once, { [knobKey(0, 1)]: 0.8 }).stages;
    expect(once.summary).toBe('Changed by hand. Two moves.');
    expect(tone).toMatchObject({ reason: 'Changed by hand. Mud.' });
    expect(tone?.stage === 'equalise' && tone.bands.map(({ reason }) => reason)).toEqual([
      'Muddy.',
      'By hand, not +0.5\u00a0dB: Dull.',
    ]);
    expect(dynamics?.reason).toBe('Switched off by hand. Uneven.');
  });
  test('tells what is otherwise, and nothing else', () => {
    const edits = { [onKey(0, 0)]: false, [knobKey(0, 1)]: 0.5, [stageKey(1)]: false, [knobKey(2, 2)]: 100 };
    expect(changesBetween(plan, editedPlan(plan, edits))).toEqual([
      { stage: 'equalise', name: 'around 300\u00a0Hz', before: '−2.1\u00a0dB', after: 'off' },
      { stage: 'equalise', name: 'above 8\u00a0kHz', before: '+1.5\u00a0dB', after: '+0.5\u00a0dB' },
      { stage: 'compress', name: '', before: 'on', after: 'off' },
      { stage: 'width', name: 'Width above 2\u00a0kHz', before: '115\u00a0%', after: '100\u00a0%' },
    ]);
    expect(changesBetween(plan, plan)).toEqual([]);
  });
});
