import type { MasterReport } from '@lathe/contracts';
import type { Chart } from './chart.ts';
import { type Disc, discOf } from './disc.ts';
import { type Html, html } from './markup.ts';
import type { MasterView, Table } from './master-view.ts';
import type { Move } from './moves.ts';
import { type Page, pageOf, reportTitle } from './page.ts';
import { logoStrokes, type Sign, signs } from './signs.ts';
import { style } from './style.ts';
import { svgOf } from './svg.ts';
import type { Verdict } from './words.ts';

/** A report as one page that needs nothing else: no script, no picture, no font, no network. */
export function htmlOf(report: MasterReport): string {
  const page = pageOf(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${reportTitle(page)}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<header class="masthead"><p class="wordmark">${logo} Lathe</p><p class="kind">Mastering report</p></header>
<main>
${sleeve(page, discOf(report))}
<section aria-labelledby="figures"><h2 id="figures">Before and after</h2>${overview(page.overview)}</section>
${tone(page)}
${work(page)}
<section aria-labelledby="masters"><h2 id="masters">${page.masters.length === 1 ? 'The master' : 'Each master'}</h2>
<div class="masters">${page.masters.map(certificate)}</div></section>
${provenance(page)}
</main>
<footer class="foot"><p>${page.method}</p></footer>
</body>
</html>
`.markup;
}

const [outer, inner, cut] = logoStrokes;
const logo: Html = html`<svg viewBox="0 0 32 32" fill="none" stroke-width="2.4" stroke-linecap="round" aria-hidden="true"><path d="${outer}" stroke="currentColor"/><path d="${inner}" stroke="currentColor" opacity=".55"/><path d="${cut}" stroke="var(--cut)"/></svg>`;

/** Beside words that say the same: silent. */
const sign = (tone: Sign): Html =>
  html`<svg class="${tone}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${signs[tone]}"/></svg>`;

const verdict = ({ tone, text }: Verdict, more = ''): Html =>
  html`<span class="verdict ${tone} ${more}">${sign(tone)}${text}</span>`;

/** From so many letters on a title is set smaller. */
const longTitle = 48;

function sleeve({ title, artists, facts, headline, song }: Page, disc: Disc | null): Html {
  return html`<div class="sleeve"><div class="label"><div>
<h1 class="${title.length > longTitle ? 'long' : ''}"><bdi>${title}</bdi></h1>
${artists === '' ? null : html`<p class="artists"><bdi>${artists}</bdi></p>`}
<ul class="song-facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>
<div class="headline"><p>${verdict(headline, 'seal')}</p><p>${headline.sentence}</p></div>
</div>${disc && record(disc)}</div>
${song && figure(song)}</div>`;
}

const record = ({ grooves, range, groove, labelRadius, holeRadius }: Disc): Html =>
  html`<svg class="disc" viewBox="0 0 200 200" aria-hidden="true">${grooves.map(
    (radius) => html`<circle class="groove" cx="100" cy="100" r="${radius}"/>`,
  )}<path class="disc-range" fill-rule="evenodd" d="${range}"/><path class="cut-groove" d="${groove}"/><circle class="disc-label" cx="100" cy="100" r="${labelRadius}"/><circle class="hole" cx="100" cy="100" r="${holeRadius}"/></svg>`;

const figure = (chart: Chart, name = ''): Html =>
  html`<figure class="${name}">${svgOf(chart)}<figcaption>${legend(chart)}</figcaption></figure>`;

const legend = ({ legend: entries }: Chart): Html =>
  html`<ul class="legend">${entries.map(
    ({ role, text }) =>
      html`<li><svg class="chart" viewBox="0 0 20 12" aria-hidden="true"><path class="${isArea(role) ? 'area' : 'line'} ${role}" d="${isArea(role) ? 'M0 1H20V11H0Z' : 'M0 6H20'}"/></svg>${text}</li>`,
  )}</ul>`;

const isArea = (role: string): boolean => ['range', 'region', 'deepest', 'mean'].includes(role);

/** What a phone leaves out: each master tells it again. */
const minorColumns = new Set([2, 4, 5, 6, 7]);

function overview({ caption, head, units, rows }: Table): Html {
  const minor = (column: number): string => (minorColumns.has(column) ? 'minor' : '');
  return html`<div class="overview"><table><caption class="spoken">${caption}</caption><thead><tr>${head.map(
    (text, k) =>
      html`<th scope="col" class="${minor(k)}">${text === '' ? html`<span class="spoken">File</span>` : text}${units[k] ? html`<span class="unit">${units[k]}</span>` : null}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ({ cells: [name = '', ...cells], tone, note }) =>
      html`<tr><th scope="row">${name}${note ? html`<small>${note}</small>` : null}</th>${cells.map(
        (text, k) =>
          html`<td class="${minor(k + 1)}">${tone && k === cells.length - 1 ? verdict({ tone, text }) : text}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;
}

const numbers = ({ caption, head, rows }: Table): Html =>
  html`<table><caption>${caption}</caption><thead><tr>${head.map(
    (text) => html`<th scope="col">${text}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ({ cells: [name = '', ...cells] }) =>
      html`<tr><th scope="row">${name}</th>${cells.map((text) => html`<td>${text}</td>`)}</tr>`,
  )}</tbody></table>`;

function tone({ tone: chart, toneTable }: Page): Html | null {
  if (!chart) return null;
  return html`<section class="tone" aria-labelledby="tone"><h2 id="tone">Tonal balance</h2><p class="lead">${chart.sentence}</p>${figure(chart)}
<details><summary>The numbers behind it</summary><div class="numbers">${numbers(toneTable)}</div></details></section>`;
}

function work({ summary, heard, moves }: Page): Html {
  return html`<section aria-labelledby="work"><h2 id="work">What was done, and why</h2><p class="lead">${summary}</p>
${heard.length > 0 ? html`<ul class="heard">${heard.map(({ severity, sentence }) => html`<li>${sign(severity === 'warning' ? 'note' : 'info')}<span>${sentence}</span></li>`)}</ul>` : null}
${moves.length > 0 ? html`<ol class="moves">${moves.map(moveItem)}</ol>` : null}</section>`;
}

const moveItem = ({ name, leftAlone, reason, figures, bands }: Move): Html =>
  html`<li><div><h3>${name}</h3>${leftAlone ? html`<p class="alone">left alone</p>` : null}</div><div><p>${reason}</p>${
    figures.length > 0 ? html`<p class="params">${figures.join(' · ')}</p>` : null
  }${
    bands.length > 0
      ? html`<ul class="bands">${bands.map((band) => html`<li><b>${band.what}</b><span>${band.reason}</span></li>`)}</ul>`
      : null
  }</div></li>`;

function certificate(master: MasterView): Html {
  const { name, loudness, facts, notReached, loudnessChart, reductionChart, limiting, filename, sha256 } = master;
  return html`<article class="certificate"><header><h3>${name}</h3>${verdict(master.verdict)}</header>
<p class="big">${loudness}</p><ul class="song-facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>
${notReached === null ? null : html`<p class="why">${notReached}</p>`}
${loudnessChart && figure(loudnessChart)}${reductionChart && figure(reductionChart, 'reduction')}
<div class="proof"><div><p class="limiting">${limiting}</p>${checks(master)}${tries(master)}
<p class="file">${filename}<br>SHA-256 <code>${sha256}</code></p></div>${master.playback && numbers(master.playback)}</div></article>`;
}

const tries = ({ codecs }: MasterView): Html | null =>
  codecs && html`<details><summary>The codecs, try by try</summary>${numbers(codecs)}</details>`;

const checks = ({ checks: all }: MasterView): Html =>
  html`<ul class="checks" aria-label="Checks">${all.map(
    ({ name, passed, sentence }) =>
      html`<li>${sign(passed ? 'good' : 'bad')}<span><span class="spoken">${name}, ${passed ? 'passed' : 'not passed'}: </span>${sentence}</span></li>`,
  )}</ul>`;

const provenance = ({ provenance: rows }: Page): Html =>
  html`<section aria-labelledby="origin"><h2 id="origin">Origin</h2><dl class="provenance">${rows.map(
    ({ name, value }) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`,
  )}</dl></section>`;
