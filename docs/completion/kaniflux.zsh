#compdef kaniflux
_kaniflux() {
  local -a commands
  commands=(
    'init:Write a config, a workflow and a hook into a repository of your own'
    'adopt:Generate a config from existing bindings, API server settings and Kanidm entries'
    'synth:Render the config into dist/'
    'check:Find problems and risks in the config'
    'expire:Remove ended grants and memberships from the config'
    'diff:Show who gains and loses access, and which objects change'
    'who-can:Show who may do something, through which group and grant'
    'explain:Explain what a person can do, whether a token is accepted, or what a log line means'
    'report:Write an HTML page that shows who has access to what'
    'doctor:Check the live system, and report what keeps people from signing in'
    'merge-authentication-config:Merge the rendered issuers into an AuthenticationConfiguration'
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
        '--start=[What you have already]:start:(new-cluster new-kanidm existing-kanidm existing-sign-in)' \
        '--domain=[Domain of Kanidm, the part after @ in names such as jane@idm.example.com]:name: ' \
        '--origin=[Address of Kanidm, if it is not https\://DOMAIN]:url: ' \
        '--kanidm-version=[Version of a Kanidm that runs already]:version: ' \
        '--kanidm-ca=[PEM file with the CA of Kanidm, if the CA is private]:file:_files' \
        '*--cluster=[Name of a cluster; give it several times for several clusters]:name: ' \
        '*--server=[Address of the API server of a cluster]:url: ' \
        '*--kubernetes=[Version of Kubernetes of a cluster; one value is enough for all clusters]:version: ' \
        '*--control-plane=[What runs the control plane of a cluster; one value is enough for all clusters]:kind:(kubeadm k3s rke2 k0s talos cluster-api flags eks)' \
        '*--server-ca=[PEM file with the CA of the API server of a cluster, for the kubeconfig]:file:_files' \
        '*--break-glass=[How you get into a cluster while Kanidm is down, in your words; one value is enough for all clusters]:text: ' \
        '*--person=[Name in Kanidm of a person who gets cluster-admin; give it several times for several people]:name: ' \
        '*--display-name=[Name that people see, one for each --person]:text: ' \
        '--flux-source=[Flux source that holds this repository, KIND/NAME or KIND/NAMESPACE/NAME]:source: ' \
        '--branch=[Branch that Flux reads (unless set, the default branch of this repository); each push to this branch starts the workflow]:name: ' \
        '--yes[Ask nothing; use the default of each setting that is not given as an option]' \
        '-y[Ask nothing; use the default of each setting that is not given as an option]' \
        '--cdk8s[Write cdk8s.yaml and main.ts too, for a cdk8s app of your own]' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    adopt)
      (( CURRENT-- )); shift words
      _arguments \
        '--cluster=[Name of the cluster in the config]:name: ' \
        '--live[Read the cluster through kubectl]' \
        '--context=[The context that kubectl uses with --live]:name: ' \
        '--kanidm=[Read people, groups and clients from this Kanidm]:url: ' \
        '--kanidm-ca=[PEM file with the CA of Kanidm, if the CA is private; if kube-apiserver has --oidc-ca-file, the CA also becomes authentication.ca in the config]:file:_files' \
        '--config=[An existing config\: print only what this config lacks]:file:_files' \
        '-c[An existing config\: print only what this config lacks]:file:_files' \
        '--output=[Write the config to this new file, and its CA files to the same folder]:file:_files' \
        '-o[Write the config to this new file, and its CA files to the same folder]:file:_files' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    synth)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--output=[The folder to write to]:dir:_files' \
        '-o[The folder to write to]:dir:_files' \
        '--check[Only compare; write nothing]' \
        '--cluster=[This cluster only]:name: ' \
        '--quiet[Print only warnings and errors]' \
        '-q[Print only warnings and errors]' \
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
        '--base=[Also compare with this Git revision, and report changes that Kanidm rejects, that lose data, or that remove an entry from the config but not from Kanidm]:rev: ' \
        '*--manifests=[Also read the hand-written YAML below this folder; may be given several times]:dir:_files' \
        '--output=[Also look in this output folder, if it exists, for files that Flux cannot apply]:dir:_files' \
        '-o[Also look in this output folder, if it exists, for files that Flux cannot apply]:dir:_files' \
        '--at=[Report the grants and memberships that have ended by this day in UTC (default today)]:date: ' \
        '--cluster=[This cluster only]:name: ' \
        '--format=[Format of the output]:format:(text json sarif github markdown)' \
        '--severity=[With the format text\: list findings of this severity and above; the summary counts all]:severity:(error warning note)' \
        '--max-per-code=[With the format text\: list at most N findings of each code and severity, and count the others; 0 lists all]:n: ' \
        '--fail-on=[The lowest severity that makes the exit code 1]:severity:(error warning note)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    expire)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config]:file:_files' \
        '-c[The config]:file:_files' \
        '--at=[Remove the grants and memberships that have ended by this day in UTC (default today)]:date: ' \
        '--check[Only print what has ended; write nothing]' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    diff)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--base=[The Git revision to compare with, for example origin/main]:rev: ' \
        '*--manifests=[Compare the objects in two folders; with --base, compare each folder at both revisions]:dir:_files' \
        '--output=[With --base\: also compare the rendered files in this folder of the repository]:dir:_files' \
        '-o[With --base\: also compare the rendered files in this folder of the repository]:dir:_files' \
        '--live[Compare a live cluster, read through kubectl, with the config]' \
        '--cluster=[The cluster that --live reads]:name: ' \
        '--context=[The context that kubectl uses with --live]:name: ' \
        '--files[Show the changed lines of each file too]' \
        '--fail-on=[Exit 1 only for changes of these kinds, separated by commas]:kinds: ' \
        '--format=[Format of the output]:format:(text json markdown)' \
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
        '--name=[List those who may do it to the object with this name]:name: ' \
        '--cluster=[This cluster only]:name: ' \
        '*--manifests=[Also read the hand-written YAML below this folder; may be given several times]:dir:_files' \
        '--ways=[With become\: list at most N ways to the right for each person]:n: ' \
        '--format=[Format of the output]:format:(text json)' \
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
        '--fetch-jwks[Fetch the keys from the issuer of the token, if a cluster trusts this issuer]' \
        '--log=[Read lines of a log from standard input]:-: ' \
        '--cluster=[This cluster only]:name: ' \
        '*--manifests=[Also read the hand-written YAML below this folder; may be given several times]:dir:_files' \
        '--format=[Format of the output]:format:(text json)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    report)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config; - for standard input]:file:_files' \
        '-c[The config; - for standard input]:file:_files' \
        '--output=[The file to write; - for standard output]:file:_files' \
        '-o[The file to write; - for standard output]:file:_files' \
        '*--manifests=[Also read the hand-written YAML below this folder; may be given several times]:dir:_files' \
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
        '--context=[The context that kubectl uses; only if a single cluster is checked]:name: ' \
        '*--only=[What to check\: machine, kanidm, entries, cluster, flux, login, separated by commas]:parts: ' \
        '--login[Also sign in with the rendered kubeconfig, which may open a browser]' \
        '--kanidm=[The Kanidm that KANIDM_TOKEN is for; the token is sent nowhere else (default KANIDM_URL)]:url: ' \
        '--kanidm-ca=[PEM file with the CA of Kanidm, if the CA is private (default KANIDM_CA_PATH)]:file:_files' \
        '--timeout=[How long to wait for each answer]:seconds: ' \
        '--format=[Format of the output]:format:(text json sarif github markdown)' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    merge-authentication-config)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config]:file:_files' \
        '-c[The config]:file:_files' \
        '--help[Show this help]' \
        '-h[Show this help]' \
        '*:file:_files'
      ;;
    kubeadm-merge)
      (( CURRENT-- )); shift words
      _arguments \
        '--config=[The config]:file:_files' \
        '-c[The config]:file:_files' \
        '--replace[Remove arguments and volumes that conflict, or that an earlier merge added]' \
        '--authentication-config=[A copy of the file that the cluster'\''s --authentication-config names]:file:_files' \
        '--merged-authentication-config=[The file to write, with the contents of the copy and the rendered issuers]:file:_files' \
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
