import { clientOf, type Session, type Tx } from './connect.ts';
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

/** Nobody else makes anything that is counted per organisation until this transaction has ended. */
export async function lockOrganisation(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT id FROM organisation WHERE id = ${id} FOR NO KEY UPDATE`;
}
