import type { Course, MasterReport, RenditionReport } from '@lathe/contracts';
import { across, area, besides, between, type Chart, clamp, footPoints, line, type Mark, type Point } from './chart.ts';
import { clock, fixed, quantity } from './figures.ts';

type Level = number | null;

/** The scale that all loudness charts of a report share, so that they can be laid side by side. */
export type Scale = { topLufs: number; footLufs: number; durationSeconds: number };

const gridLu = 6;
const mostLu = 42;
const leastLu = 18;

/** From just above the loudest moment of all to below nearly all of what is heard. */
export function scaleOf({ before, courses = [], renditions }: MasterReport): Scale {
  const shortTerm = [before.dynamics.loudnessCurve.lufs, ...courses.map(({ loudness }) => loudness.shortTerm.lufs)]
    .flat()
    .filter((level) => level !== null)
    .sort((a, b) => a - b);
  const loudest = Math.max(
    ...courses.flatMap(({ loudness }) => loudness.momentary.maxLufs.map((level) => level ?? -Infinity)),
    shortTerm.at(-1) ?? -18,
  );
  const quietest = shortTerm[Math.floor(shortTerm.length / 50)] ?? -36;
  const topLufs = Math.ceil((loudest + 1) / gridLu) * gridLu;
  const span = Math.ceil((topLufs - quietest + 1) / gridLu) * gridLu;
  const seconds = [before.loudness, ...renditions.map(({ measured }) => measured)].map((m) => m.durationSeconds);
  return { topLufs, footLufs: topLufs - clamp(span, leastLu, mostLu), durationSeconds: Math.max(...seconds, 0.1) };
}

const yOf = (scale: Scale, height: number, level: Level): number => {
  const fraction = (scale.topLufs - (level ?? -Infinity)) / (scale.topLufs - scale.footLufs);
  return height * clamp(fraction, 0, 1);
};

type Curve = { startSeconds: number; stepSeconds: number; lufs: readonly Level[] };

function pointsOf(scale: Scale, height: number, { startSeconds, stepSeconds, lufs }: Curve): Point[] {
  return lufs.flatMap((level, k): Point[] => {
    const x = (startSeconds + k * stepSeconds) / scale.durationSeconds;
    return x < 0 || x > 1 ? [] : [[x, yOf(scale, height, level)]];
  });
}

/** How many seconds lie between the labels of a time axis, so that there are few enough. */
const timeSteps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];
const mostTimes = 6;

/** Labels below a plot, with hair lines through it. */
function timeAxis(durationSeconds: number, height: number): Mark[] {
  const step = timeSteps.find((seconds) => durationSeconds / seconds <= mostTimes) ?? durationSeconds;
  const count = Math.floor(durationSeconds / step);
  return Array.from({ length: count + 1 }, (_, k): Mark[] => {
    const x = (k * step) / durationSeconds;
    const text = step < 1 ? `${fixed(k * step)} s` : clock(k * step);
    const anchor = k === 0 ? 'start' : x > 0.96 ? 'end' : 'middle';
    const hair: Mark[] =
      k === 0
        ? []
        : [
            line('grid', [
              [x, 0],
              [x, height],
            ]),
          ];
    return [...hair, { kind: 'label', text, at: [x, height + 14], anchor }];
  }).flat();
}

function loudnessAxis({ topLufs, footLufs }: Scale, height: number): Mark[] {
  const lines = (topLufs - footLufs) / gridLu;
  const stride = lines > 4 ? 2 : 1;
  const rows = Array.from({ length: lines }, (_, k): Mark[] => {
    const y = ((k + 1) * height) / lines;
    const label = (k + 1) % stride === 0 ? [besides(fixed(topLufs - (k + 1) * gridLu, 0), y)] : [];
    return [across(k === lines - 1 ? 'axis' : 'grid', y), ...label];
  });
  return [besides('LUFS', 4), ...rows.flat()];
}

/** Seconds at the start of the mix that no master has. */
function headCutSeconds({ plan }: MasterReport): number {
  const trim = plan.stages.find((stage) => stage.stage === 'trim' && !stage.bypassed);
  return trim?.stage === 'trim' ? trim.headSeconds : 0;
}

function mixLine(report: MasterReport, scale: Scale, height: number): Mark {
  const { loudnessCurve } = report.before.dynamics;
  const startSeconds = loudnessCurve.startSeconds - headCutSeconds(report);
  return line('mix', pointsOf(scale, height, { ...loudnessCurve, startSeconds }));
}

