import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

interface Change {
  readonly grant?: object;
  readonly groups?: object;
  readonly issuers?: object;
  readonly client?: string;
  readonly trust?: readonly string[];
  readonly kubernetes?: string;
  readonly scopes?: object;
  readonly people?: object;
  readonly claims?: object;
  readonly authentication?: object;
  readonly kanidm?: object;
}

const config = ({
  grant,
  groups,
  issuers,
  client = 'k8s',
  trust,
  kubernetes = '1.34',
  scopes = { ops: ['openid', 'groups', 'email', 'profile'] },
  people,
  claims,
  authentication = { groups: { prefix: 'kanidm:' } },
  kanidm,
}: Change) =>
  configOf(
    JSON.stringify({
      kanidm: { domain: 'idm.example.com', version: '1.11.1', ...kanidm },
      people: { jane: { displayName: 'Jane' }, ann: { displayName: 'Ann' }, ...people },
      groups: { ops: { members: ['jane'] }, idle: { members: ['jane'] }, lead: { members: [] }, ...groups },
      clients: Object.fromEntries(
        ['k8s', 'dash'].map((name) => [
          name,
          {
            displayName: name,
            landingUrl: 'http://localhost:8000',
            redirectUrls: ['http://localhost:8000'],
            scopes,
            ...(claims ? { claims } : {}),
          },
        ]),
      ),
      clusters: {
        lab: {
          server: 'https://lab.example.com:6443',
          kubernetes,
          controlPlane: 'kubeadm',
          client,
          ...(trust ? { trust } : {}),
          ...(issuers ? { issuers } : {}),
          authentication: { method: 'structured', ...authentication },
          grants: [{ name: 'ops', clusterRole: 'view', groups: ['ops'], ...grant }],
        },
      },
    }),
  );

const text = (before: Change, after: Change) =>
  asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }));

describe('another role of a grant', () => {
  const again = 'Flux deletes the binding and creates it again';
  test.each<[string, object, object]>([
    ['the whole cluster', {}, { clusterRole: 'edit' }],
    ['one namespace of several', { namespaces: ['web', 'db'] }, { namespaces: ['web'], clusterRole: 'edit' }],
  ])('binds again: %s', (_, before, after) => expect(text({ grant: before }, { grant: after })).toContain(again));

  test.each<[string, object, object]>([
    ['from the whole cluster to a namespace', {}, { namespaces: ['web'], clusterRole: 'edit' }],
    ['from a namespace to another', { namespaces: ['db'] }, { namespaces: ['web'], clusterRole: 'edit' }],
  ])('is another binding: %s', (_, before, after) =>
    expect(text({ grant: before }, { grant: after })).not.toContain(again),
  );
});

test('a grant that moves to namespaces says where it applied before', () => {
  expect(text({}, { grant: { namespaces: ['web', 'db'] } })).toContain(
    'lab: the grant ops applies to namespaces db and web instead of the whole cluster\n',
  );
});

describe('the last day', () => {
  const ends =
    'the access does not end by itself: after that day, `kaniflux check` fails, and `kaniflux expire` removes the grant or membership from the config';
  test('of a grant and of a membership ends nothing by itself', () => {
    const members = [{ name: 'jane', until: '2027-01-31' }];
    expect(text({}, { grant: { until: '2027-01-31' } })).toContain(`changed from not set to 2027-01-31: ${ends}`);
    expect(text({}, { groups: { ops: { members } } })).toContain(`changed from not set to 2027-01-31: ${ends}`);
  });
  test('that is taken back ends nothing at all', () => {
    expect(text({ grant: { until: '2027-01-31' } }, {})).not.toContain(ends);
  });
});

