import { clientOf, type Session } from './connect.ts';
import { newId } from './ids.ts';

/** The organisation of that name, made if there is none. */
export async function ensureOrganisation(session: Session, name: string): Promise<{ id: string; name: string }> {
  const { id } = await clientOf(session).organisation.upsert({
    where: { name },
    create: { id: newId('organisation'), name },
    update: {},
  });
  return { id, name };
}
