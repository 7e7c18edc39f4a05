import {
  createMasterSchema,
  createProfileSchema,
  type Profile,
  platformEntries,
  playbackOn,
  styleIds,
  styles,
} from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import { lufsFor, masterCount, orderOf, playedName, targetName, toggled, toggledProfile } from '../src/model/order.ts';
import { type Platform, stateWith } from '../src/model/state.ts';
import { mixOf } from './things.ts';

const { draft } = stateWith('key');
const catalogue = [...platformEntries];
const [first, second, third] = catalogue.map(({ id }) => id) as [Platform['id'], Platform['id'], Platform['id']];

const at = '2026-01-02T03:04:05.000Z';
const profile: Profile = {
  id: 'prf_01jd7x5c2v8m3k9p4q6r7s8t9w',
  ...createProfileSchema.parse({ name: 'Acme', targetLufs: -12, formats: ['wav16', 'mp3-320'] }),
  ...{ createdAt: at, updatedAt: at },
};

describe('an order', () => {
  test('of the first draft is one that the service takes', () => {
    const { profiles: _, words: __, cover: ___, ...asked } = draft;
    expect(createMasterSchema.parse(orderOf(draft, mixOf().id))).toMatchObject({ mixId: mixOf().id, ...asked });
  });
  test('names profiles beside platforms, in the order of the catalogue', () => {
    const chosen = { ...draft, targets: [first], profiles: toggledProfile([], profile.id, [profile]) };
    const { targets } = createMasterSchema.parse(orderOf(chosen, mixOf().id));
    expect(targets).toEqual([first, { profile: profile.id }]);
    expect(toggledProfile(chosen.profiles, profile.id, [profile])).toEqual([]);
  });
  test('counts the files there will be, whatever a target makes of the formats', () => {
    const count = (change: Partial<typeof draft>) => masterCount({ ...draft, ...change }, [profile]);
    expect(count({ targets: ['spotify', 'tidal'], formats: ['wav16', 'wav24'] })).toBe(4);
    expect(count({ targets: ['cd'], formats: ['wav16', 'wav24'] })).toBe(1);
    expect(count({ targets: [], profiles: [profile.id] })).toBe(2);
  });
  test('for nowhere is none', () => expect(orderOf({ ...draft, targets: [] }, mixOf().id)).toBeNull());
});

describe('targets', () => {
  test('stand in the order of the catalogue, not of the clicks', () => {
    expect(toggled(toggled([], third, catalogue), first, catalogue)).toEqual([first, third]);
  });
  test('twice the same click changes nothing', () => {
    const before = [first, second];
    expect(toggled(toggled(before, second, catalogue), second, catalogue)).toEqual(before);
  });
  test('have the name of the catalogue; numbers of one’s own are custom', () => {
    expect(targetName(first, catalogue)).toBe(catalogue[0]?.name);
    expect(targetName('custom', catalogue)).toBe('Custom');
  });
  test('that are played as they are show the loudness of the style', () => {
    const entries = styleIds.map((id) => ({ id, ...styles[id] }));
    const lufsOf = (id: Platform['id'], style: (typeof styleIds)[number]) =>
      lufsFor(catalogue.find((each) => each.id === id) as Platform, { ...draft, style }, entries);
    expect([lufsOf('cd', 'loud'), lufsOf('cd', 'classical'), lufsOf('spotify', 'loud')]).toEqual([-10, -16, -14]);
  });
  test('are named with what a listener may have set', () => {
    const played = playbackOn('spotify', { integratedLufs: -14, truePeakDbtp: -1 });
    const names = played.map((each) => playedName(each, catalogue));
    expect(names).toEqual(['Spotify', 'Spotify, set to Loud', 'Spotify, set to Quiet']);
  });
});
