import type { Asset, Assets } from '../lib/report/assets';
import { favicon } from '../lib/report/drawings';
import { html, scriptJsonUnchanged } from '../lib/report/html-escapes';
import { repository, version } from '../package.json';

export interface PageParts {
  readonly script: Asset;
  readonly style: Asset;
  /** The script that evaluates configs. */
  readonly worker: string;
  /** The parts of `kaniflux report`, whose page is shown in a frame. The policy of this page applies to the frame. */
  readonly report: Assets;
  /** The example configs, by the name that is shown. */
  readonly examples: Readonly<Record<string, string>>;
}

const home = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/**
 * Returns the page to try Kaniflux, as one HTML file. Its Content-Security-Policy allows only its own scripts and
 * styles, and no connection.
 * @throws Error for a script that would end its element
 */
export function tryPage({ script, style, worker, report, examples }: PageParts): string {
  for (const code of [script.text, worker]) {
    if (/<\/script|<!--/i.test(code)) throw new Error('a script contains `</script` or `<!--`');
  }
  const policy = [
    "default-src 'none'",
    `script-src '${script.hash}' '${report.script.hash}'`,
    `style-src '${style.hash}' '${report.style.hash}'`,
    'worker-src blob:',
    'img-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const options = Object.keys(examples).map((name) => `<option>${html(name)}</option>`);
  return `<!doctype html>
<html lang="en" data-docs="${home}/blob/v${version}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Try Kaniflux</title>
<link rel="icon" href="${favicon}">
<style>${style.text}</style>
</head>
<body>
<header>
<h1>Try Kaniflux</h1>
<p><a href="${home}#readme" rel="noreferrer">Kaniflux</a> ${html(version)} renders one <code>kaniflux.yaml</code> into the files with which people sign in to Kubernetes with Kanidm. This page does the same in your browser. It sends nothing.</p>
</header>
<main>
<form id="input" aria-label="Config">
<div class="row">
<h2><label for="config">kaniflux.yaml</label></h2>
<span><label for="example">Example:</label> <select id="example">${options.join('')}</select></span>
<a id="link" href="#">Link to this config</a>
</div>
<p id="damaged" role="alert" hidden>The config in the address is damaged, so it is not shown.</p>
<textarea id="config" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" aria-describedby="keeps"></textarea>
<p id="keeps" class="quiet">The link contains the config after the <code>#</code>, which browsers do not send to servers. Whoever has the link can read the config. The config can't name other files, such as a CA or <code>clusters/*.yaml</code>.</p>
</form>
<div>
<noscript><p>This page needs JavaScript, which is turned off.</p></noscript>
<section aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
<p id="status" role="status">Loading</p>
<ul id="finding-list"></ul>
</section>
<section id="output" aria-label="Output" hidden>
<div id="tabs" class="row" role="tablist" aria-label="Output">
<button type="button" role="tab" id="tab-files" aria-controls="files" aria-selected="true">Files</button>
<button type="button" role="tab" id="tab-access" aria-controls="access" aria-selected="false" tabindex="-1">ACCESS.md</button>
<button type="button" role="tab" id="tab-picture" aria-controls="picture" aria-selected="false" tabindex="-1">Picture</button>
</div>
<div id="files" role="tabpanel" aria-labelledby="tab-files">
<p class="row"><label for="file">File:</label> <select id="file"></select></p>
<pre id="file-text" tabindex="0" role="region" aria-label="Text of the file"></pre>
</div>
<div id="access" role="tabpanel" aria-labelledby="tab-access" hidden><pre id="access-text" tabindex="0" role="region" aria-label="Text of ACCESS.md"></pre></div>
<div id="picture" role="tabpanel" aria-labelledby="tab-picture" hidden></div>
</section>
</div>
</main>
<script type="application/json" id="examples">${scriptJsonUnchanged(examples)}</script>
<script type="text/plain" id="worker">${worker}</script>
<script>${script.text}</script>
</body>
</html>
`;
}
