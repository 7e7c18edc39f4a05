import type { Database } from '@lathe/database';

const overdueAfterMs = 15_000;

/** Rejects when work that is due has not reached the queue for a while: asking the record, not the queue. */
export async function checkQueue({ prisma }: Database): Promise<void> {
  const availableAt = { lt: new Date(Date.now() - overdueAfterMs) };
  const overdue = await prisma.outboxRow.findFirst({
    where: { dispatchedAt: null, availableAt },
    select: { id: true },
  });
  if (overdue) throw new Error('due work does not reach the queue');
}