describe('a group without a grant', () => {
  const nothing = 'no grant on any cluster names this group or a group that contains it';
  const gains = (name: string, members: readonly string[]) => ({ groups: { [name]: { members } } });
  test('gives its new members nothing, and its manager', () => {
    expect(text({}, gains('idle', ['jane', 'ann']))).toContain(
      `the members of group idle changed (added ann): ${nothing}`,
    );
    expect(text({}, { groups: { idle: { members: ['jane'], managedBy: 'ops' } } })).toContain(
      `the manager can add members, including themselves; ${nothing}`,
    );
  });
  test('is not one with a grant, or one in such a group', () => {
    expect(text({}, gains('ops', ['jane', 'ann']))).not.toContain(nothing);
    const named = { grant: { subjects: { groups: ['kanidm:idle@idm.example.com'] } } };
    expect(text(named, { ...named, ...gains('idle', ['jane', 'ann']) })).not.toContain(nothing);
    const nested = { ops: { members: ['jane', 'lead'] } };
    expect(text({ groups: nested }, { groups: { ...nested, lead: { members: ['ann'] } } })).not.toContain(nothing);
  });
});

test('a new issuer and a new client say who decides, and who gets tokens', () => {
  const ci = { url: 'https://ci.example.com', audiences: ['lab'], prefix: 'ci:' };
  expect(text({}, { issuers: { ci } })).toContain(
    'the issuer ci, whose tokens the API server accepts, is new: whoever runs the issuer decides who its users are',
  );
  expect(text({}, { trust: ['dash'] })).toContain(
    'the API server now accepts tokens of client dash too: jane may use this client and can sign in to the cluster with it; whoever runs the application of this client gets the tokens of its users, and can act as these users',
  );
  expect(text({ trust: ['dash'] }, {})).toContain('lab: the API server no longer accepts tokens of client dash\n');
});

test('a client that the API server accepted before is not said to be new', () => {
  const swapped = text({ trust: ['dash'] }, { client: 'dash', trust: ['k8s'] });
  expect(swapped).toContain(
    '🟡 ~ lab: the client whose tokens the API server accepts changed from k8s to dash: the API server already accepted tokens of client dash, and kubectl uses this client from now on; the API server still accepts tokens of client k8s\n',
  );
  expect(swapped).toContain('the API server still accepts tokens of client k8s; client dash is now the client');
  expect(swapped).not.toContain('no longer accepts');
  expect(text({}, { client: 'dash' })).toContain('can act as these users; the API server no longer accepts tokens of');
});

test('a group that only loses members is not said to be in no grant', () => {
  expect(text({ groups: { idle: { members: ['jane', 'ann'] } } }, {})).toContain(
    'the members of group idle changed (removed ann)\n',
  );
});

test('a user of another issuer gets a role because the grant names it', () => {
  const issuers = { ci: { url: 'https://ci.example.com', audiences: ['lab'] } };
  expect(text({ issuers }, { issuers, grant: { subjects: { users: ['ci:build'] } } })).toContain(
    'user ci:build may read bindings, configmaps, controllerrevisions.apps and 62 more on lab (view): the grant ops now names user ci:build\n',
  );
});

test('another version of Kubernetes is the reason for what its roles allow', () => {
  const edit = { grant: { clusterRole: 'edit' } };
  expect(text({ ...edit, kubernetes: '1.34' }, { ...edit, kubernetes: '1.35' })).toContain(
    'the role edit allows more in Kubernetes 1.35\n',
  );
  expect(text({ ...edit, kubernetes: '1.35' }, { ...edit, kubernetes: '1.34' })).toContain(
    'the role edit allows less in Kubernetes 1.34\n',
  );
});

test('who has no scope map any more may still use the client if everybody may', () => {
  const everybody = { scopes: { idm_all_persons: ['openid', 'groups'] } };
  expect(text({}, everybody)).toContain('members of ops can still use k8s through another group');
  expect(text({ scopes: { ops: ['openid', 'groups'], idle: ['openid'] } }, {})).toContain(
    'members of idle can no longer use k8s, unless',
  );
});

