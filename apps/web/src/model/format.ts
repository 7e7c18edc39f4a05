/** A number and its unit, apart, so that they can be set in different sizes. */
export type Quantity = { number: string; unit: string };

const minus = '\u2212';
const noBreak = '\u00a0';

/** Fixed decimals with a true minus sign; `null` is digital silence, −∞. A rounded zero carries no sign. */
export function formatNumber(value: number | null, decimals = 1): string {
  if (value === null) return `${minus}∞`;
  const digits = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(digits) !== 0 ? `${minus}${digits}` : digits;
}

/** As {@link formatNumber}, with a plus sign on what is raised. */
function formatSigned(value: number, decimals = 1): string {
  const text = formatNumber(value, decimals);
  return Number(value.toFixed(decimals)) > 0 ? `+${text}` : text;
}

export const lufs = (value: number | null): Quantity => ({ number: formatNumber(value), unit: 'LUFS' });
export const dbtp = (value: number | null): Quantity => ({ number: formatNumber(value), unit: 'dBTP' });
export const lu = (value: number): Quantity => ({ number: formatNumber(value), unit: 'LU' });
export const db = (value: number | null): Quantity => ({ number: formatNumber(value), unit: 'dB' });
export const signedDb = (value: number): Quantity => ({ number: formatSigned(value), unit: 'dB' });

/** 1000 Hz and above in kHz, without decimals that say nothing. */
export function hertz(valueHz: number): Quantity {
  if (valueHz < 1000) return { number: String(Math.round(valueHz)), unit: 'Hz' };
  return { number: String(Number((valueHz / 1000).toFixed(valueHz < 10_000 ? 2 : 1))), unit: 'kHz' };
}

const byteUnits = ['bytes', 'kB', 'MB', 'GB'] as const;

/** Decimal units, as file managers show them. */
export function bytes(sizeBytes: number): Quantity {
  const power = sizeBytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(sizeBytes) / 3));
  const value = sizeBytes / 1000 ** power;
  return { number: power === 0 ? String(value) : value.toFixed(1), unit: byteUnits[power] ?? 'GB' };
}

/** One string, held together by a no-break space. */
export const textOf = ({ number, unit }: Quantity): string => `${number}${noBreak}${unit}`;

/** `3:07`, or `1:02:09` for the long ones. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

export const percent = (fraction: number): string => `${Math.floor(fraction * 100)}${noBreak}%`;
