import { readFile, stat } from 'node:fs/promises';

/** The user that Postgres runs as; null: the user we are. */
export type Account = { uid: number; gid: number } | null;

/** Users that own nothing of value, in the order they are asked for. */
const unprivileged = ['postgres', 'nobody'];

/** Postgres refuses to run as root: then it gets the owner of its files, or a user without privileges. */
export async function postgresAccount(clusterFolder: string): Promise<Account> {
  const isRoot = process.getuid?.() === 0;
  const owner = await stat(clusterFolder).catch(() => null);
  if (!isRoot) {
    if (owner && process.getuid && owner.uid !== process.getuid()) throw new Error(notOurs(clusterFolder, owner.uid));
    return null;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of unprivileged) {
    const user = users.find(([userName]) => userName === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error(
    `Postgres cannot run as root, and there is no user named ${unprivileged.join(' or ')} it could run as: start Lathe as another user, or set DATABASE_URL.`,
  );
}

const notOurs = (folder: string, uid: number) =>
  `The database in ${folder} belongs to user ${uid}: start Lathe as that user or as root, or choose another LATHE_DATA_DIR.`;

/** Whether the account may do all of `bits` (4 read, 1 execute or enter) with a file, its folder's permissions apart. */
export async function isOpenTo(account: NonNullable<Account>, path: string, bits: number): Promise<boolean> {
  const { uid, gid, mode } = await stat(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}
