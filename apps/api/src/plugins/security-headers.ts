import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

type Origins = { publicUrl: string; storageOrigin: string };

/** Nothing runs, loads or connects that is not ours; the website may also speak to the storage. */
export async function registerSecurityHeaders(app: FastifyInstance, { publicUrl, storageOrigin }: Origins) {
  const https = publicUrl.startsWith('https:');
  const storage = storageOrigin === new URL(publicUrl).origin ? [] : [storageOrigin];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:', ...storage],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", 'blob:', ...storage],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
