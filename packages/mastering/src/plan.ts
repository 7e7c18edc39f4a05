import type { Analysis, MasteringPlan, MasterOrder, ToneRegion } from '@lathe/contracts';
import { analyse, decide, type Reference, toneRegionOf } from '@lathe/engine';
import { openSource, withFile } from './source.ts';
import type { TaskReference } from './task.ts';

type Wanted = { order: MasterOrder; references?: TaskReference[] };
type Planned = { plan: MasteringPlan; toneRegion: ToneRegion };

/** The plan of an order: the artist's own, if there is one; and where the tone of music like it lies. */
export async function planFor(analysis: Analysis, { order, references = [] }: Wanted): Promise<Planned> {
  const heard: Reference[] = [];
  if (!order.plan) for (const reference of references) heard.push(await hearReference(reference));
  return { plan: order.plan ?? decide(analysis, order, heard), toneRegion: toneRegionOf(analysis, heard) };
}

async function hearReference(reference: TaskReference): Promise<Reference> {
  const { weight } = reference;
  if ('analysis' in reference) return { weight, analysis: reference.analysis };
  return { weight, analysis: await withFile(openSource(reference.sourcePath), (open) => analyse(open())) };
}
