import type { Version } from '../config/config';
import { parseVersion } from '../config/version';

interface Release {
  readonly minor: number;
  readonly released: string;
  /** The newest patch release, as of {@link tableDate}. */
  readonly patch: string;
  /** The end of support: four months after the release. */
  readonly supportedUntil: string;
}

/**
 * The minor releases of Kanidm.
 * @see https://github.com/kanidm/kanidm/blob/master/RELEASE_NOTES.md
 * @see https://github.com/kanidm/kanidm/blob/master/book/src/support.md
 */
export const releases: readonly Release[] = [
  { minor: 4, released: '2024-11-01', patch: '1.4.6', supportedUntil: '2025-03-01' },
  { minor: 5, released: '2025-02-09', patch: '1.5.0', supportedUntil: '2025-06-09' },
  { minor: 6, released: '2025-05-01', patch: '1.6.4', supportedUntil: '2025-09-01' },
  { minor: 7, released: '2025-08-01', patch: '1.7.4', supportedUntil: '2025-12-01' },
  { minor: 8, released: '2025-10-07', patch: '1.8.6', supportedUntil: '2026-02-07' },
  { minor: 9, released: '2026-02-11', patch: '1.9.4', supportedUntil: '2026-06-11' },
  { minor: 10, released: '2026-05-01', patch: '1.10.5', supportedUntil: '2026-09-01' },
  { minor: 11, released: '2026-08-01', patch: '1.11.1', supportedUntil: '2026-12-01' },
];

/**
 * The date of the table above. A version counts as supported if it was supported on this day, since rendering does not
 * read the clock.
 */
export const tableDate = '2026-11-24';

/** The version that `kanidm.manifests` deploys if the config does not set one. */
export const stable = parseVersion('1.11.1');

/** The minor release that introduced each feature, with its source. */
export const features = {
  /** `version = "2"` in server.toml. https://github.com/kanidm/kanidm/blob/v1.6.0/RELEASE_NOTES.md */
  'server.toml version 2': 6,
  /**
   * The image contains only kanidmd, without a shell. https://github.com/kanidm/kanidm/blob/v1.6.0/server/Dockerfile
   */
  'an image without a shell': 6,
  /**
   * Before 1.6, Kanidm keeps only the first word.
   * https://github.com/dnaeon/rust-sshkeys/commit/3a081cbf7480628223bcb96fc8aaa8c19109d007
   */
  'comments of SSH keys with several words': 6,
  /** https://github.com/kanidm/kanidm/blob/v1.8.0/RELEASE_NOTES.md */
  'the scopes groups_name, groups_spn and groups_uuid': 8,
  /** `kanidmd scripting …`. https://github.com/kanidm/kanidm/blob/v1.9.0/server/daemon/src/opt.rs */
  'kanidmd scripting': 9,
  /** https://github.com/kanidm/kanidm/blob/v1.9.0/book/src/entry_management.md */
  migrations: 9,
  /**
   * Before 1.11, a migration cannot set `displayname`, which a person and a client require, nor a gid number, managers
   * or a landing URL. https://github.com/kanidm/kanidm/pull/4387
   */
  'migrations of people and clients': 11,
  /** `oauth2 disable-consent-prompt`. https://github.com/kanidm/kanidm/blob/v1.9.0/tools/cli/src/opt/kanidm.rs */
  'the command that sets the consent prompt': 9,
  /** RFC 8693. https://github.com/kanidm/kanidm/blob/v1.9.0/RELEASE_NOTES.md */
  'ID tokens for service accounts': 9,
  /**
   * KANIDM_DB_PATH has precedence over `db_path` in server.toml. Older versions restore to `db_path` in any case.
   * https://github.com/kanidm/kanidm/blob/v1.9.0/server/daemon/src/main.rs
   */
  'restoring to a new file': 9,
  /** `person update --legalname ''`. https://github.com/kanidm/kanidm/pull/4228 */
  'the command that clears a legal name': 10,
  /**
   * `kanidm raw create` and `update` of one entry.
   * https://github.com/kanidm/kanidm/blob/v1.8.0/tools/cli/src/cli/raw.rs
   */
  '`kanidm raw` with SCIM entries': 8,
  /** `group set-description`. https://github.com/kanidm/kanidm/blob/v1.6.0/tools/cli/src/opt/kanidm.rs */
  'the command that sets the description of a group': 6,
} as const;
export type Feature = keyof typeof features;

