import {
  formatIds,
  formatListSchema,
  formats,
  platformEntries,
  platformListSchema,
  styleIds,
  styleListSchema,
  styles,
} from '@lathe/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { operation } from '../operation.ts';

export const catalogue: FastifyPluginAsyncZod = async (app) => {
  const listPlatforms = operation({
    tags: ['Catalogue'],
    summary: 'List platforms',
    description: 'Where masters go: the loudness and ceiling delivered, how the platform plays it, and the source.',
    answers: { 200: platformListSchema },
  });
  app.get('/platforms', { schema: listPlatforms }, async () => ({ data: [...platformEntries] }));

  const listStyles = operation({
    tags: ['Catalogue'],
    summary: 'List styles',
    description: 'Tonal characters a master can be given.',
    answers: { 200: styleListSchema },
  });
  app.get('/styles', { schema: listStyles }, async () => ({ data: styleIds.map((id) => ({ id, ...styles[id] })) }));

  const listFormats = operation({
    tags: ['Catalogue'],
    summary: 'List formats',
    description: 'The kinds of files a master can be made as.',
    answers: { 200: formatListSchema },
  });
  app.get('/formats', { schema: listFormats }, async () => ({ data: formatIds.map((id) => ({ id, ...formats[id] })) }));
};
