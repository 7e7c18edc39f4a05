import { type MasterOrder, masterOrderSchema, platforms, styles } from '@lathe/contracts';
import { numberOf, UsageError } from './command.ts';

/** The options that say what to make. */
export const orderOptions = {
  target: { type: 'string', short: 't', multiple: true },
  'target-lufs': { type: 'string' },
  ceiling: { type: 'string' },
  style: { type: 'string' },
  intensity: { type: 'string' },
  loudness: { type: 'string' },
  format: { type: 'string' },
} as const;

type OrderValues = { target?: string[] } & { [K in Exclude<keyof typeof orderOptions, 'target'>]?: string };

/** @throws UsageError with a sentence that names the option. */
export function orderOf(values: OrderValues): MasterOrder {
  const names = (values.target ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '');
  for (const name of names) refuseUnknown('target', name, Object.keys(platforms));
  if (values.style !== undefined) refuseUnknown('style', values.style, Object.keys(styles));
  const targetLufs = numberOf('target-lufs', values['target-lufs']);
  const ceilingDbtp = numberOf('ceiling', values.ceiling);
  const numbers = {
    ...(targetLufs !== undefined && { targetLufs }),
    ...(ceilingDbtp !== undefined && { ceilingDbtp }),
  };
  const intensity = numberOf('intensity', values.intensity);
  const parsed = masterOrderSchema.safeParse({
    targets: names.length > 0 ? names.map((target) => ({ target, ...numbers })) : [{ targetLufs: -14, ...numbers }],
    style: values.style,
    intensity,
    loudness: values.loudness,
    format: values.format,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${optionOf(issue?.path ?? [])}: ${issue?.message ?? 'not possible'}.`);
}

function refuseUnknown(option: string, value: string, known: string[]): void {
  if (!known.includes(value)) throw new UsageError(`--${option} “${value}” is not known: ${known.join(', ')}.`);
}

const optionNames: Record<string, string> = { targetLufs: '--target-lufs', ceilingDbtp: '--ceiling' };

function optionOf(path: PropertyKey[]): string {
  const field = String(path.findLast((part) => typeof part === 'string') ?? '');
  return optionNames[field] ?? `--${field}`;
}
