import type { ProblemCode } from '@lathe/contracts';

export type RefusalCode = Extract<
  ProblemCode,
  | 'idempotency_key_in_flight'
  | 'idempotency_key_reused'
  | 'invalid_cursor'
  | 'limit_reached'
  | 'mix_not_ready'
  | 'not_found'
  | 'rules_not_kept'
  | 'wrong_state'
>;

/** The record does not allow what was asked. `code` is a problem of the contracts; the message is its `detail`. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.code = code;
  }
}
