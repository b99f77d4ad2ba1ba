import { claimAnswers } from './answers/api-server-claims';
import { credentialAnswers } from './answers/api-server-credentials';
import { flagAnswers } from './answers/api-server-flags';
import { startAnswers } from './answers/api-server-start';
import { tokenAnswers } from './answers/api-server-tokens';
import { applicationAnswers } from './answers/application-answers';
import { applicationSignInAnswers } from './answers/application-sign-in-answers';
import { applicationTokenAnswers } from './answers/application-token-answers';
import { certificateAnswers } from './answers/certificate-answers';
import { fluxAnswers } from './answers/flux-answers';
import { ingressAnswers } from './answers/ingress-answers';
import { kanidmAnswers } from './answers/kanidm-answers';
import { kanidmClientAnswers } from './answers/kanidm-client-answers';
import { kanidmPageAnswers } from './answers/kanidm-page-answers';
import { kanidmServerAnswers } from './answers/kanidm-server-answers';
import { kanidmTokenAnswers } from './answers/kanidm-token-answers';
import { kubeadmAnswers } from './answers/kubeadm-answers';
import { kubeconfigAnswers } from './answers/kubeconfig-answers';
import { kubectlAnswers } from './answers/kubectl-answers';
import { kubeloginAnswers } from './answers/kubelogin-answers';
import { kubeloginMachineAnswers } from './answers/kubelogin-machine-answers';
import { nodeAnswers } from './answers/node-answers';
import { pluginAnswers } from './answers/plugin-answers';
import type { Explanation } from './explanation';

/**
 * All explanations, the most specific first. The first certain match is used. If no match is certain, all matches are
 * possible meanings.
 */
export const explanations: readonly Explanation[] = [
  ...startAnswers,
  ...flagAnswers,
  ...claimAnswers,
  ...tokenAnswers,
  ...credentialAnswers,
  ...kubeloginMachineAnswers,
  ...kubeloginAnswers,
  ...pluginAnswers,
  ...kubeconfigAnswers,
  ...kubectlAnswers,
  ...kanidmPageAnswers,
  ...kanidmAnswers,
  ...kanidmTokenAnswers,
  ...kanidmServerAnswers,
  ...kanidmClientAnswers,
  ...applicationSignInAnswers,
  ...applicationAnswers,
  ...applicationTokenAnswers,
  ...kubeadmAnswers,
  ...fluxAnswers,
  ...nodeAnswers,
  ...ingressAnswers,
  ...certificateAnswers,
];
