import type { Deliverable } from '@lathe/contracts';

/** The file names of an order's deliverables, in their order: each tells what it is for, no two are alike. */
export function namesOf(stem: string, deliverables: readonly Deliverable[]): string[] {
  const taken = new Set<string>();
  return deliverables.map((deliverable) => {
    const name = `${stem}-${purposeOf(deliverable)}`;
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}-${n}`;
    taken.add(unique);
    return `${unique}.wav`;
  });
}

const purposeOf = ({ target, targetLufs }: Deliverable): string =>
  target === 'custom' ? `${Math.abs(targetLufs)}lufs` : target;
