import type { Database } from '@lathe/database';
import type { Log, Metrics } from '@lathe/runtime';
import type { Storage } from '@lathe/storage';

/** Everything the api stands on, as values. */
export type Deps = {
  db: Database;
  storage: Storage;
  log: Log;
  metrics: Metrics;
  /** Rejects with a sentence when the queue cannot be reached: requests go on, work waits. */
  queueHealth: () => Promise<void>;
  /** Address of this service as others see it, without a slash at the end. */
  publicUrl: string;
  /** Signs the addresses of archives. */
  secret: string;
  /** Where signed addresses lead, e.g. `https://bucket.s3.eu-central-1.amazonaws.com`: the website may speak to it. */
  storageOrigin: string;
  /** Lets webhooks go to http and to private addresses: for development. */
  allowPrivateWebhooks: boolean;
  /** The built website; it need not exist. */
  websiteFolder: string;
  /** False when metrics have a port of their own. */
  metricsHere: boolean;
  requestsPerMinutePerKey: number;
};
