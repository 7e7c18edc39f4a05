import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type LatheClient } from '@lathe/client';
import type { Master } from '@lathe/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { eventTypesOf } from '../support/events.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';

describe('kill -9 of the worker in mid-render', () => {
  let lathe: RunningLathe;
  let client: LatheClient;
  let mixId: string;
  let undisturbed: Master;

  beforeAll(async () => {
    lathe = await startLathe();
    client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
    const mix = await client.uploads.file(new File([new Uint8Array(songWav({ seconds: 45 }))], 'song.wav'));
    mixId = (await client.mixes.wait(mix.id)).id;
    undisturbed = await order();
  });
  afterAll(() => lathe?.stop());

  const order = async (): Promise<Master> => {
    const { id } = await client.masters.create({ mixId, targets: ['spotify', { targetLufs: -9, ceilingDbtp: -1 }] });
    return client.masters.wait(id);
  };

  test('the order still ends once, with the bytes of an undisturbed run', async () => {
    const ordered = order();
    const killed = await killWorkerInMidRender(lathe);
    const master = await ordered;
    expect(killed).toHaveLength(1);
    expect(master.state).toBe('ready');
    // Files lie under the number of the run that made them: the first one ended in the middle, and left nothing.
    expect(readdirSync(join(lathe.dataFolder, 'storage/objects/masters', master.id))).toEqual(['2']);
    // The second one tidies up once its work is told.
    await expect.poll(() => readdirSync(join(lathe.dataFolder, 'work')), { timeout: 10_000 }).toEqual([]);
    expect(master.renditions.map(({ sha256 }) => sha256)).toEqual(undisturbed.renditions.map(({ sha256 }) => sha256));
    expect(await eventTypesOf(client, master.id)).toEqual([
      'master.queued',
      'master.analysing',
      'master.rendering',
      'master.verifying',
      'master.ready',
    ]);
  });
});

/** Waits until a finished file is being written, not for progress to be told: a short song is done before that. */
async function killWorkerInMidRender({ dataFolder, process: { pid } }: RunningLathe): Promise<number[]> {
  const workFolder = join(dataFolder, 'work');
  const isBeingRendered = () =>
    readdirSync(workFolder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('-spotify.wav'));
  await expect.poll(isBeingRendered, { interval: 2, timeout: 60_000 }).toBe(true);
  return killWorker(pid ?? 0);
}

/** Kills the worker below this launcher without warning; returns the process ids of what it killed. */
function killWorker(launcherPid: number): number[] {
  const running = processes();
  const isBelow = (pid: number): boolean =>
    pid === launcherPid || running.some((it) => it.pid === pid && isBelow(it.parent));
  const workers = running.filter(({ pid, command }) => command.includes('apps/worker/') && isBelow(pid));
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  return workers.map(({ pid }) => pid);
}

function processes(): { pid: number; parent: number; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ pid: Number(pid), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}
