import { z } from 'zod';
import { platformIdSchema } from './catalogue.ts';
import type { FormatId } from './formats.ts';

export const previewSides = ['mix', 'master'] as const;
export type PreviewSide = (typeof previewSides)[number];
/** WAV where there is no encoder. */
const previewFormats = ['flac16', 'wav16'] as const satisfies FormatId[];

const ofBoth = z.object({ mix: z.number(), master: z.number() });

/**
 * The loudest 30 s of a song as they will be in the master of the order's first target, and as they are in the mix: two files
 * of one length, equally loud, long before the masters are proven.
 */
export const previewSchema = z
  .object({
    target: z.union([platformIdSchema, z.literal('custom')]),
    format: z.enum(previewFormats),
    /** Where in the mix it begins. */
    startSeconds: z.number(),
    durationSeconds: z.number(),
    gainDb: ofBoth.meta({
      description:
        'What each side was turned by, so that both are equally loud: the louder one down. That of the master tells how much louder it will be; estimated from the excerpt, before the loudness of the whole is solved.',
    }),
    integratedLufs: ofBoth.meta({ description: 'Read back from the files.' }),
  })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof previewSchema>;
