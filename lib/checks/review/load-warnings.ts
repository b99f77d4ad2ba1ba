import type { Severity } from './review-rule';

/** A warning that loading a config gives, and the code that `check` gives it: it is found where the config is read. */
export interface LoadWarning {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
}

/** By the name that loading has for it. */
export const loadWarnings: Readonly<Record<string, LoadWarning>> = {
  'claim-preferred-username': warned('KF109', 'A name that can change is used as identity'),
  'member-outside-scope-map': warned('KF205', 'A member of a granted group may not use the client'),
  'groups-prefix-empty': warned('KF206', 'Group names have no prefix'),
  'claim-beaten': warned('KF110', 'A claim of yours is overwritten by Kanidm'),
  'consent-public': warned('KF111', 'Kanidm asks for consent all the same'),
  'kanidm-unsupported': warned('KF501', 'The version of Kanidm has known holes, or is no longer supported'),
  'kanidm-version-newer': warned('KF502', 'The version of Kanidm is newer than this Kaniflux'),
  'kanidm-not-deployed': warned('KF507', 'Settings of a Kanidm that Kaniflux does not deploy'),
  'domain-choice': warned('KF508', 'The domain of Kanidm is shared with something else'),
  'flux-retry': warned('KF601', 'Flux waits longer after a failure than after a success'),
  'device-code': warned('KF602', 'Signing in without a browser is not what it seems'),
  'kubernetes-untried': warned('KF603', 'The version of Kubernetes was never tried'),
  'anonymous-join': warned('KF604', 'Nodes cannot join without anonymous requests'),
  'talos-flags': warned('KF605', 'Talos has a document of its own for this'),
};

/** What a warning gets that is not in the table yet. */
export const otherWarning: LoadWarning = warned('KF600', 'A warning of the config');

function warned(code: string, title: string): LoadWarning {
  return { code, title, severity: 'warning' };
}
