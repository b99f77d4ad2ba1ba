import { type Danger, dangers } from '../../access/danger';
import type { Model } from '../model/access-paths';
import { dangerWords } from '../model/danger-words';
import type { Chosen, Filter } from '../model/filter';
import { count, rolesOf } from '../model/labels';
import { byId, h } from './dom';

/** The form that narrows everything down. `tell` is called with what it asks for. */
export function filters(model: Model, tell: (filter: Filter) => void) {
  const { clusters, groups, grants } = model.data;
  const form = byId<HTMLFormElement>('filters');
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
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
    const number = (name: string) => (value(name) === '' ? {} : { [name]: Number(value(name)) });
    return {
      search: value('search'),
      ...number('cluster'),
      ...number('group'),
      ...(value('role') === '' ? {} : { role: value('role') }),
      ...(value('danger') === '' ? {} : { danger: value('danger') as Danger }),
    };
  };
  form.addEventListener('input', () => tell(read()));
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => tell(read())));

  return {
    /** Puts a filter into the form. */
    show(filter: Filter): void {
      for (const name of ['search', 'cluster', 'group', 'role', 'danger'] as const) {
        field(name).value = String(filter[name] ?? '');
      }
    },
    /** Says what is left of everything. */
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
