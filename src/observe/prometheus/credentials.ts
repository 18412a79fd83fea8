import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { errorMessage } from '../../lib/errors.ts';
import type { PrometheusServerOptions } from './server-options.ts';

/** What a question needs besides its address. */
export interface Credentials {
  /** PEM; absent: the authorities that Node has. */
  readonly ca?: string;
  readonly token?: string;
}

/** Larger ones are a mistake. */
const maxBytes = 1 << 20;
const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Reads both files as they are now: kubelet replaces them, and a file of this size is read faster than it is found out whether it changed.
 * @throws Error that names the file and never what is in it
 */
export function readCredentials({ caFile, tokenFile }: PrometheusServerOptions): Credentials {
  return {
    ...(caFile !== undefined && { ca: readCa(caFile) }),
    ...(tokenFile !== undefined && { token: readToken(tokenFile) }),
  };
}

function readCa(file: string): string {
  const pem = readFile(file);
  const certificates = pem.match(pemCertificate) ?? [];
  if (certificates.length === 0) throw new Error(`${file} has no certificate in PEM form`);
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      throw new Error(`${file} has a certificate that cannot be read`, { cause });
    }
  }
  return pem;
}

function readToken(file: string): string {
  const token = readFile(file).trim();
  if (token === '') throw new Error(`${file} is empty: it must have a bearer token`);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error(
      `${file} has no bearer token: it must be one line of printable characters without spaces`,
    );
  return token;
}

function readFile(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > maxBytes) throw new Error(`it has ${size} bytes, more than ${maxBytes}`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read ${file}: ${errorMessage(cause)}`, { cause });
  }
}
