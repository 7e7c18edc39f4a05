import { createHash } from 'node:crypto';
import type { Page, PageQuery } from '@lathe/contracts';
import { Refusal } from './refusal.ts';

/** Which list of whom. A cursor of one list, or of one organisation, means nothing in another. */
export type ListScope = { list: string; organisationId: string };

/** The part of a list to read, newest first. */
export type Slice = { where: { id?: { lt: string } }; orderBy: { id: 'desc' }; take: number };

/** Reads one page: `find` is asked for one row more than wanted, which tells whether there is a next page. */
export async function readPage<Row extends { id: string }, T>(
  scope: ListScope,
  query: PageQuery,
  find: (slice: Slice) => Promise<Row[]>,
  shape: (row: Row) => T,
): Promise<Page<T>> {
  const before = query.cursor === undefined ? undefined : openCursor(scope, query.cursor);
  const rows = await find({
    where: before === undefined ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' },
    take: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return { data: shown.map(shape), nextCursor: rows.length > query.limit && last ? makeCursor(scope, last.id) : null };
}

function makeCursor(scope: ListScope, id: string): string {
  return Buffer.from(`${id}.${tagOf(scope, id)}`).toString('base64url');
}

function openCursor(scope: ListScope, cursor: string): string {
  const [id, tag] = Buffer.from(cursor, 'base64url').toString('utf8').split('.');
  if (!id || tag !== tagOf(scope, id)) throw new Refusal('invalid_cursor', 'This cursor does not belong to this list.');
  return id;
}

/** Tells a mistaken cursor from a right one; what may be seen is decided by the query, not by this. */
function tagOf(scope: ListScope, id: string): string {
  return createHash('sha256').update(`${scope.list}\n${scope.organisationId}\n${id}`).digest('hex').slice(0, 16);
}