describe('an entry that is `absent`', () => {
  const people = (eve?: object) => ({ groups: {}, people: eve ? { eve } : {} });
  const said = (before?: object, after?: object) =>
    text(people(before), people(after))
      .split('\n')
      .filter(
        (line) =>
          !line.includes('kanidm person') && / (person|display name|mail|legal name) .*eve|display(N|n)ame/.test(line),
      );
  const eve = { displayName: 'Eve', mail: 'eve@example.com' };
  const absent = { absent: true };

  test('is deleted, and its fields are not mentioned', () => {
    expect(said(eve, absent)).toEqual(['  🟡 ~ person eve is deleted from Kanidm (absent)']);
  });
  test('is not called deleted if the runbook renames it', () => {
    const both = (ann: object) =>
      text(people(eve), { groups: {}, people: { eve: absent, eva: { displayName: 'Eve', ...ann } } });
    expect(both({ formerly: 'eve' })).toContain(
      '~ the runbook renames person eve to eva. If Kanidm already has a person eva, the runbook deletes eve (absent)\n',
    );
    expect(both({})).toContain('~ person eve is deleted from Kanidm (absent)\n');
  });
  test('and was not in the config is not called new', () => {
    expect(said(undefined, absent)).toEqual([
      '  🟡 - person eve is `absent` in the config: if Kanidm has this entry, the entry is deleted from Kanidm',
    ]);
  });
  test('and leaves the config is not said to stay in Kanidm', () => {
    expect(said(absent, undefined)).toEqual([
      '  - person eve was `absent`, and is gone from the config: if Kanidm still has this entry, nothing deletes it any more',
    ]);
    expect(said(eve, undefined)).toContainEqual(expect.stringContaining('Kanidm keeps the account'));
  });
  test('and returns is listed with its fields', () => {
    expect(said(absent, eve)).toEqual([
      '  🟡 ~ person eve is created in Kanidm again (no longer absent)',
      '      displayName: Eve',
    ]);
  });
  test('on both sides is compared by its fields', () => {
    expect(said(absent, { ...absent, displayName: 'E' })).toEqual([
      '  ~ the display name of eve changed from eve to E',
    ]);
  });
});

test('the version of Kubernetes is not said to change nothing, because files for nodes can follow it', () => {
  const changed = text({ kubernetes: '1.33' }, { kubernetes: '1.34' });
  expect(changed).toContain('Kaniflux does not upgrade the cluster, and assumes this version from now on');
  expect(changed).toContain('control-planes/lab/authentication-config.yaml');
});

test('a claim map that gives a group of the API server is the reason for its role', () => {
  const by = (values: object): Change => ({
    claims: { teams: { values } },
    authentication: { groups: { claim: 'teams', prefix: 'kanidm:' } },
    grant: { groups: [], subjects: { groups: ['kanidm:root'] }, clusterRole: 'edit' },
  });
  const [none, root] = [by({ lead: ['root'] }), by({ lead: ['root'], ops: ['root'] })];
  expect(text(none, root)).toContain('on lab (edit): at the API server, jane is now in the group kanidm:root');
  expect(text(root, none)).toContain('on lab (edit): at the API server, jane is no longer in the group kanidm:root');
});

