import {
  createProfileSchema,
  formatIds,
  type MasteringPlan,
  type MasterOrder,
  masterOrderSchema,
  type ProfileRules,
  planSchema,
  platforms,
  stageGroups,
  styles,
} from '@lathe/contracts';
import type { TaskReference } from '@lathe/mastering';
import { numberOf, parseJson, refuseUnreadable, UsageError } from './command.ts';
import { type TagValues, tagOptions, tagsOf } from './tags.ts';

/** The options that say what to make. */
export const orderOptions = {
  target: { type: 'string', short: 't', multiple: true },
  profile: { type: 'string', multiple: true },
  'target-lufs': { type: 'string' },
  ceiling: { type: 'string' },
  style: { type: 'string' },
  intensity: { type: 'string' },
  loudness: { type: 'string' },
  format: { type: 'string', short: 'f', multiple: true },
  rate: { type: 'string' },
  dither: { type: 'string' },
  off: { type: 'string', multiple: true },
  phase: { type: 'string' },
  plan: { type: 'string' },
  reference: { type: 'string', multiple: true },
  proofs: { type: 'string' },
  ...tagOptions,
} as const;

type ListOption = 'target' | 'profile' | 'format' | 'off' | 'reference';
type OrderValues = { [K in ListOption]?: string[] } & {
  [K in Exclude<keyof typeof orderOptions, ListOption | keyof TagValues>]?: string;
} & TagValues;

/** `--reference FILE` or `--reference FILE=WEIGHT`, once for each. */
export function referencesOf(values: Pick<OrderValues, 'reference'>): TaskReference[] {
  return (values.reference ?? []).map((text) => {
    const [, path = text, number] = /^(.+)=([\d.]+)$/.exec(text) ?? [];
    const weight = numberOf('reference', number ?? '1') ?? 1;
    if (weight <= 0) throw new UsageError(`--reference ${path} needs a weight above 0.`);
    refuseUnreadable(path);
    return { sourcePath: path, weight };
  });
}

/** @throws UsageError with a sentence that names the option. */
export function orderOf(values: OrderValues): MasterOrder {
  const names = listOf(values.target);
  const off = listOf(values.off);
  const formats = listOf(values.format);
  for (const name of names) refuseUnknown('target', name, Object.keys(platforms));
  for (const name of formats) refuseUnknown('format', name, formatIds);
  for (const name of off) refuseUnknown('off', name, stageGroups);
  if (values.style !== undefined) refuseUnknown('style', values.style, Object.keys(styles));
  const targetLufs = numberOf('target-lufs', values['target-lufs']);
  const ceilingDbtp = numberOf('ceiling', values.ceiling);
  const numbers = {
    ...(targetLufs !== undefined && { targetLufs }),
    ...(ceilingDbtp !== undefined && { ceilingDbtp }),
  };
  const profiles = (values.profile ?? []).map((path) => ({ profile: readProfile(path) }));
  const named = names.map((target) => ({ target, ...numbers }));
  const targets = named.length + profiles.length > 0 ? [...named, ...profiles] : [{ targetLufs: -14, ...numbers }];
  const intensity = numberOf('intensity', values.intensity);
  const parsed = masterOrderSchema.safeParse({
    targets,
    style: values.style,
    intensity,
    loudness: values.loudness,
    ...(formats.length > 0 && { formats }),
    sampleRateHz: values.rate === 'source' ? values.rate : numberOf('rate', values.rate),
    dither: values.dither,
    amounts: Object.fromEntries(off.map((name) => [name, 0])),
    phase: values.phase,
    proofs: values.proofs,
    ...tagsOf(values),
    plan: values.plan === undefined ? undefined : readPlan(values.plan),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${optionOf(issue?.path ?? [])}: ${issue?.message ?? 'not possible'}.`);
}

const listOf = (lists: string[] | undefined): string[] =>
  (lists ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '');

/** A plan as `lathe plan` gives it, edited or not. */
const readPlan = (path: string): MasteringPlan => readAs(planSchema, 'plan', path);

/** What a distributor takes. */
const readProfile = (path: string): ProfileRules => readAs(createProfileSchema, 'profile', path);

type Reader<T> = {
  safeParse(value: unknown): { data?: T; error?: { issues: { path: PropertyKey[]; message: string }[] } };
};

function readAs<T>(schema: Reader<T>, option: string, path: string): T {
  const { data, error } = schema.safeParse(parseJson(option, path));
  if (!error && data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  throw new UsageError(`--${option} ${path} is no ${option}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
}

function refuseUnknown(option: string, value: string, known: string[]): void {
  if (!known.includes(value)) throw new UsageError(`--${option} “${value}” is not known: ${known.join(', ')}.`);
}

const optionNames: Record<string, string> = {
  targetLufs: '--target-lufs',
  ceilingDbtp: '--ceiling',
  sampleRateHz: '--rate',
  formats: '--format',
  artists: '--artist',
  albumArtist: '--album-artist',
  trackNumber: '--track',
  discNumber: '--disc',
};

function optionOf(path: PropertyKey[]): string {
  const field = String(path.findLast((part) => typeof part === 'string') ?? '');
  return optionNames[field] ?? `--${field}`;
}
