import { createServer } from 'node:net';

/** A port of the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const port = await tryPort('127.0.0.1', 0);
  if (port === null) throw new Error('This machine has no free port left.');
  return port;
}

/** The first free port from `wanted` on, of `count` tried; null when all are taken. */
export async function firstFreePort(host: string, wanted: number, count: number): Promise<number | null> {
  for (let port = wanted; port < wanted + count; port += 1) {
    if ((await tryPort(host, port)) !== null) return port;
  }
  return null;
}

/** Listens for a moment; null when somebody else does. Other failures reject: another port would not help. */
function tryPort(host: string, wanted: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen(wanted, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
