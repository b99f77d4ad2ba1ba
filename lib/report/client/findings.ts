import type { FindingData, ReportData } from '../model/data';
import { count } from '../model/labels';
import { byId, h } from './dom';

/** What `check` found, on the cluster that is looked at or on all. */
export function findings({ findings: all, ignored, clusters }: ReportData) {
  const on = (cluster: number | undefined) => (cluster === undefined ? '' : ` on ${clusters[cluster]?.name}`);
  const item = ({ severity, code, title, message, mend, place, page, cluster }: FindingData) =>
    h(
      'li',
      { class: 'finding' },
      h('h3', {}, h('span', { class: `severity ${severity}` }, severity), ` ${title ?? code}`),
      h('p', {}, `${message}.`),
      h('p', {}, h('strong', {}, 'Mend: '), mend),
      h(
        'p',
        { class: 'quiet' },
        h('code', {}, code),
        on(cluster),
        ' · ',
        h('code', {}, place),
        ' · ',
        h('code', {}, page),
      ),
    );
  const aside = ignored.map(({ code, reason, count: number, cluster }) =>
    h('li', {}, h('code', {}, code), `${on(cluster)}: ${reason} (${count(number, 'finding')})`),
  );
  return (cluster: number | undefined): void => {
    const shown = all.filter((one) => cluster === undefined || one.cluster === undefined || one.cluster === cluster);
    byId('finding-list').replaceChildren(
      shown.length > 0
        ? h('ul', { class: 'plain' }, ...shown.map(item))
        : h('p', { class: 'empty' }, all.length === 0 ? 'Nothing was found.' : 'Nothing was found on this cluster.'),
      ...(aside.length > 0 ? [h('h3', {}, 'Left out by the config, with the reason'), h('ul', {}, ...aside)] : []),
    );
  };
}
