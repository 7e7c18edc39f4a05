/** A place in a chart: `x` 0…1 over its width, `y` in points from its top. */
export type Point = readonly [x: number, y: number];

/** What a mark stands for; page and print give each its colour. */
export type Role = 'mix' | 'master' | 'range' | 'region' | 'target' | 'deepest' | 'mean' | 'grid' | 'axis';

export type Mark =
  | { kind: 'line'; role: Role; points: readonly Point[] }
  | { kind: 'area'; role: Role; points: readonly Point[] }
  /** Within the width, or `beside` it: in the margin before the plot. */
  | { kind: 'label'; text: string; at: Point; anchor: 'start' | 'middle' | 'end' | 'beside' };

/** A drawing as plain data: it becomes SVG on a page and operators in a PDF. As wide as there is room. */
export type Chart = {
  /** In points; what a label says below the plot lies within it. */
  height: number;
  /** What the drawing shows, in a sentence, for those who do not see it. */
  sentence: string;
  legend: readonly { role: Role; text: string }[];
  marks: readonly Mark[];
};

/** What a scale says, level with a height of the plot. */
export const besides = (text: string, y: number): Mark => ({ kind: 'label', text, at: [0, y + 4], anchor: 'beside' });

/** Room below a plot for the labels of its axis. */
export const footPoints = 18;

export const line = (role: Role, points: readonly Point[]): Mark => ({ kind: 'line', role, points });
export const area = (role: Role, points: readonly Point[]): Mark => ({ kind: 'area', role, points });

/** Along the upper edge there, and along the lower back. */
export const between = (role: Role, upper: readonly Point[], lower: readonly Point[]): Mark =>
  area(role, [...upper, ...lower.toReversed()]);

export const across = (role: Role, y: number): Mark =>
  line(role, [
    [0, y],
    [1, y],
  ]);

export const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
