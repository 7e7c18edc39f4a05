export * from './commits.ts';
export { connectDatabase, type Database, inTransaction, type Session, type Tx } from './connect.ts';
export { type AttemptResult, type DueDelivery, listDeliveries, loadDelivery, recordAttempt } from './deliveries.ts';
export { insertEvent, listEvents, type NewEvent } from './events.ts';
export * from './files.ts';
export * from './idempotency.ts';
export { newId } from './ids.ts';
export { isWellFormedKey, newApiKey } from './key-format.ts';
export { authenticate, type Caller, createApiKey, listApiKeys, revokeApiKey } from './keys.ts';
export {
  cancelMaster,
  getMaster,
  getMasterFiles,
  getMasterReport,
  getRendition,
  insertMaster,
  listMasters,
  type MasterFile,
  type NewMaster,
  type RenditionAddress,
} from './masters.ts';
export { applyMigrations, migrationsCurrent } from './migrate.ts';
export { deleteMix, getMix, getMixPeaks, getMixSource, listMixes, type Source } from './mixes.ts';
export { ensureOrganisation } from './organisations.ts';
export { insertOutbox, listenOutbox, type OutboxJob, type OutboxRow, takeOutbox } from './outbox.ts';
export { getPreview } from './previews.ts';
export { deleteProfile, getProfile, insertProfile, listProfiles, updateProfile } from './profiles.ts';
export * from './reconcile.ts';
export * from './refusal.ts';
export * from './uploads.ts';
export * from './webhooks.ts';
export {
  type Claimed,
  type ClaimedMaster,
  type ClaimedMix,
  type ClaimRequest,
  claim,
  heartbeat,
  type Run,
  type WorkKind,
  type WorkRun,
  type WorkSource,
} from './work.ts';
