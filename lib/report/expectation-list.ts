import { html } from './html-escapes';
import type { ExpectationData, ReportData } from './model/data';

/** The maximum number of reasons, and of clusters, that are shown for one result. */
const mostNamed = 20;

const states = {
  fails: ['error', 'does not hold'],
  undecided: ['warning', 'not decided'],
  holds: ['note', 'holds'],
} as const;

/**
 * Returns the section about `expect` in the config; empty if the config expects nothing. The section needs no script.
 */
export function expectationList({ expectations }: ReportData): string {
  if (expectations.length === 0) return '';
  return `<section id="expectations" aria-labelledby="expectations-title">
<h2 id="expectations-title">What must hold</h2>
${expectations.map(article).join('\n')}
</section>
`;
}

function article({ text, reason, place, results }: ExpectationData): string {
  const worst = (['fails', 'undecided', 'holds'] as const).find((one) => results.some(({ state }) => state === one));
  const [tone, word] = worst ? states[worst] : ['note', 'about no cluster'];
  const items = results.map(({ state, clusters, why }) => {
    const on = `${states[state][1]} on ${named(clusters)}`;
    return `<li><p>${html(on)}${why.length > 0 ? ':' : '.'}</p>${
      why.length > 0
        ? `<ul>${shortened(why)
            .map((one) => `<li>${html(one)}</li>`)
            .join('')}</ul>`
        : ''
    }</li>`;
  });
  const because = reason === undefined ? '' : `<p>${html(reason)}</p>`;
  return `<article class="finding"><h3><span class="severity ${tone}">${word}</span> ${html(text)}</h3>${because}<ul class="plain">${items.join('')}</ul><p class="quiet"><code>${html(place)}</code></p></article>`;
}

const shortened = (list: readonly string[]): string[] =>
  list.length <= mostNamed ? [...list] : [...list.slice(0, mostNamed), `${list.length - mostNamed} more`];

const named = (clusters: readonly string[]): string => shortened(clusters).join(', ');
