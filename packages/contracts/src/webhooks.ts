import { z } from 'zod';
import { pageOf, timestampSchema } from './common.ts';
import { defaultWebhookEvents, eventTypeSchema } from './events.ts';
import { deliveryIdSchema, eventIdSchema, webhookEndpointIdSchema } from './ids.ts';

/** In the one form that the address will be called by: escaped, and without what URL parsers leave out. */
const addressSchema = z.url({ normalize: true }).max(2048);

export const createWebhookEndpointSchema = z
  .strictObject({
    url: addressSchema,
    events: z
      .array(eventTypeSchema)
      .min(1)
      .default([...defaultWebhookEvents]),
  })
  .meta({ id: 'CreateWebhookEndpoint' });
export type CreateWebhookEndpoint = z.infer<typeof createWebhookEndpointSchema>;
export type CreateWebhookEndpointInput = z.input<typeof createWebhookEndpointSchema>;

/** What is left out stays as it is. Enabling an endpoint that was disabled forgets its failures. */
export const updateWebhookEndpointSchema = z
  .strictObject({
    url: addressSchema.optional(),
    events: z.array(eventTypeSchema).min(1).optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'UpdateWebhookEndpoint' });
export type UpdateWebhookEndpoint = z.infer<typeof updateWebhookEndpointSchema>;

export const webhookEndpointSchema = z
  .object({
    id: webhookEndpointIdSchema,
    url: z.string(),
    events: z.array(eventTypeSchema),
    disabledAt: timestampSchema.nullable(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'WebhookEndpoint' });
export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>;

/** The secret (`whsec_…`) is shown this once. */
export const createdWebhookEndpointSchema = webhookEndpointSchema
  .extend({ secret: z.string() })
  .meta({ id: 'CreatedWebhookEndpoint' });
export type CreatedWebhookEndpoint = z.infer<typeof createdWebhookEndpointSchema>;
export const webhookEndpointPageSchema = pageOf(webhookEndpointSchema, 'WebhookEndpointPage');

export const deliveryStates = ['pending', 'delivered', 'exhausted'] as const;
export const deliveryAttemptSchema = z
  .object({ at: timestampSchema, status: z.int().nullable(), error: z.string().nullable(), durationMs: z.number() })
  .meta({ id: 'DeliveryAttempt' });
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;
export const deliverySchema = z
  .object({
    id: deliveryIdSchema,
    eventId: eventIdSchema,
    eventType: eventTypeSchema,
    state: z.enum(deliveryStates),
    attempts: z.array(deliveryAttemptSchema),
    nextAttemptAt: timestampSchema.nullable(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof deliverySchema>;
export const deliveryPageSchema = pageOf(deliverySchema, 'DeliveryPage');
