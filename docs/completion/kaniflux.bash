# kaniflux completion bash
_kaniflux() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'init adopt synth check expire diff who-can explain report doctor merge-authentication-config kubeadm-merge completion help --help --version' -- "$word"))
    return
  fi
  case "$command $previous" in
    help\ *) [ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W 'init adopt synth check expire diff who-can explain report doctor merge-authentication-config kubeadm-merge completion' -- "$word"))
      return ;;
    'init --start') COMPREPLY=($(compgen -W 'new-cluster new-kanidm existing-kanidm existing-sign-in' -- "$word")); return ;;
    'init --domain') compopt +o default 2>/dev/null; return ;;
    'init --origin') compopt +o default 2>/dev/null; return ;;
    'init --kanidm-version') compopt +o default 2>/dev/null; return ;;
    'init --kanidm-ca') return ;;
    'init --cluster') compopt +o default 2>/dev/null; return ;;
    'init --server') compopt +o default 2>/dev/null; return ;;
    'init --kubernetes') compopt +o default 2>/dev/null; return ;;
    'init --control-plane') COMPREPLY=($(compgen -W 'kubeadm k3s rke2 k0s talos cluster-api flags eks' -- "$word")); return ;;
    'init --server-ca') return ;;
    'init --break-glass') compopt +o default 2>/dev/null; return ;;
    'init --person') compopt +o default 2>/dev/null; return ;;
    'init --display-name') compopt +o default 2>/dev/null; return ;;
    'init --flux-source') compopt +o default 2>/dev/null; return ;;
    'init --branch') compopt +o default 2>/dev/null; return ;;
    'adopt --cluster') compopt +o default 2>/dev/null; return ;;
    'adopt --context') compopt +o default 2>/dev/null; return ;;
    'adopt --kanidm') compopt +o default 2>/dev/null; return ;;
    'adopt --kanidm-ca') return ;;
    'adopt --config'|'adopt -c') return ;;
    'adopt --output'|'adopt -o') return ;;
    'synth --config'|'synth -c') return ;;
    'synth --output'|'synth -o') return ;;
    'synth --cluster') compopt +o default 2>/dev/null; return ;;
    'check --config'|'check -c') return ;;
    'check --base') compopt +o default 2>/dev/null; return ;;
    'check --manifests') return ;;
    'check --output'|'check -o') return ;;
    'check --at') compopt +o default 2>/dev/null; return ;;
    'check --cluster') compopt +o default 2>/dev/null; return ;;
    'check --format') COMPREPLY=($(compgen -W 'text json sarif github markdown' -- "$word")); return ;;
    'check --severity') COMPREPLY=($(compgen -W 'error warning note' -- "$word")); return ;;
    'check --max-per-code') compopt +o default 2>/dev/null; return ;;
    'check --fail-on') COMPREPLY=($(compgen -W 'error warning note' -- "$word")); return ;;
    'expire --config'|'expire -c') return ;;
    'expire --at') compopt +o default 2>/dev/null; return ;;
    'diff --config'|'diff -c') return ;;
    'diff --base') compopt +o default 2>/dev/null; return ;;
    'diff --manifests') return ;;
    'diff --output'|'diff -o') return ;;
    'diff --cluster') compopt +o default 2>/dev/null; return ;;
    'diff --context') compopt +o default 2>/dev/null; return ;;
    'diff --fail-on') compopt +o default 2>/dev/null; return ;;
    'diff --format') COMPREPLY=($(compgen -W 'text json markdown' -- "$word")); return ;;
    'who-can --config'|'who-can -c') return ;;
    'who-can --namespace'|'who-can -n') compopt +o default 2>/dev/null; return ;;
    'who-can --name') compopt +o default 2>/dev/null; return ;;
    'who-can --cluster') compopt +o default 2>/dev/null; return ;;
    'who-can --manifests') return ;;
    'who-can --ways') compopt +o default 2>/dev/null; return ;;
    'who-can --format') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'explain --config'|'explain -c') return ;;
    'explain --token') compopt +o default 2>/dev/null; return ;;
    'explain --jwks') return ;;
    'explain --log') compopt +o default 2>/dev/null; return ;;
    'explain --cluster') compopt +o default 2>/dev/null; return ;;
    'explain --manifests') return ;;
    'explain --format') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'report --config'|'report -c') return ;;
    'report --output'|'report -o') return ;;
    'report --manifests') return ;;
    'doctor --config'|'doctor -c') return ;;
    'doctor --cluster') compopt +o default 2>/dev/null; return ;;
    'doctor --context') compopt +o default 2>/dev/null; return ;;
    'doctor --only') compopt +o default 2>/dev/null; return ;;
    'doctor --kanidm') compopt +o default 2>/dev/null; return ;;
    'doctor --kanidm-ca') return ;;
    'doctor --timeout') compopt +o default 2>/dev/null; return ;;
    'doctor --format') COMPREPLY=($(compgen -W 'text json sarif github markdown' -- "$word")); return ;;
    'merge-authentication-config --config'|'merge-authentication-config -c') return ;;
    'kubeadm-merge --config'|'kubeadm-merge -c') return ;;
    'kubeadm-merge --authentication-config') return ;;
    'kubeadm-merge --merged-authentication-config') return ;;
  esac
  case "$command" in
    init) case "$word" in
      -*) COMPREPLY=($(compgen -W '--start --domain --origin --kanidm-version --kanidm-ca --cluster --server --kubernetes --control-plane --server-ca --break-glass --person --display-name --flux-source --branch --yes --cdk8s --help' -- "$word")) ;;
      esac ;;
    adopt) case "$word" in
      -*) COMPREPLY=($(compgen -W '--cluster --live --context --kanidm --kanidm-ca --config --output --help' -- "$word")) ;;
      esac ;;
    synth) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --output --check --cluster --quiet --watch --help' -- "$word")) ;;
      esac ;;
    check) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --base --manifests --output --at --cluster --format --severity --max-per-code --fail-on --help' -- "$word")) ;;
      esac ;;
    expire) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --at --check --help' -- "$word")) ;;
      esac ;;
    diff) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --base --manifests --output --live --cluster --context --files --fail-on --format --help' -- "$word")) ;;
      esac ;;
    who-can) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --namespace --name --cluster --manifests --ways --format --help' -- "$word")) ;;
      esac ;;
    explain) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --token --jwks --fetch-jwks --log --cluster --manifests --format --help' -- "$word")) ;;
      esac ;;
    report) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --output --manifests --help' -- "$word")) ;;
      esac ;;
    doctor) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --cluster --context --only --login --kanidm --kanidm-ca --timeout --format --help' -- "$word")) ;;
      esac ;;
    merge-authentication-config) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --help' -- "$word")) ;;
      esac ;;
    kubeadm-merge) case "$word" in
      -*) COMPREPLY=($(compgen -W '--config --replace --authentication-config --merged-authentication-config --help' -- "$word")) ;;
      esac ;;
    completion) case "$word" in
      -*) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
      *) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")) ;;
      esac ;;
  esac
}
complete -o default -F _kaniflux kaniflux
