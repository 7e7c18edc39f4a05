import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

const source = new URL('../src/index.ts', import.meta.url).href;

/** Runs a small process that prints `ready`, and each phase as it stops. */
function startProcess(phases: string, withIpc = false) {
  const script = `
    import { createLifecycle, createLog } from ${JSON.stringify(source)};
    const log = createLog({ level: 'silent', name: 'test' });
    const lifecycle = createLifecycle({ log, phaseTimeoutMs: 300 });
    const print = (line) => process.stdout.write(line + '\\n');
    ${phases}
    setInterval(() => {}, 1000);
    print('ready');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', ...(withIpc ? (['ipc'] as const) : [])],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  const saw = async (line: string) => {
    while (!output.includes(line)) await once(child.stdout as NodeJS.ReadableStream, 'data');
  };
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const drained = once(child.stdout as NodeJS.ReadableStream, 'close');
  const ended = Promise.all([exited, drained]).then(([[code]]) => ({ code, lines: output.trim().split('\n') }));
  return { child, saw, ended };
}

const twoPhases = `
  lifecycle.onStop('first', async () => { await new Promise((r) => setTimeout(r, 20)); print('first'); });
  lifecycle.onStop('second', () => print('second'));`;

describe('lifecycle', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops in order and exits 0 on %s', async (signal) => {
    const { child, saw, ended } = startProcess(twoPhases);
    await saw('ready');
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, lines: ['ready', 'first', 'second'] });
  });

  it('stops when its parent goes away', async () => {
    const { child, saw, ended } = startProcess(twoPhases, true);
    await saw('ready');
    child.disconnect();
    expect(await ended).toEqual({ code: 0, lines: ['ready', 'first', 'second'] });
  });

  it('goes on to the next phase when one hangs or fails, and exits 1', async () => {
    const { child, saw, ended } = startProcess(`
      lifecycle.onStop('hangs', () => new Promise(() => {}));
      lifecycle.onStop('fails', () => { throw new Error('no'); });
      lifecycle.onStop('last', () => print('last'));`);
    await saw('ready');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 1, lines: ['ready', 'last'] });
  });

  it('exits at once on a second signal', async () => {
    const { child, saw, ended } = startProcess(`
      lifecycle.onStop('slow', () => { print('stopping'); return new Promise(() => {}); });
      lifecycle.onStop('last', () => print('last'));`);
    await saw('ready');
    child.kill('SIGINT');
    await saw('stopping');
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, lines: ['ready', 'stopping'] });
  });

  it('stops in order and exits 1 on an error nobody caught', async () => {
    const { ended } = startProcess(`${twoPhases} setTimeout(() => { throw new Error('bug'); }, 50);`);
    expect(await ended).toEqual({ code: 1, lines: ['ready', 'first', 'second'] });
  });
});
