import { type Deliverable, type FormatId, formats } from '@lathe/contracts/tables';

/** The file names of an order's deliverables, in their order: each tells what it is for, no two are alike. */
export function namesOf(stem: string, deliverables: readonly Deliverable[]): string[] {
  const taken = new Set<string>();
  return deliverables.map((deliverable) => {
    const purpose = purposeOf(deliverable);
    const siblings = deliverables.filter((other) => purposeOf(other) === purpose);
    const ending = endingOf(deliverable.format, new Set(siblings.map(({ format }) => format)));
    const name = `${stem}-${purpose}`;
    let unique = name;
    for (let n = 2; taken.has(unique + ending); n++) unique = `${name}-${n}`;
    taken.add(unique + ending);
    return unique + ending;
  });
}

function purposeOf({ target, targetLufs, profile }: Deliverable): string {
  if (profile) return plainWords(profile.name) || 'profile';
  return target === 'custom' ? `${Math.abs(targetLufs)}lufs` : target;
}

/** A name in plain letters: `Köln (Mix 2)` gives `koln-mix-2`. */
export function plainWords(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '');
  return words.join('-').slice(0, 60).replace(/-$/, '');
}

/** The extension, after the format where another one for the same purpose has the same. */
function endingOf(format: FormatId, siblings: ReadonlySet<FormatId>): string {
  const { extension } = formats[format];
  const alike = [...siblings].filter((id) => formats[id].extension === extension);
  return alike.length > 1 ? `-${format}.${extension}` : `.${extension}`;
}
