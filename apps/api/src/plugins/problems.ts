import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError, problemDetails, RequestProblem } from '../problem.ts';

const contentType = 'application/problem+json; charset=utf-8';

/** Keeps a caller's own id when it is harmless, so that a request can be followed across services. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

export type SendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Sends problem details (RFC 9457): the one place where an error becomes an answer. */
export function createSendProblem(publicUrl: string): SendProblem {
  return (error, request, reply) => {
    const described = describeError(error);
    const problem = problemDetails(described, { publicUrl, requestId: request.id });
    if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
    const headers = { ...described.headers, 'x-request-id': request.id, 'cache-control': 'no-store' };
    // Written as text: no answer schema of a route may change or refuse it.
    return reply
      .code(problem.status)
      .headers(headers)
      .type(contentType)
      .serializer(String)
      .send(JSON.stringify(problem));
  };
}

/** What is thrown, what has no route, and what has one for other methods only. */
export function registerProblems(app: FastifyInstance, sendProblem: SendProblem): void {
  app.setErrorHandler(sendProblem);
  const allowedMethods = watchRoutes(app);
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request.url.split('?', 1)[0] ?? '');
    if (allowed.length === 0) return sendProblem(new RequestProblem('not_found'), request, reply);
    const allow = allowed.join(', ');
    return sendProblem(new RequestProblem('method_not_allowed', `Allowed here: ${allow}.`, { allow }), request, reply);
  });
}

/** Remembers every route, to tell a wrong address from a wrong method. */
function watchRoutes(app: FastifyInstance): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const source = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+');
    routes.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
}

/** What is not even HTTP never becomes a request; it is answered on the socket. */
export function answerBrokenRequest(publicUrl: string) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const detail = 'This is not a valid HTTP request.';
    const problem = problemDetails({ code: 'invalid_request', detail }, { publicUrl, requestId: randomUUID() });
    const body = JSON.stringify(problem);
    const head = [
      'HTTP/1.1 400 Bad Request',
      'connection: close',
      `content-type: ${contentType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${problem.requestId}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}
