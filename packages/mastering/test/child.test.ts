import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';
import { disturbanceOf } from '../src/task.ts';

const song = join(temporaryFolder(), 'song.wav');
writeFileSync(song, songWav({ seconds: 90 }));
const task = { kind: 'analyse', sourcePath: song } as const;
const roomy = { memoryMegabytes: 1024, wallClockSeconds: 60 };

afterEach(() => vi.unstubAllEnvs());

/** The mastering processes that `parent` has started. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, ppid] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const isOurs =
        Number(ppid) === parent && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('mastering/src/child');
      return isOurs ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await pause(20);
}

test('a child over its memory is stopped', async () => {
  const limited = runTask(task, { limits: { ...roomy, memoryMegabytes: 50 } });
  await expect(limited).rejects.toMatchObject({ failure: { code: 'mastering_out_of_memory' }, crashed: true });
});

test.each([
  ['no room', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), 'ENOSPC'],
  ['a broken disk, deep down', new Error('no', { cause: Object.assign(new Error('EIO'), { code: 'EIO' }) }), 'EIO'],
  ['no room, as the codec library says it', Object.assign(new Error('write: (-28)'), { code: -28 }), 'ENOSPC'],
])('%s is the fault of the machine, not of the file', (_case, error, code) => {
  expect(disturbanceOf(error)).toMatchObject({ code });
});

test.each([
  ['a mistake of ours', new TypeError('no function')],
  ['a damaged file, as the codec library says it', Object.assign(new Error('read: (-5)'), { code: -5 })],
  ['a file that is gone', Object.assign(new Error('ENOENT'), { code: 'ENOENT' })],
])('%s is not the fault of the machine', (_case, error) => {
  expect(disturbanceOf(error)).toBeNull();
});

test('a child over its time is stopped', async () => {
  const limited = runTask(task, { limits: { ...roomy, wallClockSeconds: 0.2 } });
  await expect(limited).rejects.toMatchObject({ failure: { code: 'mastering_timeout' }, crashed: true });
});

test('a child that is killed has crashed, and never saw the environment', async () => {
  vi.stubEnv('LATHE_SECRET', 'hush');
  let names: string[] = [];
  const running = runTask(task, {
    onProgress: () => {
      for (const pid of childrenOf(process.pid)) {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
        names = environment.map((each) => each.slice(0, each.indexOf('=')));
        process.kill(pid, 'SIGKILL');
      }
    },
  });
  await expect(running).rejects.toMatchObject({ failure: { code: 'mastering_crashed' }, crashed: true });
  expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
});

test('aborting rejects with the reason, and the child is gone', async () => {
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  let pids: number[] = [];
  const onProgress = () => {
    if (!controller.signal.aborted) pids = childrenOf(process.pid);
    controller.abort(reason);
  };
  await expect(runTask(task, { signal: controller.signal, onProgress })).rejects.toBe(reason);
  expect(pids).toHaveLength(1);
  expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
});

test('a child ends when its parent is killed', async () => {
  const module = new URL('../src/index.ts', import.meta.url).href;
  const script = `import { runTask } from ${JSON.stringify(module)};
    await runTask(${JSON.stringify(task)}, { onProgress: () => process.stdout.write('.') });`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(parent.stdout, 'data');
  const [child] = childrenOf(parent.pid ?? 0);
  if (child === undefined) throw new Error('the parent has a child');
  parent.kill('SIGKILL');
  await gone(child);
});
