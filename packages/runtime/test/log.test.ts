import { describe, expect, it } from 'vitest';
import { createLog } from '../src/index.ts';

function linesOf(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  write(createLog({ level: 'info', name: 'test', destination: { write: (line: string) => void lines.push(line) } }));
  return lines;
}

describe('log', () => {
  const apiKey = `lathe_live_${'a1B2'.repeat(9)}xy`;
  it.each([
    ['an authorization header', { headers: { authorization: `Bearer ${apiKey}` } }, apiKey],
    ['an API key inside a sentence', { detail: `the key ${apiKey} was used` }, apiKey],
    ['a webhook secret', { note: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0' }, 'c2VjcmV0c2VjcmV0c2VjcmV0'],
    ['the password of a database address', { url: 'postgresql://lathe:hunter2@127.0.0.1/x' }, 'hunter2'],
    ['the signature of a signed address', { url: 'http://s3/x?partNumber=1&X-Amz-Signature=abcdef12' }, 'abcdef12'],
    ['a signature of our own', { url: '/storage/x?expires=1&signature=abcdef12' }, 'abcdef12'],
    ['a secret in an error', { err: new Error(`no such key: ${apiKey}`) }, apiKey],
    ['a field named secret', { endpoint: { secret: 'plain' } }, 'plain'],
  ])('never shows %s', (_name, fields, secret) => {
    const [line] = linesOf((log) => log.info(fields, 'something happened'));
    expect(line).toContain('something happened');
    expect(line).not.toContain(secret);
    expect(line).toContain('[redacted]');
  });

  it('writes one JSON object a line', () => {
    const lines = linesOf((log) => log.warn({ masterId: 'mst_1' }, 'slow'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', name: 'test', masterId: 'mst_1', msg: 'slow' },
    ]);
  });
});
