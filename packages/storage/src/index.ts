export { createDiskStorage, type DiskStorage, signedAddressCorsHeaders } from './disk.ts';
export type { Download } from './disk-download.ts';
export { attachment } from './download.ts';
export { openStorage, type StoragePlace } from './open.ts';
export * from './port.ts';
export { createSigner, type Signer } from './signer.ts';
