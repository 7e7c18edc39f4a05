export { createClient, type GetOptions, type LatheClient, type ListOptions } from './client.ts';
export { createUploadHold, type UploadHold } from './hold.ts';
export type { CallOptions, ConnectionOptions, CreateOptions } from './http.ts';
export { ProblemError } from './problem.ts';
export type { UploadFileOptions, UploadProgress } from './upload.ts';
export type { WaitOptions } from './wait.ts';
export { type VerifyOptions, verifyWebhook, type WebhookHeaders, WebhookVerificationError } from './webhooks.ts';
