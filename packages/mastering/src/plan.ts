import type { Analysis, MasteringPlan, MasterOrder, ToneRegion } from '@lathe/contracts';
import { analyse, decide, type Reference, toneRegionOf } from '@lathe/engine';
import { openSource, type Workplace, withFile } from './source.ts';
import type { TaskReference } from './task.ts';

type Wanted = { order: MasterOrder; references?: TaskReference[] };
type Planned = { plan: MasteringPlan; toneRegion: ToneRegion };

/** The plan of an order: the artist's own, if there is one; and where the tone of music like it lies. */
export async function planFor(
  analysis: Analysis,
  { order, references = [] }: Wanted,
  place: Workplace,
): Promise<Planned> {
  const heard: Reference[] = [];
  if (!order.plan) for (const reference of references) heard.push(await hearReference(reference, place));
  return { plan: order.plan ?? decide(analysis, order, heard), toneRegion: toneRegionOf(analysis, heard) };
}

async function hearReference(reference: TaskReference, place: Workplace): Promise<Reference> {
  const { weight } = reference;
  if ('analysis' in reference) return { weight, analysis: reference.analysis };
  const file = await openSource(reference.sourcePath, place);
  return { weight, analysis: await withFile(file, (open) => analyse(open())) };
}
