import type { LatheClient } from '@lathe/client';
import type { Event, EventType } from '@lathe/contracts';

/** What happened to one mix or master, oldest first. */
export const eventTypesOf = async (client: LatheClient, id: string): Promise<EventType[]> =>
  (await everyEvent(client)).filter(({ data }) => data.id === id).map(({ type }) => type);

async function everyEvent(client: LatheClient): Promise<Event[]> {
  const events: Event[] = [];
  for (let after: string | undefined; ; ) {
    const page = await client.events.list(after === undefined ? { limit: 100 } : { limit: 100, after });
    events.push(...page.data);
    if (page.data.length === 0 || page.nextCursor === null) return events;
    after = page.nextCursor;
  }
}
