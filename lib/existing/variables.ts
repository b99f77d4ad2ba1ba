/*
 * Variables in texts that `kaniflux adopt` reads. Only the program that replaces a variable knows its value: Flux,
 * clusterctl, Terraform, Nix and shells (`${NAME}`), Helm and Ansible (`{{ name }}`), a ResourceSet of the Flux
 * Operator (`<< inputs.name >>`), shells (`$NAME`), and the kubelet (`$(NAME)`).
 */

/**
 * Whether a name in a manifest contains a variable. A dollar sign without braces is part of the name, since Flux does
 * not replace `$NAME`.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export const hasVariable = (name: string): boolean => /\$\{|\{\{|<<[^<>]*>>/.test(name);

/** Whether an address or domain contains a variable. An address or domain never contains a dollar sign itself. */
export const hasVariableInAddress = (address: string): boolean => address.includes('$') || hasVariable(address);

/** What to do if a text contains a variable, but not its value. */
export const runWithValue = 'run adopt with a copy of the file that has the value in place of the variable';

/** What to do if a manifest contains a variable. The object in the cluster contains the value. */
export const readLiveOrRunWithValue = `read the cluster with --live, or ${runWithValue}`;
