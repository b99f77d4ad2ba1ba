import { dangers } from '../../access/danger';
import type { Model } from '../model/access-paths';
import { dangerWords } from '../model/danger-words';
import type { Chosen, Filter } from '../model/filter';
import { count, rolesOf } from '../model/labels';
import { byId, formById, h } from './dom';

/** Sets up the filter form. `onFilter` is called after each change. */
export function filters(model: Model, onFilter: (filter: Filter) => void) {
  const { clusters, groups, grants } = model.data;
  const form = formById('filters');
  const field = (name: string) => {
    const element = form.elements.namedItem(name);
    if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) return element;
    throw new Error(`no field ${name}`);
  };
  const fill = (name: string, choices: readonly (readonly [value: string, label: string])[]) =>
    field(name).append(...choices.map(([value, label]) => h('option', { value }, label)));
  fill(
    'cluster',
    clusters.map(({ name }, at) => [String(at), name]),
  );
  fill(
    'group',
    groups.map(({ name }, at) => [String(at), name]),
  );
  fill(
    'role',
    rolesOf(model.data).map((role) => [role, role]),
  );
  const present = new Set(grants.map(({ danger }) => danger));
  fill(
    'danger',
    dangers.filter((danger) => present.has(danger)).map((danger) => [danger, dangerWords[danger]]),
  );

  const read = (): Filter => {
    const value = (name: string) => field(name).value;
    const danger = dangers.find((one) => one === value('danger'));
    const number = (name: string) => (value(name) === '' ? {} : { [name]: Number(value(name)) });
    return {
      search: value('search'),
      ...number('cluster'),
      ...number('group'),
      ...(value('role') === '' ? {} : { role: value('role') }),
      ...(danger === undefined ? {} : { danger }),
    };
  };
  form.addEventListener('input', () => onFilter(read()));
  form.addEventListener('submit', (event) => event.preventDefault());
  const show = (filter: Filter): void => {
    for (const name of ['search', 'cluster', 'group', 'role', 'danger'] as const) {
      field(name).value = String(filter[name] ?? '');
    }
  };
  // By default, the browser clears the fields only after this event.
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    show({ search: '' });
    onFilter(read());
  });

  return {
    /** Sets the fields of the form. */
    show,
    /** Shows, and returns, how many people and grants are left. */
    result({ people, paths, narrowed }: Chosen): string {
      const all = model.data.people.length;
      const roles = new Set(paths.map(({ grant }) => grant)).size;
      const text = narrowed
        ? `${people.length.toLocaleString('en')} of ${count(all, 'person', 'people')}, ${count(roles, 'grant')}`
        : `${count(all, 'person', 'people')}, ${count(roles, 'grant')}`;
      byId('result').textContent = text;
      return text;
    },
  };
}
