/** Running work may finish within this time; then it is given back, to begin anew elsewhere. */
const finishWithinMs = 8_000;
/** The longest that stopping one part may take. */
export const stopPhaseMs = finishWithinMs + 5_000;

/** Takes no new jobs, lets running ones finish for a while, and has the others give their work back. */
export async function finishOrGiveBack(
  workers: { close(): Promise<void> },
  givingBack: AbortController,
): Promise<void> {
  const timer = setTimeout(() => givingBack.abort(new Error('The worker is stopping.')), finishWithinMs);
  await workers.close();
  clearTimeout(timer);
}
