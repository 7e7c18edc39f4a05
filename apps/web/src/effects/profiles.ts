import { limits, type Profile } from '@lathe/contracts';
import { type ProfileForm, rulesOf } from '../model/profile-form.ts';
import type { Faults } from '../model/state.ts';
import { faultsOf, sentenceOf } from './sentence.ts';
import type { Lathe } from './use-lathe.ts';

/** What stood in the way; null when nothing did. */
export type Trouble = { sentence: string; faults: Faults } | null;

/** Makes a profile, or changes one; a new one is chosen at once. */
export async function saveProfile(lathe: Lathe, form: ProfileForm, id: Profile['id'] | null): Promise<Trouble> {
  return changing(lathe, async (client) => {
    const rules = rulesOf(form);
    const profile = await (id ? client.profiles.update(id, rules) : client.profiles.create(rules));
    if (!id) {
      const profiles = [...lathe.state.draft.profiles, profile.id];
      lathe.dispatch({ type: 'draft-changed', change: { profiles } });
    }
  });
}

export const deleteProfile = (lathe: Lathe, id: Profile['id']): Promise<Trouble> =>
  changing(lathe, (client) => client.profiles.delete(id));

async function changing(lathe: Lathe, change: (client: NonNullable<Lathe['client']>) => Promise<void>) {
  const { client, dispatch } = lathe;
  if (!client) return null;
  try {
    await change(client);
    const { data: profiles } = await client.profiles.list({ limit: limits.maxProfiles });
    dispatch({ type: 'profiles-changed', profiles });
    return null;
  } catch (error) {
    return { sentence: sentenceOf(error), faults: faultsOf(error) };
  }
}