/** The minor and patch number of a release, such as `[10, 5]` for 1.10.5. */
type Patch = readonly [minor: number, patch: number];

interface Vulnerability {
  readonly what: string;
  /** The first version of each range that has the vulnerability, and the version that fixed it. */
  readonly ranges: readonly { readonly from: Patch; readonly fixed: Patch }[];
  readonly source: string;
}

/** Vulnerabilities of Kanidm, the most dangerous first. */
const vulnerabilities: readonly Vulnerability[] = [
  {
    // The commit with the fix does not name the first vulnerable version. 1.8.0 is the first one in which a request
    // (`PUT /scim/v1/Entry`) reaches the faulty code.
    what: 'a Critical vulnerability lets everybody who can sign in change the members of every group, and so become an administrator of Kanidm',
    ranges: [
      { from: [8, 0], fixed: [9, 4] },
      { from: [10, 0], fixed: [10, 2] },
    ],
    source: 'https://github.com/kanidm/kanidm/security/advisories/GHSA-xxwr-vvr3-2g9f',
  },
  {
    what: 'two High-severity vulnerabilities (SCIM and LDAP filters) let anyone stop the server',
    ranges: [{ from: [0, 0], fixed: [9, 3] }],
    source: 'https://github.com/kanidm/kanidm/blob/v1.10.0/RELEASE_NOTES.md',
  },
  {
    // The fix in 1.9.3 and 1.10.0 was not complete.
    what: 'a High-severity vulnerability (SCIM filters) lets anyone stop the server',
    ranges: [{ from: [9, 3], fixed: [10, 5] }],
    source: 'https://github.com/kanidm/kanidm/commit/cbd0c8dd6611b4fa5d9561390bcd359f0b6e2772',
  },
];

/** Returns the vulnerabilities of a version. A version without a patch, such as `1.11`, counts as its newest patch. */
export function vulnerabilitiesOf(version: Version): string[] {
  if (version.major !== 1) return [];
  const [, minor = 0, patch = 0] = imageTag(version).split('.').map(Number);
  const isBefore = ([otherMinor, otherPatch]: Patch) =>
    minor < otherMinor || (minor === otherMinor && patch < otherPatch);
  return vulnerabilities
    .filter(({ ranges }) => ranges.some(({ from, fixed }) => !isBefore(from) && isBefore(fixed)))
    .map(({ what }) => what);
}

/**
 * Whether pages of this version send `form-action 'self' https:` in their Content-Security-Policy. Because of this
 * policy, Chromium blocks the redirect to `http://localhost` after sign-in. Versions 1.4.5 to 1.7.4 send it, and
 * versions from 1.8.0 on do not. This function compares only the major and minor version.
 * @see https://github.com/kanidm/kanidm/blob/v1.7.4/server/core/src/https/mod.rs
 */
export const stopsLoopbackRedirects = ({ major, minor }: Version): boolean => major === 1 && minor >= 4 && minor < 8;

/**
 * Whether Kanidm refuses every redirect to `http://localhost` for a client that also has an https URL. Only public
 * clients with `localhostRedirects` are exempt. This was read in the source of 1.4.6, 1.8.6 and 1.9.0.
 * @see https://github.com/kanidm/kanidm/blob/v1.8.6/server/lib/src/idm/oauth2.rs (origin_https_required)
 */
export const refusesLoopbackBesideHttps = ({ major, minor }: Version): boolean => major === 1 && minor < 9;

export const has = ({ major, minor }: Version, feature: Feature): boolean =>
  major > 1 || (major === 1 && minor >= features[feature]);

/** Returns the version that introduced a feature, for messages. */
export const since = (feature: Feature): string => `1.${features[feature]}`;

export const releaseOf = ({ major, minor }: Version): Release | undefined =>
  major === 1 ? releases.find((release) => release.minor === minor) : undefined;

/**
 * Returns the tag of the server image. For a version without a patch, such as `1.11`, this is the newest patch release
 * in the table.
 */
export function imageTag(version: Version): string {
  if (version.patch !== undefined) return version.text;
  return releaseOf(version)?.patch ?? `${version.text}.0`;
}
