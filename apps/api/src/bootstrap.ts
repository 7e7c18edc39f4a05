import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { authenticate, createApiKey, type Database, ensureOrganisation } from '@lathe/database';

const organisationName = 'Lathe';

/**
 * Sees to it that `keyFile` holds an API key that works, so that whoever starts the service can use it at once. A key
 * already there stays, unless this database does not know it or it was revoked. The file is for its owner only (0600).
 */
export async function ensureFirstKey(db: Database, keyFile: string): Promise<void> {
  const kept = (await readFile(keyFile, 'utf8').catch(() => '')).trim();
  if (await authenticate(db, kept)) return;
  const organisation = await ensureOrganisation(db, organisationName);
  const { key } = await createApiKey(db, { organisationId: organisation.id, name: 'First key' });
  await mkdir(dirname(keyFile), { recursive: true });
  const unfinished = `${keyFile}.${process.pid}`;
  const file = await open(unfinished, 'w', 0o600);
  await file.writeFile(`${key}\n`);
  await file.close();
  await rename(unfinished, keyFile);
}
