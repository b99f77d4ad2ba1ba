import { version } from '../../package.json';
import { type Danger, dangers } from '../access/danger';
import { assets } from './assets';
import { becomingSection } from './becoming-section';
import { drawings, favicon } from './drawings';
import { expectationList } from './expectation-list';
import { html, scriptJson } from './html-escapes';
import type { ReportData } from './model/data';

/** Identifies a page that Kaniflux wrote and may overwrite. */
export const generator = '<meta name="generator" content="Kaniflux">';

/**
 * Returns the report as one HTML page. The page needs no network: script and style are inline, and the
 * Content-Security-Policy allows only these two, by their hashes.
 */
export function reportPage(data: ReportData): string {
  const { script, style } = assets();
  const policy = [
    "default-src 'none'",
    `script-src '${script.hash}'`,
    `style-src '${style.hash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${generator}
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Who has what · ${html(data.domain)}</title>
<link rel="icon" href="${favicon}">
<style>${style.text}</style>
</head>
<body>
${drawings}
<a class="skip" href="#picture">Skip to the picture</a>
<header>
<div>
<h1>Who has what</h1>
<p>Kubernetes access of the people of <strong>${html(data.domain)}</strong></p>
</div>
<button type="button" id="theme">Colours: system</button>
</header>
<main>
<noscript><p class="empty">This page needs JavaScript, which is turned off. <code>dist/ACCESS.md</code> has the same content as text.</p></noscript>
<dl class="figures">
${figures(data)}
</dl>
<form id="filters" role="search" aria-label="Filter">
<div class="field wide"><label for="search">Search</label><input type="search" id="search" name="search" autocomplete="off" spellcheck="false" placeholder="Person, group, role, cluster"></div>
${select('cluster', 'Cluster', 'All clusters')}
${select('group', 'Group', 'All groups')}
${select('role', 'Role', 'All roles')}
${select('danger', 'At least', 'Any danger')}
<button type="reset">Reset</button>
<p id="result"></p>
</form>
<p id="status" role="status" class="unseen"></p>
<section id="picture" aria-labelledby="picture-title" tabindex="-1">
<h2 id="picture-title">From people to clusters</h2>
<p class="quiet" id="keys">Point at a name to see its paths; click it, or press <kbd>Enter</kbd>, to follow them. <kbd>←</kbd> <kbd>→</kbd> go along a path, <kbd>↑</kbd> <kbd>↓</kbd> within a column, <kbd>Esc</kbd> stops following.</p>
<div class="beside">
<div>
<div id="canvas" class="canvas" role="group" aria-labelledby="picture-title" aria-describedby="keys"></div>
<button type="button" id="picture-more" class="more" hidden></button>
</div>
<section class="words" aria-labelledby="words-title"><h3 id="words-title">In words</h3><div id="words"></div></section>
</div>
</section>
<section id="matrix" aria-labelledby="matrix-title">
<div class="title"><h2 id="matrix-title">Everybody</h2>
<fieldset><legend>By</legend>
<label><input type="radio" name="columns" value="clusters" checked> Clusters</label>
<label><input type="radio" name="columns" value="roles"> Roles</label>
</fieldset></div>
<div class="scroll" role="region" aria-label="Table of who has what" tabindex="0"><table id="matrix-table"></table></div>
<p class="quiet" id="matrix-note"></p>
<button type="button" id="matrix-more" class="more" hidden></button>
</section>
${becomingSection}${expectationList(data)}<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">What <code>kaniflux check</code> finds</h2>
<p class="quiet">This list has no findings that depend on the current day, such as access that has ended.</p>
<div id="finding-list"></div>
</section>
</main>
<footer><p>Made from kaniflux.yaml by Kaniflux ${html(version)}. It shows what the config grants, not the current state of a cluster: <code>kaniflux diff --live</code> compares the two.</p></footer>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${script.text}</script>
</body>
</html>
`;
}

const select = (name: string, label: string, all: string) =>
  `<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}"><option value="">${all}</option></select></div>`;

/** Returns the numbers at the top of the page. */
function figures({ clusters, people, groups, grants, findings, becomings }: ReportData): string {
  const worst = dangers.slice(0, 2);
  const isWorst = (danger?: Danger) => worst.some((one) => one === danger);
  const becoming = new Set(becomings.ways.flatMap((way) => (isWorst(way.danger) ? way.people : [])));
  const powerful = people.filter(
    ({ holds }, at) => becoming.has(at) || holds.some(({ grant }) => isWorst(grants[grant]?.danger)),
  );
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const rows: [string, string, string][] = [
    ['People', people.length.toLocaleString('en'), ''],
    ['Can take over a cluster', powerful.length.toLocaleString('en'), powerful.length > 0 ? 'takeover' : ''],
    ['Groups that give access', groups.length.toLocaleString('en'), ''],
    ['Grants', grants.length.toLocaleString('en'), ''],
    ['Clusters', clusters.length.toLocaleString('en'), ''],
    ['Findings', findings.length.toLocaleString('en'), errors > 0 ? 'everything' : warnings > 0 ? 'secrets' : ''],
  ];
  return rows.map(([name, number, tone]) => `<div><dt>${name}</dt><dd class="${tone}">${number}</dd></div>`).join('\n');
}
