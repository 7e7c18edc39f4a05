import { type Analysis, analysisSchema } from '@lathe/contracts';
import type { Prisma } from './generated/client.ts';

/**
 * A JSON column read back. What lies there was validated when it was written and has kept its shape, so the type is
 * trusted here and checked again only where it leaves the house.
 */
export const fromJson = <T>(value: Prisma.JsonValue): T => value as T;

export const toJson = (value: object): Prisma.InputJsonValue => value as Prisma.InputJsonValue;

export const jsonOrNull = <T>(value: Prisma.JsonValue | null): T | null => (value === null ? null : fromJson<T>(value));

/** What was heard of a mix. What a version that stored it did not hear yet is filled in, where the schema says with what. */
export const analysisOrNull = (value: Prisma.JsonValue | null): Analysis | null =>
  value === null ? null : (analysisSchema.safeParse(value).data ?? fromJson<Analysis>(value));

export const timeOrNull = (time: Date | null): string | null => time?.toISOString() ?? null;
