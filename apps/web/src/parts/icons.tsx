/** Small drawings beside words; the words carry the meaning, so these stay silent. */
const drawings = {
  play: (
    <path d="M6 4.2v11.6a.8.8 0 0 0 1.2.7l9.3-5.8a.8.8 0 0 0 0-1.4L7.2 3.5A.8.8 0 0 0 6 4.2Z" fill="currentColor" />
  ),
  pause: <path d="M6 4h2.6v12H6zM11.4 4H14v12h-2.6z" fill="currentColor" />,
  tick: <path d="m4.5 10.5 3.5 3.5 7.5-8" />,
  cross: <path d="m5.5 5.5 9 9m0-9-9 9" />,
  note: <path d="M10 5.5v5.5m0 3.5v.01" />,
  down: <path d="M10 3.5v9m-4-3.5 4 4 4-4M4 16.5h12" />,
  arrow: <path d="M4 10h11m-4-4.5 4.5 4.5-4.5 4.5" />,
} as const;

export function Icon({ name }: { name: keyof typeof drawings }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" fill="none" strokeWidth="2.4" strokeLinecap="round" aria-hidden="true">
      <path d="M16 3.5A12.5 12.5 0 1 0 28.5 16" stroke="currentColor" />
      <path d="M16 9.5a6.5 6.5 0 1 0 6.5 6.5" stroke="currentColor" opacity=".55" />
      <path d="M16 16 27 5" stroke="var(--cut)" />
    </svg>
  );
}
