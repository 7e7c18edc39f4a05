export { createDiskStorage, type DiskStorage, signedAddressCorsHeaders } from './disk.ts';
export type { Download } from './disk-download.ts';
export { openStorage, type StoragePlace } from './open.ts';
export * from './port.ts';
