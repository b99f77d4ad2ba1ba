import {
  type Able,
  type AbleByName,
  ableByNameLine,
  ableLine,
  whoCan,
  whoCanByName,
  whoCanInside,
} from '../../access/able-people';
import { type ClusterAccess, clusterAccess } from '../../access/cluster';
import { type AccessRequest, isPathRequest, type PolicyRule } from '../../access/objects';
import {
  faultIn,
  hasNoNamespace,
  isNamed,
  namespaceFault,
  requestOf,
  rulesIn,
  rulesOn,
  withScope,
} from '../../access/resource-request';
import { isScopeUnknown } from '../../access/scope';
import { unknownNames } from '../../access/unknown-names';
import { ofUnknownRoles, unknownRule } from '../../access/unknown-roles';
import { json, terminal } from '../../output/text-escapes';
import { clusterAnswers } from '../cluster-answers';
import { type Command, type Invocation, type Io, UserError } from '../command';
import { configOption } from '../config-file';
import { manifestsOf, manifestsOption } from '../manifests-option';
import { chosenClusters, clusterOption, configAt } from '../review';
import { whoCanBecomeCommand } from '../who-can-become';

export const command: Command = {
  name: 'who-can',
  usage: 'VERB RESOURCE [options]',
  details: `Lists the people, groups and service accounts that may do something, and the group and grant that allow it,
according to the config and the rules of all roles, including those of Kubernetes. RESOURCE is \`pods\`, \`pods/exec\` or
\`deployments.apps\`, or a path such as \`/metrics\`. Without -n, rights in single namespaces are listed by namespace.
Without --name, those who may do it only to objects with certain names (\`resourceNames\`) are listed after the others.
With \`become RIGHT\` in place of VERB RESOURCE, lists those who have the right, and those who can get it step by step,
each with the shortest ways to the right (--ways sets how many). RIGHT is \`cluster-admin\` or, for example,
\`"delete secrets in prod"\`. docs/becoming.md lists the steps.
Exits 0 if somebody in the config may do it, even in one namespace or to one object only, and 1 if nobody may.`,
  examples: [
    'kaniflux who-can get secrets',
    'kaniflux who-can create pods/exec -n web',
    "kaniflux who-can '*' '*.*' --cluster homelab",
    'kaniflux who-can become cluster-admin',
  ],
  options: {
    config: configOption,
    namespace: { type: 'string', short: 'n', value: 'NS', description: 'In this namespace' },
    name: { type: 'string', value: 'NAME', description: 'List those who may do it to the object with this name' },
    cluster: clusterOption,
    manifests: manifestsOption,
    ways: {
      type: 'string',
      value: 'N',
      default: '10',
      description: 'With become: list at most N ways to the right for each person',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: ['text', 'json'],
      description: 'Format of the output',
    },
  },
  async run({ options, args, io }) {
    const [verb, resource, ...others] = args;
    if (verb === 'become') return whoCanBecomeCommand({ options, args, io });
    if (verb === undefined || resource === undefined || others.length > 0) {
      throw new UserError('who-can needs a verb and a resource, such as `kaniflux who-can get secrets`');
    }
    if (options.namespace === '') throw new UserError('-n needs the name of a namespace; without -n, all are listed');
    const noNamespace = options.namespace === undefined ? undefined : namespaceFault(String(options.namespace));
    if (noNamespace !== undefined) throw new UserError(terminal(noNamespace));
    const config = await configAt(String(options.config), io);
    if (!config) return 2;
    const clusters = chosenClusters(config, options.cluster).flatMap((name) => config.clusters.get(name) ?? []);
    const manifests = manifestsOf(options.manifests, io, config);
    const objects = manifests.map(({ object }) => object);
    const rules = [...rulesOn(clusters), ...rulesIn(objects)];
    const written = withScope(asked(verb, resource, options, rules), objects);
    const fault = faultIn(written, resource, rules);
    if (fault !== undefined) throw new UserError(terminal(fault));
    const isWithout = options.namespace !== undefined && hasNoNamespace(written);
    const request = isWithout ? withoutNamespace(written) : written;
    if (isWithout) {
      io.stderr(
        `kaniflux: a request to ${terminal(`${written.verb} ${resource}`)} has no namespace, so -n is ignored; only a role on the whole cluster can allow it\n`,
      );
    }
    if (!isNamed(request, rules)) {
      io.stderr(
        `kaniflux: no role has a rule for \`${terminal(resource)}\`; the list contains only those who may do this to every resource\n`,
      );
    }
    const answers: Answer[] = clusterAnswers(
      { config, clusters, manifests },
      (cluster, objects) => answerOn(clusterAccess(config, cluster, objects), request),
      ({ grants }) => grants.map(({ until }) => until),
    );
    if (options.format === 'json') io.stdout(`${json({ request, clusters: answers })}\n`);
    else {
      for (const answer of answers) printLines(linesOf(answer, request), io);
    }
    // Only subjects in the config count. The group system:masters, for example, does not count, because it may always
    // do everything.
    const all = answers.flatMap(({ able, inNamespaces, byName }) => [
      ...able,
      ...Object.values(inNamespaces).flat(),
      ...byName,
    ]);
    return all.some(({ known }) => known) ? 0 : 1;
  },
};

