import type {
  ApiKey,
  CompletedPart,
  Cover,
  CreatedApiKey,
  CreatedUpload,
  CreatedWebhookEndpoint,
  CreateMasterInput,
  CreateProfileInput,
  CreateUploadInput,
  CreateWebhookEndpointInput,
  Delivery,
  Event,
  EventPage,
  FormatEntry,
  Master,
  MasterReport,
  Mix,
  Page,
  Peaks,
  PlatformEntry,
  PreviewSide,
  Profile,
  SignedDownload,
  StyleEntry,
  UpdateProfile,
  UpdateWebhookEndpoint,
  Upload,
  UploadPart,
  WebhookEndpoint,
} from '@lathe/contracts';
import { type CallOptions, type ConnectionOptions, type CreateOptions, connect, type Send } from './http.ts';
import { type UploadFileOptions, uploadFile } from './upload.ts';
import { type WaitOptions, waitForMaster, waitForMix } from './wait.ts';

export type ListOptions = CallOptions & { limit?: number; cursor?: string };
export type GetOptions = CallOptions & {
  /** Hold the answer until the work has ended, for at most this long, 0…30 s. */
  waitSeconds?: number;
};

/** Lathe, typed. Every method rejects with `ProblemError`, or with the signal's reason when aborted. */
export type LatheClient = {
  uploads: {
    /** The whole way of a file: announce, send its parts side by side with retries, complete. Aborting removes what was sent. */
    file(file: Blob & { name?: string }, options?: UploadFileOptions): Promise<Mix>;
    create(upload: CreateUploadInput, options?: CreateOptions): Promise<CreatedUpload>;
    get(id: string, options?: CallOptions): Promise<Upload>;
    signParts(id: string, partNumbers: number[], options?: CallOptions): Promise<UploadPart[]>;
    complete(id: string, parts: CompletedPart[], options?: CallOptions): Promise<Mix>;
    abort(id: string, options?: CallOptions): Promise<void>;
  };
  mixes: {
    list(options?: ListOptions): Promise<Page<Mix>>;
    get(id: string, options?: GetOptions): Promise<Mix>;
    /** Resolves when the mix is `ready` or `failed`. */
    wait(id: string, options?: WaitOptions<Mix>): Promise<Mix>;
    peaks(id: string, options?: CallOptions): Promise<Peaks>;
    /** A signed address of the bytes that were uploaded, good for 15 minutes. */
    source(id: string, options?: CallOptions): Promise<SignedDownload>;
    delete(id: string, options?: CallOptions): Promise<void>;
  };
  masters: {
    create(order: CreateMasterInput, options?: CreateOptions): Promise<Master>;
    list(options?: ListOptions): Promise<Page<Master>>;
    get(id: string, options?: GetOptions): Promise<Master>;
    /** Resolves when the master is `ready`, `failed` or `cancelled`; `onUpdate` hears of every change before. */
    wait(id: string, options?: WaitOptions<Master>): Promise<Master>;
    cancel(id: string, options?: CallOptions): Promise<Master>;
    report(id: string, options?: CallOptions): Promise<MasterReport>;
    /** The report to read and to print: a page that needs nothing else, or a PDF on A4 or Letter. */
    reportFile(id: string, form: 'html' | 'pdf', options?: CallOptions & { paper?: 'a4' | 'letter' }): Promise<Blob>;
    /** A signed address of one finished file, good for 15 minutes. */
    download(id: string, renditionId: string, options?: CallOptions): Promise<SignedDownload>;
    /** A signed address of what can be heard while the master is being made: 30 s of it, or of the mix. */
    preview(id: string, side: PreviewSide, options?: CallOptions): Promise<SignedDownload>;
    /** A signed address of all finished files and the report as one ZIP, good for 15 minutes. */
    archive(id: string, options?: CallOptions): Promise<SignedDownload>;
  };
  covers: {
    /** `imageBase64` of a JPEG or PNG; the answer's `sha256` is what an order names. */
    create(cover: { imageBase64: string }, options?: CallOptions): Promise<Cover>;
  };
  profiles: {
    create(profile: CreateProfileInput, options?: CreateOptions): Promise<Profile>;
    list(options?: ListOptions): Promise<Page<Profile>>;
    get(id: string, options?: CallOptions): Promise<Profile>;
    /** What is left out stays; null takes a rule away. */
    update(id: string, change: UpdateProfile, options?: CallOptions): Promise<Profile>;
    delete(id: string, options?: CallOptions): Promise<void>;
  };
  platforms: { list(options?: CallOptions): Promise<PlatformEntry[]> };
  formats: { list(options?: CallOptions): Promise<FormatEntry[]> };
  styles: { list(options?: CallOptions): Promise<StyleEntry[]> };
  events: {
    /** Oldest first; `after` is the id of the last event seen. */
    list(options?: CallOptions & { after?: string; limit?: number }): Promise<EventPage>;
  };
  webhookEndpoints: {
    /** The answer holds the secret, this once. */
    create(endpoint: CreateWebhookEndpointInput, options?: CreateOptions): Promise<CreatedWebhookEndpoint>;
    list(options?: ListOptions): Promise<Page<WebhookEndpoint>>;
    get(id: string, options?: CallOptions): Promise<WebhookEndpoint>;
    update(id: string, change: UpdateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint>;
    delete(id: string, options?: CallOptions): Promise<void>;
    /** Sends a `webhook.test` event to this endpoint. */
    test(id: string, options?: CallOptions): Promise<Event>;
    deliveries(id: string, options?: ListOptions): Promise<Page<Delivery>>;
  };
  apiKeys: {
    /** The answer holds the key, this once. */
    create(key: { name: string }, options?: CreateOptions): Promise<CreatedApiKey>;
    list(options?: ListOptions): Promise<Page<ApiKey>>;
    revoke(id: string, options?: CallOptions): Promise<void>;
  };
};

/** Connects nothing yet: every method is one call (or, for `file` and `wait`, as many as it takes). */
export function createClient(options: ConnectionOptions): LatheClient {
  const send = connect(options);
  return {
    uploads: uploadsOf(send, options.baseUrl),
    mixes: mixesOf(send),
    masters: mastersOf(send),
    covers: { create: (cover, o) => post(send, '/v1/covers', cover, o) },
    profiles: profilesOf(send),
    platforms: { list: async (o) => (await get<{ data: PlatformEntry[] }>(send, '/v1/platforms', o)).data },
    formats: { list: async (o) => (await get<{ data: FormatEntry[] }>(send, '/v1/formats', o)).data },
    styles: { list: async (o) => (await get<{ data: StyleEntry[] }>(send, '/v1/styles', o)).data },
    events: { list: ({ signal, ...query } = {}) => send({ method: 'GET', path: '/v1/events', query, signal }) },
    webhookEndpoints: webhookEndpointsOf(send),
    apiKeys: apiKeysOf(send),
  };
}

function uploadsOf(send: Send, baseUrl: string): LatheClient['uploads'] {
  const uploads: LatheClient['uploads'] = {
    file: (file, options = {}) => uploadFile(uploads, baseUrl, file, options),
    create: (upload, options) => create(send, '/v1/uploads', upload, options),
    get: (id, options) => get(send, `/v1/uploads/${id}`, options),
    signParts: async (id, partNumbers, options) =>
      (await post<{ parts: UploadPart[] }>(send, `/v1/uploads/${id}/parts`, { partNumbers }, options)).parts,
    complete: (id, parts, options) => post(send, `/v1/uploads/${id}/complete`, { parts }, options),
    abort: (id, options) => remove(send, `/v1/uploads/${id}`, options),
  };
  return uploads;
}

function mixesOf(send: Send): LatheClient['mixes'] {
  const mixes: LatheClient['mixes'] = {
    list: (options) => list(send, '/v1/mixes', options),
    get: (id, options) => getAndWait(send, `/v1/mixes/${id}`, options),
    wait: (id, options = {}) => waitForMix(mixes.get, id, options),
    peaks: (id, options) => get(send, `/v1/mixes/${id}/peaks`, options),
    source: (id, options) => get(send, `/v1/mixes/${id}/source?redirect=false`, options),
    delete: (id, options) => remove(send, `/v1/mixes/${id}`, options),
  };
  return mixes;
}

function mastersOf(send: Send): LatheClient['masters'] {
  const masters: LatheClient['masters'] = {
    create: (order, options) => create(send, '/v1/masters', order, options),
    list: (options) => list(send, '/v1/masters', options),
    get: (id, options) => getAndWait(send, `/v1/masters/${id}`, options),
    wait: (id, options = {}) => waitForMaster(masters.get, id, options),
    cancel: (id, options) => post(send, `/v1/masters/${id}/cancel`, undefined, options),
    report: (id, options) => get(send, `/v1/masters/${id}/report`, options),
    reportFile: (id, form, { paper, signal } = {}) => {
      const query = form === 'pdf' ? { paper } : {};
      return send({ method: 'GET', path: `/v1/masters/${id}/report.${form}`, query, asBlob: true, signal });
    },
    preview: (id, side, options) => get(send, `/v1/masters/${id}/preview?side=${side}&redirect=false`, options),
    archive: (id, options) => get(send, `/v1/masters/${id}/archive?redirect=false`, options),
    download: (id, renditionId, options) =>
      get(send, `/v1/masters/${id}/renditions/${renditionId}/download?redirect=false`, options),
  };
  return masters;
}

function profilesOf(send: Send): LatheClient['profiles'] {
  const path = '/v1/profiles';
  return {
    create: (profile, options) => create(send, path, profile, options),
    list: (options) => list(send, path, options),
    get: (id, options) => get(send, `${path}/${id}`, options),
    update: (id, change, { signal } = {}) => send({ method: 'PATCH', path: `${path}/${id}`, body: change, signal }),
    delete: (id, options) => remove(send, `${path}/${id}`, options),
  };
}

function webhookEndpointsOf(send: Send): LatheClient['webhookEndpoints'] {
  const path = '/v1/webhook-endpoints';
  return {
    create: (endpoint, options) => create(send, path, endpoint, options),
    list: (options) => list(send, path, options),
    get: (id, options) => get(send, `${path}/${id}`, options),
    update: (id, change, { signal } = {}) => send({ method: 'PATCH', path: `${path}/${id}`, body: change, signal }),
    delete: (id, options) => remove(send, `${path}/${id}`, options),
    test: (id, options) => post(send, `${path}/${id}/test`, undefined, options),
    deliveries: (id, options) => list(send, `${path}/${id}/deliveries`, options),
  };
}

function apiKeysOf(send: Send): LatheClient['apiKeys'] {
  return {
    create: (key, options) => create(send, '/v1/api-keys', key, options),
    list: (options) => list(send, '/v1/api-keys', options),
    revoke: (id, options) => remove(send, `/v1/api-keys/${id}`, options),
  };
}

const get = <T>(send: Send, path: string, { signal }: CallOptions = {}) => send<T>({ method: 'GET', path, signal });

const getAndWait = <T>(send: Send, path: string, { waitSeconds, signal }: GetOptions = {}) =>
  send<T>({ method: 'GET', path, query: { wait: waitSeconds }, signal });

const list = <T>(send: Send, path: string, { signal, ...query }: ListOptions = {}) =>
  send<T>({ method: 'GET', path, query, signal });

const post = <T>(send: Send, path: string, body?: unknown, { signal }: CallOptions = {}) =>
  send<T>({ method: 'POST', path, body, signal });

const create = <T>(send: Send, path: string, body: unknown, options: CreateOptions = {}) =>
  send<T>({
    method: 'POST',
    path,
    body,
    idempotencyKey: options.idempotencyKey ?? crypto.randomUUID(),
    signal: options.signal,
  });

const remove = (send: Send, path: string, { signal }: CallOptions = {}) =>
  send<void>({ method: 'DELETE', path, signal });
