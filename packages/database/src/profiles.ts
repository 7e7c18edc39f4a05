import {
  createProfileSchema,
  limits,
  type MasterOrder,
  type Page,
  type PageQuery,
  type Profile,
  type ProfileRules,
  type UpdateProfile,
} from '@lathe/contracts';
import { clientOf, type Database, type Session, type Tx } from './connect.ts';
import type { Profile as ProfileRow } from './generated/client.ts';
import { newId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import { lockOrganisation } from './organisations.ts';
import { readPage } from './paging.ts';
import { Refusal } from './refusal.ts';

type NewProfile = { organisationId: string; rules: ProfileRules };

/** @throws {@link Refusal} `limit_reached`. */
export async function insertProfile(tx: Tx, profile: NewProfile): Promise<Profile> {
  const { organisationId, rules } = profile;
  await lockOrganisation(tx, organisationId);
  if ((await tx.profile.count({ where: { organisationId } })) >= limits.maxProfiles) {
    throw new Refusal('limit_reached', `There can be ${limits.maxProfiles} profiles; delete one first.`);
  }
  const data = { id: newId('profile'), organisationId, rules: toJson(rules) };
  return shapeProfile(await tx.profile.create({ data }));
}

export async function getProfile(session: Session, organisationId: string, id: string): Promise<Profile | null> {
  const row = await clientOf(session).profile.findFirst({ where: { id, organisationId } });
  return row && shapeProfile(row);
}

export function listProfiles(db: Database, organisationId: string, query: PageQuery): Promise<Page<Profile>> {
  return readPage(
    { list: 'profiles', organisationId },
    query,
    ({ where, ...slice }) => db.prisma.profile.findMany({ where: { ...where, organisationId }, ...slice }),
    shapeProfile,
  );
}

/**
 * Changes what is given; orders that were taken keep the rules they were taken with. Null if there is no such profile.
 *
 * @throws ZodError if the rules contradict each other then.
 */
export async function updateProfile(
  tx: Tx,
  organisationId: string,
  id: string,
  change: UpdateProfile,
): Promise<Profile | null> {
  await tx.$executeRaw`SELECT id FROM profile WHERE id = ${id} AND organisation_id = ${organisationId} FOR UPDATE`;
  const row = await tx.profile.findFirst({ where: { id, organisationId } });
  if (!row) return null;
  const rules = createProfileSchema.parse({ ...fromJson<ProfileRules>(row.rules), ...change });
  return shapeProfile(await tx.profile.update({ where: { id }, data: { rules: toJson(rules) } }));
}

/** False if there is no such profile. Orders keep its rules. */
export async function deleteProfile(session: Session, organisationId: string, id: string): Promise<boolean> {
  const { count } = await clientOf(session).profile.deleteMany({ where: { id, organisationId } });
  return count === 1;
}

/**
 * The order with the rules of every profile it names, as they are now: whatever becomes of the profile, the order stays
 * what it is.
 *
 * @throws {@link Refusal} `not_found`.
 */
export async function withProfiles(tx: Tx, organisationId: string, order: MasterOrder): Promise<MasterOrder> {
  const targets: MasterOrder['targets'] = [];
  for (const target of order.targets) {
    if (typeof target === 'string' || !('profile' in target) || typeof target.profile !== 'string') {
      targets.push(target);
      continue;
    }
    const id = target.profile;
    const row = await tx.profile.findFirst({ where: { id, organisationId } });
    if (!row) throw new Refusal('not_found', `There is no profile ${id}.`);
    targets.push({ profile: { id, ...fromJson<ProfileRules>(row.rules) } });
  }
  return { ...order, targets };
}

const shapeProfile = ({ id, rules, createdAt, updatedAt }: ProfileRow): Profile => ({
  ...{ id, ...fromJson<ProfileRules>(rules) },
  ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
});