describe('the mail address', () => {
  const mail = (address: string, authentication: object): Change => ({
    people: { jane: { displayName: 'Jane', mail: address } },
    trust: ['dash'],
    authentication,
  });
  const said = (authentication: object) =>
    text(mail('jane@example.com', authentication), mail('j@example.com', authentication));
  const means = 'the user name on lab comes from the first mail address';

  test.each<[string, object, string]>([
    [
      'the claim of one client',
      { clients: { dash: { claim: 'email' } } },
      'jane@example.com to j@example.com (claim email)',
    ],
    [
      'an expression',
      { username: { expression: "'k:' + (claims.email_verified ? claims.email : '')" } },
      'k:jane@example.com to k:j@example.com (from an expression)',
    ],
    ['a claim with a prefix', { claim: 'email', prefix: 'k:' }, 'k:jane@example.com to k:j@example.com (claim email)'],
  ])('names people by %s', (_, authentication, names) => {
    expect(said(authentication)).toContain(means);
    expect(said(authentication)).toContain(`the user name of jane changed from ${names}`);
  });
  test('names nobody by other claims', () => {
    expect(said({ clients: { dash: { claim: 'preferred_username' } } })).not.toContain('the user name');
  });
  test('is shown to the holder of the address without the prefix', () => {
    const bound = { people: ['jane'] };
    const authentication = { claim: 'email', prefix: 'k:' };
    const both = ['jane@example.com', 'j@example.com'].map((one) => ({ ...mail(one, authentication), grant: bound }));
    const [before, after] = both;
    expect(before && after && text(before, after)).toContain(
      '; whoever has the mail address j@example.com in Kanidm may',
    );
  });
});

test('a restore stops Kanidm until the section is removed', () => {
  const restore = { kanidm: { manifests: {}, cluster: 'lab', backup: { restore: { file: 'a.gz' } } } };
  const none = { kanidm: { manifests: {}, cluster: 'lab' } };
  expect(text(none, restore)).toContain(
    'changed from not set to a.gz: Kanidm stops until this field is removed, and everything that changed since the backup is lost',
  );
  expect(text(restore, none)).toContain('changed from a.gz to not set: Kanidm starts again\n');
});

describe('a separate mapping for a client', () => {
  const mapping = (clients?: object): Change => ({ trust: ['dash'], authentication: clients ? { clients } : {} });
  const said = (dash: object) => text(mapping(), mapping({ dash }));
  const means = 'is new: without a prefix, a name from a token can equal a name that Kubernetes itself uses';

  test.each([{ prefix: '' }, { prefix: 'd:', groups: { prefix: '' } }])('without a prefix is dangerous: %j', (dash) => {
    expect(said(dash)).toContain(
      `  🔴 + lab: the mapping of token claims to users that applies only to client dash ${means}`,
    );
  });
  test('with prefixes is not', () => {
    expect(said({ prefix: 'd:' })).toContain(
      '  🟠 + lab: the mapping of token claims to users that applies only to client dash is new\n',
    );
  });
});

test('anonymous requests on every path are said to have rights, and on fewer paths they are not', () => {
  const anonymous = (more: object): Change => ({ authentication: { anonymous: { enabled: true, ...more } } });
  const [few, all] = [anonymous({ paths: ['/livez', '/readyz', '/healthz'] }), anonymous({})];
  const means = 'to not set: anybody on the network has the rights of the group system:unauthenticated on every path';
  expect(text(few, all)).toContain(means);
  expect(text(all, few)).not.toContain('on every path');
});

describe('a gid number that leaves the config', () => {
  const migrations = { provision: 'migrations', cluster: 'lab', manifests: { tlsSecretName: 'kanidm-tls' } };
  const side = (kanidm: object, person?: object, group = person) => ({
    kanidm,
    people: { jane: { displayName: 'Jane', posix: person } },
    groups: { idle: { members: ['jane'], posix: group } },
  });
  const gone = 'changed from 3000 to not set';

  test('with `posix`, is removed by the migrations', () => {
    const lines = text(side(migrations, { gid: 3000 }, { gid: 3001 }), side(migrations));
    expect(lines).toContain(`gid number of jane ${gone}: after the migrations, jane is no longer a POSIX account`);
    expect(lines).toContain(
      `gid number of group idle ${gone.replace('3000', '3001')}: after the migrations, idle is no longer a POSIX group`,
    );
  });
  test.each([
    ['without `posix`', migrations, {}],
    ['with the runbook', {}, undefined],
  ])('stays in Kanidm: %s', (_, kanidm, posix) => {
    const lines = text(side(kanidm, { gid: 3000 }, { gid: 3001 }), side(kanidm, posix));
    expect(lines).toContain(`gid number of jane ${gone}: Kanidm keeps the gid number`);
    expect(lines).not.toContain('POSIX');
  });
});

