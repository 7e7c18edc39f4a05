import type { MasterReport } from '@lathe/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlOf } from '../src/index.ts';
import { style } from '../src/style.ts';
import { failedReport, oldReport, reportOf, silentReport } from './example.ts';

const reports: [string, MasterReport][] = [
  ['one master', reportOf(1)],
  ['twenty masters', reportOf(20)],
  ['a silent mix', silentReport()],
  ['a failed check', failedReport()],
  ['a report made before there were curves', oldReport()],
];

const voids = new Set(['meta', 'br']);

/** Reads a page as strictly as XML: every tag is closed in its turn, every attribute quoted and given once. */
function readStrictly(page: string): { texts: string; tags: string[]; attributes: [string, string][] } {
  const open: string[] = [];
  const tags: string[] = [];
  const attributes: [string, string][] = [];
  const token = /<!doctype html>|<style>[^<]*<\/style>|<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>/gy;
  let texts = '';
  for (let at = 0; at < page.length; ) {
    token.lastIndex = at;
    const found = token.exec(page);
    if (!found) {
      const end = page.indexOf('<', at + 1);
      const text = page.slice(at, end < 0 ? undefined : end);
      expect(text, `at ${at}`).toMatch(/^[^<>"\p{Cc}]*(\n[^<>"\p{Cc}]*)*$/u);
      expect(text.replace(/&(amp|lt|gt|quot|#39);/g, ''), `at ${at}`).not.toContain('&');
      texts += `${text} `;
      at += text.length;
      continue;
    }
    const [whole, closing, name = '', given = '', empty] = found;
    at += whole.length;
    if (name === '') continue;
    if (closing) expect(open.pop()).toBe(name);
    else if (!empty && !voids.has(name)) open.push(name);
    if (!closing) tags.push(name);
    const pairs = [...given.matchAll(/ ([a-zA-Z0-9:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]);
    expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length);
    attributes.push(...(pairs as [string, string][]));
  }
  expect(open).toEqual([]);
  return { texts, tags, attributes };
}

describe.each(reports)('the page of %s', (_name, report) => {
  const page = htmlOf(report);

  test('is well-formed, needs nothing else, and runs nothing', () => {
    const { tags, attributes } = readStrictly(page);
    for (const tag of ['script', 'link', 'img', 'iframe', 'object', 'form']) expect(tags).not.toContain(tag);
    for (const [key] of attributes) expect(key).not.toMatch(/^(on|src|href|style)/);
    expect(style).not.toMatch(/url\(|@import|https?:/);
  });

  test('can be heard: one title, heads for cells, words for drawings, names for sections', () => {
    const { tags, attributes } = readStrictly(page);
    expect(tags.filter((tag) => tag === 'h1')).toHaveLength(1);
    expect(page.match(/<th(?![a-z])/g)).toHaveLength((page.match(/<th scope="(col|row)"/g) ?? []).length);
    for (const [, svg = ''] of page.matchAll(/<svg ([^>]*)>/g)) {
      const isInner = svg.includes('preserveAspectRatio');
      expect(isInner || svg.includes('aria-hidden="true"') || /role="img" aria-label="[^"]+/.test(svg), svg).toBe(true);
    }
    const ids = attributes.filter(([key]) => key === 'id').map(([, value]) => value);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [key, value] of attributes) if (key === 'aria-labelledby') expect(ids).toContain(value);
  });

  test('draws with numbers only', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('is the same each time', () => expect(htmlOf(structuredClone(report))).toBe(page));
});

const fullStops = /[.,;:]$/;

/** As the report prints them: with none to three decimals, in thousands and millions, as a time. */
function printedForms(value: number): string[] {
  const seconds = Math.floor(Math.abs(value));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const scaled = [1, 1e-3, 1e-6].flatMap((scale) =>
    [0, 1, 2, 3].map((decimals) => (Math.abs(value) * scale).toFixed(decimals)),
  );
  return [...scaled, time];
}

const numbersIn = (json: unknown): number[] => {
  if (typeof json === 'number') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(numbersIn) : [];
};
const textsIn = (json: unknown): string[] => {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : [];
};

/** Numbers in words that are the same in every report: windows, standards, formats, names. */
const constants = [
  /\d of \d+ (proven|masters)|All \d+ proven/g,
  /Loudest 3 s|Master, 3 s|Master, 400 ms|Mix, 3 s|95 %|SHA-256|WAV \d+ bit|AES TD1008|AAC 256 kbit\/s/g,
  /BS\.1770-5|Tech 3341 and 3342|IEC 61260-1/g,
];

test.each([1, 7])('every number on the page of %s stands in the report', (masters) => {
  const report = reportOf(masters);
  const withoutDrawings = htmlOf(report).replace(/<svg class="chart" height.*?<\/svg>\s*.*?<\/svg>/gs, ' ');
  let { texts } = readStrictly(withoutDrawings);
  for (const sentence of textsIn(report).sort((a, b) => b.length - a.length)) texts = texts.replaceAll(sentence, ' ');
  for (const constant of constants) texts = texts.replaceAll(constant, ' ');
  const known = new Set(numbersIn(report).flatMap(printedForms));
  const printed = [...texts.matchAll(/\d[\d.:]*/g)].map(([text]) => text.replace(fullStops, ''));
  expect(printed.length).toBeGreaterThan(150);
  expect(printed.filter((text) => !known.has(text) && !known.has(text.replace(/^0:/, '0:')))).toEqual([]);
});

describe('hostile words', () => {
  const wordsEverywhere = (words: string): MasterReport => {
    const report = reportOf(1);
    const [rendition] = report.renditions;
    if (!rendition) throw new Error('one master');
    const checks = rendition.checks.map((check) => ({ ...check, sentence: words }));
    return {
      ...report,
      ...{ title: words, artists: [words], engineVersion: words, sourceSha256: words },
      before: { ...report.before, advice: [{ code: 'hum', severity: 'info', sentence: words }] },
      plan: {
        ...report.plan,
        summary: words,
        stages: report.plan.stages.map((stage) => ({ ...stage, reason: words })),
      },
      renditions: [{ ...rendition, checks, filename: words }],
    };
  };

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "</title></style><svg onload='x'>",
    'a & b &amp; c &#x3c;',
    'line\none\u0000\u0007\u202Eevil\u2066',
    '<!-- -->]]>',
  ])('%j stay words', (words) => {
    const { tags } = readStrictly(htmlOf(wordsEverywhere(words)));
    expect(tags).toEqual(readStrictly(htmlOf(wordsEverywhere('words'))).tags);
  });

  test('any text at all stays text', () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom(...'<>"\'&/!-= \n'), fc.string({ unit: 'grapheme' })) });
    const tags = readStrictly(htmlOf(wordsEverywhere('words'))).tags;
    fc.assert(
      fc.property(text, (words) => {
        expect(readStrictly(htmlOf(wordsEverywhere(`x${words}`))).tags).toEqual(tags);
      }),
      { numRuns: 30 },
    );
  });

  test('a title may be as long as it likes: it ends somewhere', () => {
    const [, heading = ''] = /<h1[^>]*>(.*?)<\/h1>/.exec(htmlOf({ ...reportOf(1), title: '🎵x'.repeat(5000) })) ?? [];
    expect(heading.length).toBeLessThan(400);
    expect(heading).toContain('…');
    expect(heading.isWellFormed()).toBe(true);
  });
});

describe('contrast', () => {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const tokensIn = (block: string) =>
    Object.fromEntries([...block.matchAll(/--([a-z-]+):(#[0-9a-f]{6})\b/g)].map(([, k, v]) => [k, v]));
  const [day = '', night = '', sleeve = ''] = [
    /:root\{color-scheme:light dark;([^}]+)/,
    /prefers-color-scheme:dark\)\{:root\{([^}]+)/,
    /\.sleeve\{([^}]+)/,
  ].map((pattern) => pattern.exec(style)?.[1]);
  const grounds: [string, Record<string, string | undefined>, string[]][] = [
    ['day', tokensIn(day), ['paper', 'sheet']],
    ['night', tokensIn(night), ['paper', 'sheet']],
    ['the sleeve', { ...tokensIn(sleeve), ground: '#1e2421' }, ['ground']],
  ];

  test.each(grounds)('words can be read by %s (WCAG AA)', (_name, tokens, on) => {
    for (const ground of on) {
      for (const word of ['ink', 'ink-soft', 'cut', 'good', 'note', 'bad']) {
        const ratio = contrast(tokens[word] ?? '', tokens[ground] ?? '');
        expect(ratio, `${word} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
