import { ProblemError } from '@lathe/client';
import type { ProblemCode } from '@lathe/contracts';
import type { Faults } from '../model/state.ts';

/** Something the page itself cannot do, its message already a sentence for whoever reads the page. */
export class PageLimit extends Error {}

/** What went wrong, in words for the page. */
export function sentenceOf(error: unknown): string {
  if (error instanceof PageLimit) return error.message;
  if (error instanceof ProblemError) return problemSentence(error);
  if (error instanceof Error) return `Something went wrong on this page: ${error.message}`;
  return 'Something went wrong on this page.';
}

/** The detail says more than the title, where there is one; a service that is out of reach says nothing itself. */
function problemSentence({ problem: { code, detail, title } }: ProblemError): string {
  if (code !== 'unavailable') return detail ?? title;
  if (!navigator.onLine) return 'This device is offline, so Lathe cannot be reached.';
  return detail ?? 'Lathe does not answer just now. It may be restarting, or it has been stopped.';
}

/** What the service says against single fields of what was sent. */
export function faultsOf(error: unknown): Faults {
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail]));
}

/** As {@link sentenceOf}, where the page tries again by itself. */
export const sentenceWhileRetrying = (error: unknown): string => `${sentenceOf(error)} This page keeps trying.`;

const passing: readonly ProblemCode[] = ['unavailable', 'rate_limited', 'internal', 'idempotency_key_in_flight'];

/** Whether the same call may well succeed in a while: an answer that broke off has no code at all. */
export const isPassing = (error: unknown): boolean => !(error instanceof ProblemError) || passing.includes(error.code);

export const isRefusedKey = (error: unknown): boolean =>
  error instanceof ProblemError && (error.code === 'unauthenticated' || error.code === 'forbidden');

export const isGone = (error: unknown): boolean => error instanceof ProblemError && error.code === 'not_found';

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
