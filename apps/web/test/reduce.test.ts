import { describe, expect, test } from 'vitest';
import { reduce, stepOf } from '../src/model/reduce.ts';
import { type Action, type State, stateWith } from '../src/model/state.ts';
import { masterOf, mixOf } from './things.ts';

const catalogue = { platforms: [], styles: [], profiles: [] };
const play = (actions: Action[], from: State = stateWith('lathe_live_x')): State => actions.reduce(reduce, from);
const opened = play([{ type: 'catalogue-loaded', catalogue }]);
const [mix, master] = [mixOf(), masterOf()];
const withMaster = play(
  [
    { type: 'mix-arrived', mix },
    { type: 'master-arrived', master },
  ],
  opened,
);
const peaks = { durationSeconds: 1, min: [-0.5], max: [0.5] };

describe('which part of the way the page shows', () => {
  const sending: Action = { type: 'sending-started', filename: 'a.wav', sizeBytes: 10 };
  const arrived = (state: 'probing' | 'ready' | 'failed'): Action => ({ type: 'mix-arrived', mix: mixOf({ state }) });
  const made = (state: 'queued' | 'ready' | 'failed' | 'cancelled'): Action[] => [
    arrived('ready'),
    { type: 'master-arrived', master: masterOf({ state }) },
  ];
  test.each<[string, Action[], ReturnType<typeof stepOf>]>([
    ['an accepted key', [], 'choose'],
    ['a file on its way', [sending], 'sending'],
    ['a stopped upload', [sending, { type: 'sending-stopped' }], 'choose'],
    ['a mix being heard', [arrived('probing')], 'hearing'],
    ['a mix that is none', [arrived('failed')], 'refused'],
    ['a heard mix', [arrived('ready')], 'order'],
    ['an order on its way', [arrived('ready'), { type: 'ordering' }], 'order'],
    ['an order under way', made('queued'), 'making'],
    ['an order that failed', made('failed'), 'making'],
    ['a cancelled order', made('cancelled'), 'making'],
    ['finished masters', made('ready'), 'result'],
    ['another order of the same mix', [...made('ready'), { type: 'order-anew' }], 'order'],
    ['another mix', [...made('ready'), { type: 'begin-anew' }], 'choose'],
    ['a key that was refused later', [...made('ready'), { type: 'key-refused', sentence: 'No.' }], 'key'],
  ])('%s', (_, actions, step) => {
    expect(stepOf(play(actions, opened))).toBe(step);
  });

  test('nothing but the key counts before the service has accepted it', () => {
    expect(stepOf(play([{ type: 'mix-arrived', mix }]))).toBe('key');
  });
});

describe('answers that overtake each other', () => {
  const masterIn = ({ making }: State) => (making.kind === 'master' ? making.master : null);

  test('progress never goes back', () => {
    const later = play([{ type: 'master-arrived', master: masterOf({ progress: 0.2 }) }], withMaster);
    expect(masterIn(later)?.progress).toBe(0.5);
  });

  test('what has ended stays ended', () => {
    const ready: Action = { type: 'master-arrived', master: masterOf({ state: 'ready', progress: 1 }) };
    expect(masterIn(play([ready, { type: 'master-arrived', master }], withMaster))?.state).toBe('ready');
  });

  test('another master replaces the one before, whatever its progress', () => {
    const other = masterOf({ id: 'mst_01jd7x5c2v8m3k9p4q6r7s8t9x', progress: 0 });
    expect(masterIn(play([{ type: 'master-arrived', master: other }], withMaster))).toBe(other);
  });

  test('peaks of a mix that has left the bench change nothing', () => {
    const late = play([{ type: 'peaks-arrived', mixId: 'mix_other', peaks }], withMaster);
    expect(late.source).toBe(withMaster.source);
  });

  test('peaks stay when the same mix arrives again, and go with it', () => {
    const drawn = play(
      [
        { type: 'peaks-arrived', mixId: mix.id, peaks },
        { type: 'mix-arrived', mix },
      ],
      withMaster,
    );
    expect(drawn.source).toMatchObject({ kind: 'mix', peaks });
    const other = play([{ type: 'mix-arrived', mix: mixOf({ id: 'mix_other' }) }], drawn);
    expect(other.source).toMatchObject({ kind: 'mix', peaks: null });
  });

  test('bytes counted after the upload has ended change nothing', () => {
    expect(
      play(
        [
          { type: 'sent', sentBytes: 5 },
          { type: 'sending-paused', paused: 'by hand' },
        ],
        withMaster,
      ),
    ).toEqual(withMaster);
  });

  test('the list of recent masters shows the newest of each', () => {
    const listed = play([{ type: 'recent-listed', recent: [{ master, filename: 'a.wav' }], tracks: [] }], withMaster);
    const ready = masterOf({ state: 'ready' });
    expect(play([{ type: 'master-arrived', master: ready }], listed).recent).toEqual([
      { master: ready, filename: 'a.wav' },
    ]);
  });
});

describe('what went wrong', () => {
  const wrongAt = (at: 'order' | 'upload' | 'key' | 'master'): Action => ({ type: 'went-wrong', at, sentence: 'No.' });

  test('stands at its place, until that place is put right', () => {
    const wrong = play([wrongAt('master'), wrongAt('order')], withMaster);
    expect(wrong.wrong).toEqual({ master: 'No.', order: 'No.' });
    expect(play([{ type: 'put-right', at: 'master' }], wrong).wrong).toEqual({ order: 'No.' });
  });

  test('a service out of reach takes away neither the key nor what is on the bench', () => {
    const { wrong, ...kept } = play([wrongAt('key'), wrongAt('master')], withMaster);
    const { wrong: none, ...before } = withMaster;
    expect(kept).toEqual(before);
    expect(wrong).not.toEqual(none);
  });

  test('a refused key leaves only the sentence about it', () => {
    const refused = play([{ type: 'key-refused', sentence: 'No.' }], withMaster);
    expect(refused).toEqual({ ...stateWith(null), wrong: { key: 'No.' } });
    expect(play([{ type: 'key-given', key: 'other' }], refused)).toEqual(stateWith('other'));
  });

  test('an order that was not taken can be sent again', () => {
    const state = play([{ type: 'mix-arrived', mix }, { type: 'ordering' }, wrongAt('order')], opened);
    expect(state.making).toEqual({ kind: 'none' });
  });

  test('an upload that broke off makes room for the next', () => {
    const broken = play([{ type: 'sending-started', filename: 'a.wav', sizeBytes: 1 }, wrongAt('upload')], opened);
    expect(broken.source).toEqual({ kind: 'none' });
    const next = play([{ type: 'sending-started', filename: 'b.wav', sizeBytes: 1 }], broken);
    expect(next.wrong).toEqual({});
  });
});

test('a draft keeps what was not changed', () => {
  const { draft } = play([{ type: 'draft-changed', change: { intensity: 5 } }], opened);
  expect(draft).toEqual({ ...opened.draft, intensity: 5 });
});

test('the past is never written over', () => {
  const frozen = structuredClone(withMaster);
  play([{ type: 'listen-to', renditionId: 'rnd_x' }, { type: 'begin-anew' }, { type: 'key-forgotten' }], withMaster);
  expect(withMaster).toEqual(frozen);
});
