import { formatNumber } from './format.ts';

/** A figure of a stage, as the mix had it and as the stage leaves it. */
export type BeforeAfter = { name: string; before: string; after: string };

const units = [
  ['Dbfs', 'dBFS'],
  ['Db', 'dB'],
  ['Hz', 'Hz'],
  ['Seconds', 's'],
  ['Ms', 'ms'],
] as const;

/** `noiseFloor` becomes `noise floor`. */
const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();

const withUnit = (value: number, suffix: string): string => {
  const unit = units.find(([end]) => suffix === end)?.[1];
  return unit === undefined
    ? formatNumber(value, Number.isInteger(value) ? 0 : 1)
    : `${formatNumber(value)}\u00a0${unit}`;
};

/** Every pair of numbers a stage carries under names like `humBeforeDbfs` and `humAfterDbfs`, whatever the stage. */
export function beforeAndAfter(stage: object): BeforeAfter[] {
  const numbers = new Map(Object.entries(stage).filter(([, value]) => typeof value === 'number'));
  return [...numbers].flatMap(([key, before]) => {
    const [, name, suffix] = /^(.*?)[Bb]efore([A-Z].*)?$/.exec(key) ?? [];
    if (name === undefined) return [];
    const after = numbers.get(name === '' ? key.replace('before', 'after') : key.replace('Before', 'After'));
    const measure = units.some(([end]) => end === suffix) ? '' : (suffix ?? '');
    const words = spaced(`${name}${measure}`);
    return after === undefined
      ? []
      : [{ name: words || 'level', before: withUnit(before, suffix ?? ''), after: withUnit(after, suffix ?? '') }];
  });
}
