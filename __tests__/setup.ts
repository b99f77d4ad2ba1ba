import fc from 'fast-check';

// Random inputs where people work; the same ones in CI, so that a red build is about the change.
if (process.env.CI) fc.configureGlobal({ seed: 1_795_472_027 });
