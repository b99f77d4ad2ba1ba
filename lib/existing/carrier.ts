import type { ControlPlaneKind } from '../config/config';
import type { Json } from '../guards';

/** A path of keys joined by dots; `*` matches every element of a list or map. */
type At = string;

/** A kind of document that configures a kube-apiserver, or contains another document that does. */
export interface Carrier {
  /** The name, as printed to people. */
  readonly name: string;
  readonly kind?: readonly string[];
  readonly apiVersion?: RegExp;
  /** Identifies a document: one of these paths must exist. */
  readonly has?: readonly At[];
  /** Paths that must all exist too. */
  readonly needs?: readonly At[];
  readonly controlPlane?: ControlPlaneKind;
  /** Paths of arguments of kube-apiserver, in any form that `argumentsIn` reads. */
  readonly args?: readonly At[];
  /** Paths of containers or services. Only those that run an API server count. */
  readonly containers?: readonly At[];
  /** Paths of settings whose names differ from the flags, with the flag for each name. */
  readonly renamed?: readonly { readonly at: At; readonly flags: Readonly<Record<string, string>> }[];
  /** The path of a boolean that enables the `renamed` settings. */
  readonly enabledBy?: At;
  /**
   * Returns default flags. If the document sets an issuer, the program that reads the document, such as KubeOne, adds
   * each of these flags that the document does not set.
   */
  readonly defaults?: (document: Json) => readonly (readonly [flag: string, value: string])[];
  /** The fields of the document that hold the CA of the issuer: PEM, or PEM encoded as Base64. */
  readonly ca?: readonly At[];
  /** The fields of the document that hold the CA of the API server: PEM, encoded as Base64. */
  readonly serverCa?: readonly At[];
  /** Paths of complete documents inside this document: as text, as Base64, or as a value. */
  readonly documents?: readonly At[];
  /** Paths of fields that name another object or file with settings, each with what it names, such as `the file`. */
  readonly elsewhere?: Readonly<Record<At, string>>;
  readonly kubernetes?: readonly At[];
  readonly server?: readonly At[];
  /** The path of the port of the API server, if `server` is only its host. */
  readonly port?: At;
  /** Paths of the Talos version. */
  readonly controlPlaneVersion?: readonly At[];
  /** The Talos version that introduced this kind of document. */
  readonly impliedVersion?: string;
  /** What a person must do with the rendered flags, if Kaniflux renders no file for this kind of document. */
  readonly advice?: string;
}
