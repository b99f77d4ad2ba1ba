import type { Config } from '../config/config';
import { chartFacts } from '../upstream/kanidm-chart';
import { comment, quote } from './shell';

/** Renders the commands that set new passwords. They run only with RECOVER=yes. */
export function recovery({ kanidm }: Config): string[] {
  const server = inPod(kanidm);
  return [
    '',
    comment('The break-glass accounts. Each password is printed once: store it in your password safe.'),
    ...(server.length === 0
      ? [comment('Run these two commands where `kanidmd` is: in the pod of Kanidm, or on its host.')]
      : []),
    'hint=',
    `if [ "\${RECOVER:-no}" = yes ]; then`,
    ...(server.length > 0 ? confirmContext : []),
    ...['admin', 'idm_admin'].flatMap((account) => [
      `  say ${quote(`A new password for ${account}:`)}`,
      `  ${[...server, 'kanidmd', 'recover-account', account].join(' ')} || stop ${quote(`no new password for ${account}`)}`,
    ]),
    `  hint='. The passwords above are valid: run the script again, without RECOVER=yes'`,
    'fi',
  ];
}

/** Asks whether the context is the right one: with several clusters, the current context can be that of another Kanidm. */
const confirmContext: readonly string[] = [
  `  context=$(kubectl config current-context) || stop 'kubectl has no current context'`,
  `  printf 'Set new passwords in the context %s of kubectl, for the Kanidm at %s? [y/N] ' "$context" "$KANIDM_URL"`,
  '  read -r answer || answer=no',
  '  case $answer in',
  '    [yY]*) ;;',
  `    *) stop 'no new passwords; to select another context: kubectl config use-context NAME' ;;`,
  '  esac',
];

/** Returns the words of the `kubectl exec` command for the pod of Kanidm; empty if Kaniflux does not know its workload. */
function inPod({ helm, manifests, namespace }: Config['kanidm']): string[] {
  const kind = manifests ? 'StatefulSet' : helm && chartFacts(helm)?.workload;
  if (!kind) return [];
  const pod = [`--namespace=${quote(namespace)}`, `${kind.toLowerCase()}/kanidm`];
  return ['kubectl', '--context="$context"', 'exec', '--stdin', '--tty', ...pod, '--'];
}
