export type { QueueConnection, QueueLog } from './backend.ts';
export { startDispatcher } from './dispatcher.ts';
export { startReconciler } from './reconciler.ts';
export { createWorkers } from './workers.ts';
