/** The cdk8s app: `cdk8s synth` runs it, and it does what `kaniflux synth` does, in the folder that cdk8s names. */
import { guarded } from './lib/cli/main';
import { processIo } from './lib/cli/process-io';
import { synth } from './lib/cli/synth';

const io = processIo();
const output = process.env.CDK8S_OUTDIR ?? 'dist';

guarded(io, () => synth({ config: 'kaniflux.yaml', output, check: false, quiet: true }, io)).then((code) => {
  process.exitCode = code;
});
