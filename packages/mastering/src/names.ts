import { type Deliverable, type FormatId, formats } from '@lathe/contracts';

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

const purposeOf = ({ target, targetLufs }: Deliverable): string =>
  target === 'custom' ? `${Math.abs(targetLufs)}lufs` : target;

/** The extension, after the format where another one for the same purpose has the same. */
function endingOf(format: FormatId, siblings: ReadonlySet<FormatId>): string {
  const { extension } = formats[format];
  const alike = [...siblings].filter((id) => formats[id].extension === extension);
  return alike.length > 1 ? `-${format}.${extension}` : `.${extension}`;
}
