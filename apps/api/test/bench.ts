import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import request, { type Response } from 'supertest';
import { expect } from 'vitest';
import type { Deps } from '../src/index.ts';
import { type Service, startService } from './service.ts';

type Operation = {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  responses: Record<string, Answer>;
};
type Answer = { description?: string; content?: Record<string, { schema: object }> };
type Document = { paths: Record<string, Record<string, Operation>>; components: object };

type Call = { key?: string; idempotencyKey?: string; body?: object };
type Ask = (method: string, path: string, call?: Call) => Promise<Response>;

/** A service, and calls to it whose every answer is checked against what `/openapi.json` promises. */
export type Bench = Service & {
  document: Document;
  call: Ask;
  create(path: string, body: object, idempotencyKey?: string): Promise<Response>;
};

export async function startBench(changes: Partial<Deps> = {}): Promise<Bench> {
  const service = await startService(changes);
  const document: Document = (await request(service.baseUrl).get('/openapi.json')).body;
  const ajv = addFormats.default(new Ajv2020({ strict: false })).addSchema(document, 'openapi') as Ajv2020;
  const call: Ask = async (method, path, { key = service.key, idempotencyKey, body } = {}) => {
    const asked = request(service.baseUrl)[method as 'get'](path).set('authorization', `Bearer ${key}`);
    if (idempotencyKey) asked.set('idempotency-key', idempotencyKey);
    const answer = await (body ? asked.send(body) : asked);
    checkAnswer({ document, ajv }, method, path, answer);
    return answer;
  };
  const create = (path: string, body: object, idempotencyKey: string = crypto.randomUUID()) =>
    call('post', path, { idempotencyKey, body });
  return { ...service, document, call, create };
}

type Promised = { document: Document; ajv: Ajv2020 };

function checkAnswer({ document, ajv }: Promised, method: string, path: string, answer: Response): void {
  const bare = path.split('?', 1)[0] ?? '';
  const template = Object.keys(document.paths).find((candidate) =>
    new RegExp(`^${candidate.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(bare),
  );
  if (template === undefined || document.paths[template]?.[method] === undefined) return;
  const promised = document.paths[template][method].responses[answer.status];
  expect(promised, `${method} ${template} answers ${answer.status}`).toBeDefined();
  if (answer.status >= 400) expect(promised?.description, `${method} ${template}`).toContain(answer.body.code);
  const [type] = Object.keys(promised?.content ?? {});
  if (type === undefined) return;
  expect(answer.type, `${method} ${template}`).toBe(type);
  if (!type.endsWith('json')) return;
  const pointer = ['paths', template, method, 'responses', String(answer.status), 'content', type, 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const valid = ajv.validate({ $ref: `openapi#/${pointer}` }, answer.body);
  expect(valid, `${method} ${path}: ${ajv.errorsText()}`).toBe(true);
}
