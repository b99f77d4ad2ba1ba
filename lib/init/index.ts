export { configText } from './config-text';
export { type NewFile, newFiles, schemaAddress } from './files';
export { type Answers, type Field, fields, type Settings, settingsOf } from './settings';
export { type Written, writeNew } from './write';