test('an expression without claims gives every token the same value', () => {
  const ci = (expression: string) => ({
    issuers: { ci: { url: 'https://ci.example.com', audiences: ['lab'], prefix: 'ci:', groups: { expression } } },
  });
  const [same, reads] = [ci("['ci:all']"), ci("dyn(claims.groups).map(g, 'ci:' + g)")];
  const [fixed, decided] = ['the expression reads no claims, so every token gets the same value', 'decides the name'];
  expect(text(reads, same)).toContain(fixed);
  expect(text(reads, same)).not.toContain(decided);
  expect(text(same, reads)).toContain(decided);
  expect(text(same, reads)).not.toContain(fixed);
});

describe('an SSH key', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';
  const jane = (sshKeys?: object): Change => ({ people: { jane: { displayName: 'Jane', sshKeys } } });
  const kept = 'to not set: Kanidm keeps the key. To remove the keys of this person, write `sshKeys: {}`\n';
  test('stays in Kanidm if the field leaves the config', () =>
    expect(text(jane({ laptop: key }), jane())).toContain(kept));
  test.each([{}, { phone: key }])('is removed if the config has the other keys: %j', (keys) =>
    expect(text(jane({ laptop: key }), jane(keys))).not.toContain('Kanidm keeps'),
  );
});

describe('another incarnation', () => {
  const migrations = { provision: 'migrations', cluster: 'lab', manifests: { tlsSecretName: 'kanidm-tls' } };
  const said = (kanidm: object, before: object, after: object) =>
    text(
      { kanidm, groups: {}, people: { eve: { displayName: 'Eve', ...before } } },
      { kanidm, groups: {}, people: { eve: { displayName: 'Eve', ...after } } },
    );
  const anew = 'Kanidm removes the old entry and creates a new one';
  test('has no effect with the runbook', () => {
    expect(said({}, {}, { incarnation: 2 })).toContain(
      '🟡 ~ the incarnation of person eve changed from not set to 2: this has no effect with `provision: runbook`: the runbook keeps the entry that has this name\n',
    );
    expect(said(migrations, {}, { incarnation: 2 })).toContain(anew);
  });
  test('of an entry that was deleted removes nothing', () => {
    const returned = said(migrations, { absent: true }, { incarnation: 2 });
    expect(returned).toContain('changed from not set to 2: the new entry gets a different UUID from the deleted one\n');
    expect(returned).not.toContain(anew);
    expect(said(migrations, {}, { absent: true, incarnation: 2 })).not.toContain(anew);
    expect(said(migrations, { incarnation: 3 }, { incarnation: 2 })).not.toContain(anew);
  });
});

describe('an account whose membership does not change', () => {
  const by = (scopes: object): Change => ({
    groups: { ops: { members: ['jane', 'ann'] }, idle: { members: ['ann'] }, lead: { members: ['jane'] } },
    scopes: { lead: ['openid', 'groups'], ...scopes },
  });
  const [without, listed] = [by({ idle: ['openid'] }), by({ idle: ['openid', 'groups'] })];
  test('gets a role because of the scope map', () => {
    expect(text(without, listed)).toContain('(view, by ops): the tokens of ann now list the groups of ann\n');
    expect(text(listed, without)).toContain('(view, by ops): the tokens of ann no longer list the groups of ann\n');
  });
  test('gets a role because tokens contain another form of the group', () => {
    const subjects = { grant: { groups: [], subjects: { groups: ['kanidm:ops@idm.example.com'] } } };
    const [names, both] = [by({ idle: ['openid', 'groups_name'] }), by({ idle: ['openid', 'groups_name', 'groups'] })];
    expect(text({ ...names, ...subjects }, { ...both, ...subjects })).toContain(
      ': at the API server, ann is now in the group kanidm:ops@idm.example.com\n',
    );
  });
});
