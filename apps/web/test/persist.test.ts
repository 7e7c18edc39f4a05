import { ProblemError } from '@lathe/client';
import { type ProblemCode, problemCatalogue } from '@lathe/contracts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Attempt, type Persistence, persist } from '../src/effects/persist.ts';
import { isPassing, isRefusedKey, PageLimit, sentenceOf } from '../src/effects/sentence.ts';

const problem = (code: ProblemCode, detail?: string) =>
  new ProblemError({
    ...problemCatalogue[code],
    type: 'about:blank',
    code,
    requestId: '',
    ...(detail ? { detail } : {}),
  });

describe('what is tried until it works', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Attempts that give these outcomes in turn, an error being thrown; tells what was told. */
  function begin(outcomes: (Error | 'done' | 'go on')[]) {
    const [stop, network, told] = [new AbortController(), new EventTarget(), [] as string[]];
    const left = [...outcomes];
    const attempt: Attempt = async () => {
      told.push('attempt');
      const outcome = left.shift() ?? 'done';
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    const how: Persistence = {
      signal: stop.signal,
      network,
      isFinal: (error) => !isPassing(error),
      onTrouble: () => told.push('trouble'),
      onRecovered: () => told.push('recovered'),
    };
    return { ended: persist(attempt, how), stop, network, told };
  }

  test('trouble is told, then that it is over, and the work goes on', async () => {
    const { ended, told } = begin([problem('unavailable'), problem('internal'), 'go on', 'done']);
    await vi.runAllTimersAsync();
    await ended;
    expect(told).toEqual(['attempt', 'trouble', 'attempt', 'trouble', 'attempt', 'recovered', 'attempt']);
  });

  test('pauses grow, and never over a quarter of a minute', async () => {
    const { ended, told } = begin(Array.from({ length: 8 }, () => problem('unavailable')));
    const startedAt = Date.now();
    await vi.runAllTimersAsync();
    await ended;
    expect(told.filter((what) => what === 'attempt')).toHaveLength(9);
    expect(Date.now() - startedAt).toBe(1000 * (1 + 2 + 4 + 8 + 15 * 4));
  });

  test('a network that comes back ends the pause', async () => {
    const { ended, network, told } = begin([problem('unavailable'), 'done']);
    await vi.advanceTimersByTimeAsync(1);
    network.dispatchEvent(new Event('online'));
    await ended;
    expect(told.at(-1)).toBe('recovered');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what trying again cannot mend is not tried again', async () => {
    const { ended, told } = begin([problem('not_found')]);
    await expect(ended).rejects.toMatchObject({ code: 'not_found' });
    expect(told).toEqual(['attempt']);
  });

  test('stopping ends a pause, and leaves no timer behind', async () => {
    const { ended, stop } = begin([problem('unavailable')]);
    const rejected = expect(ended).rejects.toBe('left');
    await vi.advanceTimersByTimeAsync(1);
    stop.abort('left');
    await rejected;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the sentence for an error', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const line = (onLine: boolean) => vi.stubGlobal('navigator', { onLine });

  test('tells a device that is offline from a service that is gone', () => {
    line(false);
    expect(sentenceOf(problem('unavailable'))).toContain('This device is offline');
    line(true);
    expect(sentenceOf(problem('unavailable'))).toContain('Lathe does not answer');
  });
  test('is the detail where the service gives one, else the title', () => {
    expect(sentenceOf(problem('limit_reached', 'There are 20 of 20.'))).toBe('There are 20 of 20.');
    expect(sentenceOf(problem('rate_limited'))).toBe(problemCatalogue.rate_limited.title);
  });
  test('a limit of the page is said as it is; only a fault is called one', () => {
    expect(sentenceOf(new PageLimit('Too long to listen to here.'))).toBe('Too long to listen to here.');
    expect(sentenceOf(new Error('x is undefined'))).toBe('Something went wrong on this page: x is undefined');
  });
});

test('only a refused key is a reason to forget it', () => {
  const codes = Object.keys(problemCatalogue) as ProblemCode[];
  expect(codes.filter((code) => isRefusedKey(problem(code)))).toEqual(['unauthenticated', 'forbidden']);
  expect(isRefusedKey(new Error('x'))).toBe(false);
});