/**
 * The answer without the name of the cluster. Clusters share one answer if their access and the last days of their
 * grants (`until`) are equal.
 */
interface OnCluster {
  readonly able: readonly Able[];
  readonly inNamespaces: Readonly<Record<string, readonly Able[]>>;
  readonly byName: readonly AbleByName[];
  readonly notKnown?: readonly string[];
}

interface Answer extends OnCluster {
  readonly cluster: string;
}

function answerOn(access: ClusterAccess, request: AccessRequest): OnCluster {
  const able = whoCan(access, request);
  const inside = whoCanInside(access, request, able);
  const byName = whoCanByName(access, request, able, inside);
  const isInside = inside.size > 0 || byName.some(({ namespace }) => namespace !== undefined);
  const notKnown = [
    ...unknownNames(access.config, access.cluster),
    ...openRoles(access, request),
    ...openScope(request, isInside),
  ];
  return { able, inNamespaces: Object.fromEntries(inside), byName, ...(notKnown.length > 0 ? { notKnown } : {}) };
}

function* linesOf({ cluster, able, inNamespaces, byName, notKnown = [] }: Answer, request: AccessRequest) {
  yield `${terminal(cluster)}:`;
  if (able.length === 0) yield '  nobody';
  for (const one of able) yield `  ${ableLine(one)}`;
  for (const [namespace, some] of Object.entries(inNamespaces)) {
    for (const one of some) yield `  in namespace ${terminal(namespace)}: ${ableLine(one)}`;
  }
  for (const one of byName) yield `  ${ableByNameLine(one, request)}`;
  for (const what of notKnown) yield `  not known: ${terminal(what)}`;
}

/**
 * Prints lines in parts of about 64 KiB, since the whole text can be too large for the memory: a line can name a
 * thousand groups.
 */
function printLines(lines: Iterable<string>, io: Io): void {
  let part = '';
  for (const line of lines) {
    part += `${line}\n`;
    if (part.length < 2 ** 16) continue;
    io.stdout(part);
    part = '';
  }
  if (part !== '') io.stdout(part);
}

/** Returns the roles that could allow the request, but whose rules Kaniflux does not know. */
const openRoles = (access: ClusterAccess, request: AccessRequest): string[] =>
  ofUnknownRoles(access)
    .filter(({ metadata: { namespace } }) => {
      if (namespace === undefined) return true;
      return !isPathRequest(request) && !hasNoNamespace(request) && (request.namespace ?? namespace) === namespace;
    })
    .map(unknownRule);

/** Returns what is unknown about the scope of a custom resource, if a role in a namespace may allow the request. */
function openScope(request: AccessRequest, isInside: boolean): string[] {
  if (isPathRequest(request) || request.scope !== undefined || !isScopeUnknown(request)) return [];
  if (!isInside && request.namespace === undefined) return [];
  const { resource, group } = request;
  return [
    `whether ${resource}.${group} is cluster-wide; if it is, a role in a namespace does not allow this request (with --manifests, Kaniflux also reads the CustomResourceDefinition of ${resource}.${group})`,
  ];
}

function withoutNamespace(request: AccessRequest): AccessRequest {
  if (isPathRequest(request)) return request;
  const { namespace: _namespace, ...rest } = request;
  return rest;
}

function asked(
  verb: string,
  resource: string,
  { namespace, name }: Invocation['options'],
  rules: readonly PolicyRule[],
): AccessRequest {
  if (name !== undefined && resource.startsWith('/')) throw new UserError('a path has no objects: remove --name');
  try {
    return requestOf(
      verb,
      resource,
      {
        namespace: namespace === undefined ? undefined : String(namespace),
        name: name === undefined ? undefined : String(name),
      },
      rules,
    );
  } catch (error) {
    throw new UserError(terminal(error instanceof Error ? error.message : String(error)));
  }
}
