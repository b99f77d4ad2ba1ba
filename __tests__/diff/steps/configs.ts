import type { Config } from '../../../lib/config/config';
import { configOf, merge } from '../../config';

/** A change of a config: maps are merged by key, and `null` removes a key. */
export type Change = Record<string, unknown>;

export const uuid = (end: number): string => `00000000-0000-4000-8000-00000000000${end}`;

const team = {
  kanidm: { domain: 'idm.example.com', version: '1.11.1', provision: 'runbook' },
  people: { jane: { displayName: 'Jane' } },
  groups: { users: { members: ['jane'] } },
  clients: { k8s: { landingUrl: 'http://localhost:8000', scopes: { users: ['openid'] } } },
  clusters: { lab: { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' } },
};

/** Returns the config of a small team with changes, one after the other. */
export const teamWith = (...changes: readonly Change[]): Config =>
  configOf(JSON.stringify(changes.reduce<unknown>((sum, change) => merge(sum, change), team)));
