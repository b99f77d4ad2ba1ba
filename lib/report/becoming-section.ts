import { notModelled } from '../become/become-steps';
import { html } from './html-escapes';

/**
 * The section about what people can become. The script of the page fills `becoming-list`. The list "Not modelled" needs
 * no script.
 */
export const becomingSection = `<section id="becoming" aria-labelledby="becoming-title">
<h2 id="becoming-title">Who can become cluster-admin</h2>
<p class="quiet">For each person, the shortest way to rights that they do not hold. For a person who can become cluster-admin, only the way to that is shown. Kanidm's administrators are left out, because they can become everybody. <code>kaniflux who-can become cluster-admin</code> lists all ways.</p>
<div id="becoming-list"></div>
<button type="button" id="becoming-more" class="more" hidden></button>
<h3>Not modelled</h3>
<ul class="quiet">${notModelled.map((what) => `<li>${marked(what)}</li>`).join('')}</ul>
</section>
`;

/** Returns a text as HTML, in which the parts in backticks are code elements. */
function marked(text: string): string {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? `<code>${html(part)}</code>` : html(part)))
    .join('');
}
