import { z } from 'zod';
import { pageOf, timestampSchema } from './common.ts';
import { eventIdSchema } from './ids.ts';

export const eventTypes = [
  'mix.probing',
  'mix.ready',
  'mix.failed',
  'master.queued',
  'master.analysing',
  'master.preview',
  'master.rendering',
  'master.verifying',
  'master.ready',
  'master.failed',
  'master.cancelled',
  'webhook.test',
] as const;
export type EventType = (typeof eventTypes)[number];
export const eventTypeSchema = z.enum(eventTypes);

/** What an endpoint is told unless it asks otherwise: the ends of stories. */
export const defaultWebhookEvents = [
  'mix.ready',
  'mix.failed',
  'master.ready',
  'master.failed',
  'master.cancelled',
] as const satisfies readonly EventType[];

/** Thin: it names what changed and where to read it. */
export const eventDataSchema = z
  .object({ id: z.string(), state: z.string().optional(), mixId: z.string().optional() })
  .meta({ id: 'EventData' });
export const eventSchema = z
  .object({ id: eventIdSchema, type: eventTypeSchema, timestamp: timestampSchema, data: eventDataSchema })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof eventSchema>;
export const eventPageSchema = pageOf(eventSchema, 'EventPage');
export type EventPage = z.infer<typeof eventPageSchema>;

/** The body of a webhook (Standard Webhooks 1.0); the event id travels as `webhook-id`. */
export const webhookPayloadSchema = eventSchema.omit({ id: true }).meta({ id: 'WebhookPayload' });
export type WebhookPayload = z.infer<typeof webhookPayloadSchema>;
