import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from './generated/client.ts';

export type Database = {
  readonly prisma: PrismaClient;
  /** Where this database is; listeners open a connection of their own. */
  readonly url: string;
  close(): Promise<void>;
};

/** One transaction: what must happen together takes it as its first argument. */
export type Tx = Prisma.TransactionClient;

/** Either: for what may stand alone or join a transaction. */
export type Session = Database | Tx;

const defaultPoolSize = 10;
const connectTimeoutMs = 10_000;
const transactionLimits = { maxWait: 10_000, timeout: 30_000 } as const;

/** Connections are made when first needed; a lost server shows in the next query, never as a crash of the process. */
export function connectDatabase(options: { url: string; poolSize?: number }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? defaultPoolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'lathe',
  });
  // A server that ends a connection nobody uses is no event: the next query says so. Prisma stops listening before
  // the last sockets are closed, and an error that nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: transactionLimits });
  return {
    prisma,
    url: options.url,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Runs `work` in one transaction: all of it happens, or nothing of it. */
export function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.prisma.$transaction(work);
}

export function clientOf(session: Session): Tx {
  return isDatabase(session) ? session.prisma : session;
}

function isDatabase(session: Session): session is Database {
  return Object.hasOwn(session, 'prisma') && Object.hasOwn(session, 'close');
}
