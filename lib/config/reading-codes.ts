import { type Codes, error, reporting } from '../findings/code';

const text = {
  'ambiguous-scalar': error('YAML readers disagree about an unquoted value'),
  'duplicate-key': error('A map has the same key twice'),
  'empty-file': error('The file is empty'),
  'nested-too-deep': error('The file is nested too deeply'),
  'not-utf8': error('The file is not UTF-8'),
  'several-documents': error('The file holds more than one YAML document'),
  'tab-indent': error('A line is indented with a tab'),
  'too-large': error('The file is too large'),
  'yaml-alias': error('The file has a YAML alias'),
  'yaml-anchor': error('The file has a YAML anchor'),
  'yaml-key': error('A key is not a plain name'),
  'yaml-syntax': error('The file is not valid YAML'),
  'yaml-tag': error('The file has a YAML tag'),
  'yaml-unclear': error('YAML readers disagree about the file'),
};

const shape = {
  'bad-name': error('A name has a form that is not allowed'),
  'bad-value': error('A value has a form that is not allowed'),
  'conflicting-key': error('Two fields exclude each other'),
  'missing-key': error('A required field is missing'),
  'not-a-choice': error('A value is not one of the allowed values'),
  'not-text': error('YAML reads a value as something other than a string'),
  'unknown-key': error('There is no field of this name'),
  'wrong-type': error('A value has the wrong type'),
};

const whole = {
  'absent-reference': error('Something refers to an entry with `absent: true`'),
  'app-client': error('The client of an application has a name that is in use'),
  'ca-holds-key': error('The file of a CA holds a private key'),
  'ca-not-pem': error('The file of a CA holds no PEM certificate'),
  'ca-unreadable': error('The file of a CA cannot be read'),
  'cluster-not-matched': error('A file of a cluster has another ending than the glob'),
  'cluster-unreadable': error('The file of a cluster cannot be read'),
  'duplicate-cluster': error('Two files define the same cluster'),
  'expectation-form': error('An expectation has fields that do not fit together'),
  'grant-role': error('A grant names no role, or two'),
  'grant-to-nobody': error('A grant names nobody'),
  'image-unreadable': error('The logo image of a client cannot be read'),
  'kanidm-cluster': error('The cluster that runs Kanidm is not named'),
  'member-twice': error('A group lists a member twice'),
  'no-cluster-files': error('No file matches the glob of the clusters'),
  'role-needs-namespaces': error('A Role is granted without namespaces'),
  'unknown-reference': error('Something refers to an entry that does not exist'),
};

/** The codes that reading a config can report: errors in the text, the schema, and references between entries. */
export const readingCodes = { ...text, ...shape, ...whole } as const satisfies Codes;

export const readingFinding = reporting(readingCodes);
