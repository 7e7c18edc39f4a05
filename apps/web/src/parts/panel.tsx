import { type ReactNode, useEffect, useRef } from 'react';

type PanelProps = {
  title: string;
  /** What is chosen inside, to be read while it is closed. */
  now: string;
  /** Whether something inside is not as it should be: it opens, and the first such field has the focus. */
  faulty?: boolean;
  children: ReactNode;
};

/** What most orders do not need, one press away. */
export function Panel({ title, now, faulty = false, children }: PanelProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!faulty || !details.current) return;
    details.current.open = true;
    details.current.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [faulty]);
  return (
    <details className="panel" ref={details}>
      <summary>
        <span className="panel-title">{title}</span>
        <span className="panel-now">{now}</span>
      </summary>
      <div className="panel-matter">{children}</div>
    </details>
  );
}
