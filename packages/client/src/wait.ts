import type { Master, MasterState, Mix } from '@lathe/contracts';
import type { CallOptions } from './http.ts';

export type WaitOptions<T> = CallOptions & {
  /** Called about once a second with how things stand, and at the end. */
  onUpdate?: (resource: T) => void;
};

type Get<T> = (id: string, options: CallOptions & { waitSeconds: number }) => Promise<T>;

/** The service holds each request until the work has ended, or this long: less where somebody watches the progress. */
const patientSeconds = 25;
const watchingSeconds = 1;
const openMasterStates: readonly MasterState[] = ['queued', 'analysing', 'rendering', 'verifying'];

export const waitForMix = (get: Get<Mix>, id: string, options: WaitOptions<Mix>): Promise<Mix> =>
  waitUntil(get, id, options, (mix) => mix.state !== 'probing');

export const waitForMaster = (get: Get<Master>, id: string, options: WaitOptions<Master>): Promise<Master> =>
  waitUntil(get, id, options, (master) => !openMasterStates.includes(master.state));

async function waitUntil<T>(get: Get<T>, id: string, options: WaitOptions<T>, ended: (it: T) => boolean): Promise<T> {
  const call = options.signal ? { signal: options.signal } : {};
  const waitSeconds = options.onUpdate ? watchingSeconds : patientSeconds;
  let resource = await get(id, { ...call, waitSeconds: 0 });
  options.onUpdate?.(resource);
  while (!ended(resource)) {
    resource = await get(id, { ...call, waitSeconds });
    options.onUpdate?.(resource);
  }
  return resource;
}
