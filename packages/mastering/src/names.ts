import { type Deliverable, type FormatId, formats } from '@lathe/contracts';

/** The file names of an order's deliverables, in their order: each tells what it is for, no two are alike. */
export function namesOf(stem: string, deliverables: readonly Deliverable[]): string[] {
  const ordered = new Set(deliverables.map(({ format }) => format));
  const taken = new Set<string>();
  return deliverables.map((deliverable) => {
    const ending = endingOf(deliverable.format, ordered);
    const name = `${stem}-${purposeOf(deliverable)}`;
    let unique = name;
    for (let n = 2; taken.has(unique + ending); n++) unique = `${name}-${n}`;
    taken.add(unique + ending);
    return unique + ending;
  });
}

const purposeOf = ({ target, targetLufs }: Deliverable): string =>
  target === 'custom' ? `${Math.abs(targetLufs)}lufs` : target;

/** The extension, after the format where another one of the order has the same. */
function endingOf(format: FormatId, ordered: ReadonlySet<FormatId>): string {
  const { extension } = formats[format];
  const alike = [...ordered].filter((id) => formats[id].extension === extension);
  return alike.length > 1 ? `-${format}.${extension}` : `.${extension}`;
}
