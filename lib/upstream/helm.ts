/**
 * Matches an exact version of a chart: a semantic version (https://semver.org), with or without the `v` that Helm
 * accepts. Anything else is a range.
 */
export const exactChartVersion = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
