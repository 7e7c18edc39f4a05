import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type LatheClient } from '@lathe/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { eventTypesOf } from '../support/events.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { describePeer, redisUrl } from '../support/peers.ts';

describePeer('emptying Redis while orders come in and are worked on', redisUrl, (url) => {
  let lathe: RunningLathe;
  let client: LatheClient;
  let mixId: string;

  beforeAll(async () => {
    lathe = await startLathe({ REDIS_URL: url });
    client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
    const mix = await client.uploads.file(new File([new Uint8Array(songWav({ seconds: 8 }))], 'song.wav'));
    mixId = (await client.mixes.wait(mix.id)).id;
  });
  afterAll(() => lathe?.stop());

  const order = () => client.masters.create({ mixId, targets: ['spotify'] });

  test('every order still ends once, with the same bytes', async () => {
    const ids: string[] = [];
    for (let emptied = 0; emptied < 12; emptied++) {
      if (emptied % 3 === 0) ids.push((await order()).id);
      await pause(250);
      await empty(url);
    }
    const checksums = new Set<string>();
    for (const id of ids) {
      const { state, renditions } = await client.masters.wait(id);
      expect(state).toBe('ready');
      for (const { sha256 } of renditions) checksums.add(sha256);
      const types = await eventTypesOf(client, id);
      expect(types).toEqual([...new Set(types)]);
      expect(types.at(-1)).toBe('master.ready');
    }
    expect(checksums.size).toBe(1);
  });
});

async function empty(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('FLUSHALL\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toBe('+OK\r\n');
}