const shortTermOf = ({ loudness: { stepSeconds, shortTerm } }: Course): Curve => ({ stepSeconds, ...shortTerm });

/** The mix, and every distinct master, over the length of the song. */
export function songChart(report: MasterReport, scale: Scale): Chart {
  const height = 132;
  const { courses = [], before } = report;
  const masters = courses.map((course) => line('master', pointsOf(scale, height, shortTermOf(course))));
  const measured = report.renditions.map((rendition) => quantity(rendition.measured.integratedLufs, 'LUFS'));
  return {
    height: height + footPoints,
    sentence: `Short-term loudness over ${clock(scale.durationSeconds)}: the mix at ${quantity(before.loudness.integratedLufs, 'LUFS')} in all, the masters at ${[...new Set(measured)].join(', ')}.`,
    legend: [
      { role: 'mix', text: 'Mix' },
      { role: 'master', text: courses.length === 1 ? 'Master' : 'Each master' },
    ],
    marks: [
      ...loudnessAxis(scale, height),
      ...timeAxis(scale.durationSeconds, height),
      mixLine(report, scale, height),
      ...masters,
    ],
  };
}

type Subject = { report: MasterReport; scale: Scale; rendition: RenditionReport; course: Course };

/** One master over time: its shortest moments, its short-term loudness, the mix, and the mark it was to meet. */
export function masterChart({ report, scale, rendition, course }: Subject): Chart {
  const height = 92;
  const { stepSeconds, momentary } = course.loudness;
  const edge = (lufs: readonly Level[]): Point[] =>
    pointsOf(scale, height, { stepSeconds, startSeconds: momentary.startSeconds, lufs });
  return {
    height: height + footPoints,
    sentence: `Loudness of the master over time. Loudest moment ${quantity(rendition.measured.maxMomentaryLufs, 'LUFS')}, loudest 3 s ${quantity(rendition.measured.maxShortTermLufs, 'LUFS')}, target ${quantity(rendition.targetLufs, 'LUFS')}.`,
    legend: [
      { role: 'master', text: 'Master, 3 s' },
      { role: 'range', text: 'Master, 400 ms' },
      { role: 'mix', text: 'Mix, 3 s' },
      { role: 'target', text: 'Target' },
    ],
    marks: [
      ...loudnessAxis(scale, height),
      ...timeAxis(scale.durationSeconds, height),
      between('range', edge(momentary.maxLufs), edge(momentary.minLufs)),
      across('target', yOf(scale, height, rendition.targetLufs)),
      mixLine(report, scale, height),
      line('master', pointsOf(scale, height, shortTermOf(course))),
    ],
  };
}

const leastReductionDb = 3;

/** Gain reduction hangs from the top: how deep it went, and the mean of each moment. `null` where nothing was limited. */
export function reductionChart({ scale, rendition, course }: Subject): Chart | null {
  const { deepestDb, meanDb, stepSeconds } = course.reduction;
  const deepest = Math.max(0, ...deepestDb);
  if (deepest === 0) return null;
  const height = 44;
  const foot = Math.max(leastReductionDb, Math.ceil(deepest));
  const edge = (reductions: readonly number[]): Point[] =>
    reductions.flatMap((db, k): Point[] => {
      const y = (height * db) / foot;
      const [from, to] = [k, k + 1].map((at) => clamp((at * stepSeconds) / scale.durationSeconds, 0, 1));
      return [
        [from ?? 0, y],
        [to ?? 1, y],
      ];
    });
  const hung = (reductions: readonly number[]): Point[] => [[0, 0], ...edge(reductions), [1, 0]];
  return {
    height: height + 4,
    sentence: `Gain reduction of the limiter over time: ${quantity(rendition.limiter.maxReductionDb, 'dB')} at most, ${quantity(rendition.limiter.meanReductionDb, 'dB')} on average.`,
    legend: [
      { role: 'deepest', text: 'Limiter, deepest' },
      { role: 'mean', text: 'Limiter, mean' },
    ],
    marks: [
      area('deepest', hung(deepestDb)),
      area('mean', hung(meanDb)),
      across('axis', 0.5),
      across('grid', height),
      besides('dB', 4),
      besides(fixed(-foot, 0), height),
    ],
  };
}
