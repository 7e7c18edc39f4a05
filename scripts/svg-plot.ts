/** Curves on axes as a small SVG that can be read on light and dark pages. */

type Axis = { label: string; from: number; to: number; ticks: number[]; logarithmic?: boolean };
type Curve = { name: string; points: [x: number, y: number][] };
export type Plot = { title: string; x: Axis; y: Axis; curves: Curve[] };

const size = { width: 720, height: 340, left: 62, right: 14, top: 34, bottom: 62 };

const style = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-weight: 600; font-size: 13px }
  .grid { stroke: #0002 } .frame { fill: none; stroke: #0006 }
  .curve { fill: none; stroke-width: 1.6 }
  .c0 { stroke: #0b6bcb } .c1 { stroke: #c2410c } .c2 { stroke: #15803d } .c3 { stroke: #7c3aed } .c4 { stroke: #a16207 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .grid { stroke: #fff2 } .frame { stroke: #fff6 }
    .c0 { stroke: #6ab7ff } .c1 { stroke: #ff9a62 } .c2 { stroke: #6fdc8c } .c3 { stroke: #c4a7ff } .c4 { stroke: #e8c45a }
  }`;

const positionOn = ({ from, to, logarithmic }: Axis, value: number): number =>
  logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);

const short = (value: number): string => String(Math.round(10 * value) / 10);
const number = (value: number): string =>
  (Math.abs(value) >= 1000 ? `${value / 1000} k` : String(value)).replace('-', '−');
const text = (words: string, x: number, y: number, more = ''): string =>
  `<text x="${short(x)}" y="${short(y)}" ${more}>${words}</text>`;

export function svgOf({ title, x, y, curves }: Plot): string {
  const [innerWidth, innerHeight] = [size.width - size.left - size.right, size.height - size.top - size.bottom];
  const xOf = (value: number) => size.left + innerWidth * positionOn(x, value);
  const yOf = (value: number) => size.top + innerHeight * (1 - positionOn(y, value));
  const right = size.left + innerWidth;
  const bottom = size.top + innerHeight;
  const grid = [
    ...x.ticks.map((tick) => `<path class="grid" d="M${short(xOf(tick))} ${size.top}V${bottom}"/>`),
    ...y.ticks.map((tick) => `<path class="grid" d="M${size.left} ${short(yOf(tick))}H${right}"/>`),
  ];
  const numbers = [
    ...x.ticks.map((tick) => text(number(tick), xOf(tick), bottom + 16, 'text-anchor="middle"')),
    ...y.ticks.map((tick) => text(number(tick), size.left - 6, yOf(tick) + 4, 'text-anchor="end"')),
  ];
  const lines = curves.map(({ points }, k) => {
    const inside = points.map(([px, py]) => `${short(xOf(px))} ${short(yOf(Math.max(y.from, Math.min(y.to, py))))}`);
    return `<polyline class="curve c${k}" points="${inside.join(',')}"/>`;
  });
  const step = innerWidth / Math.max(1, curves.length);
  const legend = curves.map(({ name }, k) => {
    const at = size.left + k * step;
    const lineAt = size.height - 14;
    return `<path class="curve c${k}" d="M${short(at)} ${lineAt}h18"/>${text(name, at + 24, lineAt + 4)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">
<title>${title}</title><style>${style}
</style>
${grid.join('')}
<rect class="frame" x="${size.left}" y="${size.top}" width="${innerWidth}" height="${innerHeight}"/>
${lines.join('\n')}
${numbers.join('')}
${text(title, size.left, 20, 'class="title"')}
${text(x.label, right, size.height - 32, 'text-anchor="end"')}${text(y.label, 8, 20)}
${legend.join('')}
</svg>
`;
}
