import type { ReactNode } from 'react';
import { formatNumber, type Quantity } from '../model/format.ts';
import { Icon } from './icons.tsx';

/** A number in its unit; the no-break space keeps them on one line and reads well aloud. */
export function Value({ of: { number, unit } }: { of: Quantity }) {
  return (
    <span className="value">
      {number}
      <span className="unit">{`\u00a0${unit}`}</span>
    </span>
  );
}

/** What went wrong, where it went wrong; said aloud when it appears. */
export function Wrong({ sentence, children }: { sentence: string | undefined | null; children?: ReactNode }) {
  if (!sentence) return null;
  return (
    <div className="wrong" role="alert">
      <span className="badge">
        <Icon name="cross" />
      </span>
      <p>{sentence}</p>
      {children}
    </div>
  );
}

type SectionProps = { title: string; lead?: ReactNode; aside?: ReactNode; children: ReactNode };

/** One stretch of the way: its name on the left, its matter on the right; below each other on a phone. */
export function Section({ title, lead, aside, children }: SectionProps) {
  const id = `section-${title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return (
    <section className="section" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {lead && <p className="lead">{lead}</p>}
        {aside}
      </header>
      <div className="matter">{children}</div>
    </section>
  );
}

/** A bar that fills; `fraction` 0…1. */
export function Bar({ label, fraction }: { label: string; fraction: number }) {
  const now = Math.floor(fraction * 100);
  return (
    <progress className="bar" aria-label={label} value={now} max={100}>
      {formatNumber(now, 0)} %
    </progress>
  );
}
