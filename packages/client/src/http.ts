import { connectionProblem, ProblemError, problemOf } from './problem.ts';

export type CallOptions = { signal?: AbortSignal };
/** Creating calls carry an `Idempotency-Key`; give one to make a call safe to repeat over restarts. */
export type CreateOptions = CallOptions & { idempotencyKey?: string };

type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** Set for operations that create: they are then safe to repeat. */
  idempotencyKey?: string;
  /** The body as it comes, not as JSON. */
  asBlob?: true;
  signal?: AbortSignal | undefined;
};

/** Sends one call and resolves to its body, parsed unless asked otherwise; rejects with {@link ProblemError}. */
export type Send = <T>(call: Call) => Promise<T>;

export type ConnectionOptions = {
  /** Where the service lives, e.g. `https://lathe.example`. */
  baseUrl: string;
  /** `lathe_live_…` or `lathe_test_…`. */
  apiKey: string;
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch;
};

const attempts = 3;
const retryable = new Set(['unavailable', 'rate_limited', 'idempotency_key_in_flight']);

/** Calls that change nothing twice are repeated when the connection fails or the service asks to wait. */
export function connect(options: ConnectionOptions): Send {
  return async <T>(call: Call): Promise<T> => {
    const repeatable = call.method !== 'POST' || call.idempotencyKey !== undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await sendOnce(options, call)) as T;
      } catch (error) {
        const again = repeatable && attempt < attempts && error instanceof ProblemError && retryable.has(error.code);
        if (!again) throw error;
        await pause(1000 * (error.retryAfterSeconds ?? 0.3 * 2 ** attempt), call.signal);
      }
    }
  };
}

async function sendOnce(options: ConnectionOptions, call: Call): Promise<unknown> {
  const response = await fetchOnce(options, call);
  if (!response.ok) throw await problemOf(response);
  if (call.asBlob) return await response.blob();
  return response.status === 204 ? undefined : await response.json();
}

async function fetchOnce(options: ConnectionOptions, call: Call): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${options.apiKey}`, accept: 'application/json' };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
  const init: RequestInit = { method: call.method, headers };
  if (call.body !== undefined) init.body = JSON.stringify(call.body);
  if (call.signal) init.signal = call.signal;
  try {
    return await (options.fetch ?? fetch)(addressOf(options.baseUrl, call), init);
  } catch (error) {
    call.signal?.throwIfAborted();
    throw connectionProblem(error);
  }
}

function addressOf(baseUrl: string, call: Call): string {
  const url = new URL(call.path, baseUrl);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** Waits; rejects at once with the signal's reason when that is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
