import type { Analysis, MasteringPlan, MasterOrder } from '@lathe/contracts';
import { analyse, decide, type Reference } from '@lathe/engine';
import { openSource, type Workplace, withFile } from './source.ts';
import type { TaskReference } from './task.ts';

type Wanted = { order: MasterOrder; references?: TaskReference[] };

/** The plan of an order: the artist's own, if there is one. */
export async function planFor(
  analysis: Analysis,
  { order, references = [] }: Wanted,
  place: Workplace,
): Promise<MasteringPlan> {
  if (order.plan) return order.plan;
  const heard: Reference[] = [];
  for (const reference of references) heard.push(await hearReference(reference, place));
  return decide(analysis, order, heard);
}

async function hearReference(reference: TaskReference, place: Workplace): Promise<Reference> {
  const { weight } = reference;
  if ('analysis' in reference) return { weight, analysis: reference.analysis };
  const file = await openSource(reference.sourcePath, place);
  return { weight, analysis: await withFile(file, (open) => analyse(open())) };
}
