#compdef kaniflux
_kaniflux() {
  local -a commands
  commands=(
    'init:Write a config, a workflow and a hook into a repository of your own'
    'adopt:Make a config of bindings, API server settings and a Kanidm that exist'
    'synth:Render the config into dist/'
    'check:Find what goes wrong in the real world, each with a code and a page'
    'diff:Say who gains and loses what, and which objects change'
    'who-can:Say who may do something, through which group and grant'
    'explain:Say what a person can do, what a token is worth, or what a line of a log means'
    'report:Write one HTML page\: who has what, as a picture, a table and in words'
    'doctor:Look at the live system, and say what keeps people from signing in'
    'kubeadm-merge:Merge the API server'\''s settings into a cluster'\''s own kubeadm configuration'
    'completion:Print the completion script of a shell'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
    init)
      (( CURRENT-- )); shift words
      _arguments \
        '--domain=[Kanidm'\''s domain, the part after @ in its names]:name: ' \
        '--cluster=[Name of the cluster]:name: ' \
        '--server=[Address of its API server]:url: ' \
        '--kubernetes=[Its version of Kubernetes]:version: ' \
        '--control-plane=[What runs its control plane]:kind:(kubeadm k3s rke2 talos cluster-api flags eks gke aks)' \
        '--break-glass=[How you get in when Kanidm is down, in your words]:text: ' \
        '*--person=[Name in Kanidm of a person who administers the cluster; may be given several times]:name: ' \
        '--flux-source=[Flux source that holds this repository, KIND/NAME or KIND/NAMESPACE/NAME]:source: ' \
        '--cdk8s[Write cdk8s.yaml and main.ts too, for a cdk8s app of your own]' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    adopt)
      (( CURRENT-- )); shift words
      _arguments \
        '--cluster=[What the cluster is called in the config]:name: ' \
        '--live[Read the cluster through kubectl]' \
        '--context=[The context that kubectl uses with --live]:name: ' \
        '--kanidm=[Read people, groups and clients from this Kanidm]:url: ' \
        '--kanidm-ca=[PEM of the CA of --kanidm, where it is a private one]:file:_files' \
        '--config=[A config that exists\: print only what it lacks]:file:_files' \
        '-c[A config that exists\: print only what it lacks]:file:_files' \
        '--output=[Write a new file, and the CAs beside it]:file:_files' \
        '-o[Write a new file, and the CAs beside it]:file:_files' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    synth)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--output=[Where the files go]:dir:_files' \
        '-o[Where the files go]:dir:_files' \
        '--check[Write nothing; compare]' \
        '--cluster=[This cluster only]:name: ' \
        '--quiet[Only warnings and errors]' \
        '-q[Only warnings and errors]' \
        '--watch[Render again when the config changes, until Ctrl-C]' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    check)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--base=[Also look for moves since this git revision that Kanidm does not survive]:rev: ' \
        '*--manifests=[Also look at the hand-written YAML below this folder; may be given several times]:dir:_files' \
        '--output=[Also look into this output folder, if there is one, for files that Flux would fail on]:dir:_files' \
        '-o[Also look into this output folder, if there is one, for files that Flux would fail on]:dir:_files' \
        '--cluster=[This cluster only]:name: ' \
        '--format=[Form of the output]:format:(text json sarif github markdown)' \
        '--fail-on=[The least severity that makes the exit code 1]:severity:(error warning note)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    diff)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--base=[The git revision to compare with, for example origin/main]:rev: ' \
        '*--manifests=[Compare the objects below two folders; or, with --base, those below each at both revisions]:dir:_files' \
        '--output=[The output folder that --base compares as it is committed]:dir:_files' \
        '-o[The output folder that --base compares as it is committed]:dir:_files' \
        '--live[Compare a live cluster, read through kubectl, with the config]' \
        '--cluster=[The cluster that --live reads]:name: ' \
        '--context=[The context that kubectl uses with --live]:name: ' \
        '--files[Show the changed lines of each file too]' \
        '--fail-on=[Exit 1 only where something of these kinds changes, with commas between]:kinds: ' \
        '--format=[Form of the output]:format:(text json markdown)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    who-can)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--namespace=[In this namespace]:ns: ' \
        '-n[In this namespace]:ns: ' \
        '--name=[To the object of this name]:name: ' \
        '--cluster=[This cluster only]:name: ' \
        '--format=[Form of the output]:format:(text json)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    explain)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--token=[Read an ID token from standard input]:-: ' \
        '--jwks=[The issuer'\''s keys, to check the signature of the token with]:file:_files' \
        '--fetch-jwks[Fetch the keys from Kanidm, at the origin in the config]' \
        '--log=[Read lines of a log from standard input]:-: ' \
        '--cluster=[This cluster only]:name: ' \
        '--format=[Form of the output]:format:(text json)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    report)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--output=[Where the page goes; - for standard output]:file:_files' \
        '-o[Where the page goes; - for standard output]:file:_files' \
        '*--manifests=[Also look at the hand-written YAML below this folder; may be given several times]:dir:_files' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    doctor)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--cluster=[This cluster only]:name: ' \
        '--context=[The context that kubectl uses, with one cluster]:name: ' \
        '*--only=[What to look at, of machine, kanidm, entries, cluster, flux, login; several with commas]:parts: ' \
        '--login[Also sign in with the rendered kubeconfig, which may open a browser]' \
        '--kanidm-ca=[PEM of the CA of Kanidm, where the config does not hold it]:file:_files' \
        '--timeout=[How long to wait for each answer]:seconds: ' \
        '--format=[Form of the output]:format:(text json sarif github markdown)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    kubeadm-merge)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--replace[Take out arguments and volumes that stand in the way, or that an earlier merge left]' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    completion)
      (( CURRENT-- )); shift words
      _arguments \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '1:word:(bash zsh fish)'
      ;;
    help) (( CURRENT == 3 )) && _describe command commands ;;
  esac
}
if [ "$funcstack[1]" = _kaniflux ]; then _kaniflux "$@"; else compdef _kaniflux kaniflux; fi
