import type { Problem, ProblemCode } from '@lathe/contracts';

/** The service said no, or could not be reached (`status` 0, code `unavailable`). Program against `code`. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly code: ProblemCode;
  readonly status: number;
  /** How long the service asks to wait before trying again; null when it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, options: ErrorOptions & { retryAfterSeconds?: number | null } = {}) {
    super(problem.detail ?? problem.title, options);
    this.name = 'ProblemError';
    this.problem = problem;
    this.code = problem.code;
    this.status = problem.status;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** Reads the problem of a response that is not a success; invents one when something else than Lathe answered. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const options = { retryAfterSeconds: Number.isFinite(retryAfterSeconds) ? retryAfterSeconds : null };
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return new ProblemError((await response.json()) as Problem, options);
  }
  await response.body?.cancel();
  const title = `The service answered with status ${response.status}.`;
  return new ProblemError({ ...unreachable, title, status: response.status }, options);
}

export function connectionProblem(cause: unknown): ProblemError {
  return new ProblemError(unreachable, { cause });
}

const unreachable: Problem = {
  type: 'about:blank',
  title: 'The service could not be reached.',
  status: 0,
  code: 'unavailable',
  requestId: '',
};
