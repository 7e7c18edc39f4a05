/** Durations for sentences: `12.3 s`, `4:05 min`. */
export function seconds(duration: number): string {
  if (!Number.isFinite(duration) || duration < 100) return `${Number(duration.toFixed(2))} s`;
  const whole = Math.round(duration);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}
