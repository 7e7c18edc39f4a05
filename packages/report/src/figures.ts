// Numbers as they are printed: true minus signs, fixed decimals, a no-break space before the unit.

const minus = '\u2212';
const noBreak = '\u00a0';

/** `null` is digital silence, −∞. A rounded zero carries no sign. */
export function fixed(value: number | null, decimals = 1): string {
  if (value === null) return `${minus}∞`;
  const digits = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(digits) !== 0 ? `${minus}${digits}` : digits;
}

export const quantity = (value: number | null, unit: string, decimals = 1): string =>
  `${fixed(value, decimals)}${noBreak}${unit}`;

/** With a plus sign on what is raised. */
export function signed(value: number, unit: string, decimals = 1): string {
  const plus = Number(value.toFixed(decimals)) > 0 ? '+' : '';
  return `${plus}${quantity(value, unit, decimals)}`;
}

/** As short as it says everything: `120`, `0.8`. */
export const short = (value: number): string => fixed(value, 3).replace(/\.?0+$/, '');

export const hertz = (valueHz: number): string =>
  valueHz < 1000
    ? `${short(Number(valueHz.toFixed(1)))}${noBreak}Hz`
    : `${short(Number((valueHz / 1000).toFixed(2)))}${noBreak}kHz`;

/** Decimal units, as file managers show them. */
export function bytes(sizeBytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'] as const;
  const power = sizeBytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(sizeBytes) / 3));
  return quantity(sizeBytes / 1000 ** power, units[power] ?? 'GB', power === 0 ? 0 : 1);
}

/** `3:07`, or `1:02:09` for the long ones. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
