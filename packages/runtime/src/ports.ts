import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems lend to outgoing connections (from 32 768 on Linux, from 49 152 elsewhere): there, a port
 * that is free now may be taken by any connection a moment later.
 */
const [lowest, highest] = [20_000, 32_000];
const tries = 100;

/** A port of the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < tries; tried += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree('127.0.0.1', port)) return port;
  }
  throw new Error('This machine has no free port left.');
}

/** The first free port from `wanted` on, of `count` tried; null when all are taken. */
export async function firstFreePort(host: string, wanted: number, count: number): Promise<number | null> {
  for (let port = wanted; port < wanted + count; port += 1) {
    if (await isFree(host, port)) return port;
  }
  return null;
}

/** Listens for a moment; false when somebody else does. Other failures reject: another port would not help. */
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
