import { storePathName } from '../store-path.ts';

// Those of C may be for another platform, x86_64-unknown-linux-gnu-gcc. A program called protoc-gen-go is no compiler.
const compilers =
  /\/bin\/(?:(?:[\w-]+-)?(?:gcc|g\+\+|clang|clang\+\+|gfortran)|cc|c\+\+|rustc|ghc|javac|ocamlopt|zig|ld|go)$/;
const compilerPackages = /^(?:(?:[\w-]+-)?(?:gcc|clang|binutils)|rustc|ghc|go)(?:-wrapper)?-\d[\w.]*$/;
const tlsLibraries = /\/lib(?:ssl|gnutls|mbedtls|ssl3)\.so(?:\.[\d.]+)?$/;
const certificates = /\/(?:ca-bundle\.crt|ca-certificates\.crt|tls-ca-bundle\.pem|cert\.pem)$/;

/** Whether the path has the name of a bundle of CA certificates. */
export function isCertificates(path: string): boolean {
  return certificates.test(path);
}

/** Whether the path has the name of a library of OpenSSL, GnuTLS, Mbed TLS or NSS. */
export function isTlsLibrary(path: string): boolean {
  return path.includes('.so') && tlsLibraries.test(path);
}

/** The kind of a file that only builds need, and the place to report; undefined for other files. */
export function buildToolAt(path: string, isExecutable: boolean): { place: string; kind: string } | undefined {
  if (isExecutable && compilers.test(path)) return { place: path, kind: 'compiler' };
  const isHeader = path.startsWith('/usr/include/') && path.endsWith('.h');
  return isHeader ? { place: '/usr/include', kind: 'headers' } : undefined;
}

/** The kind of a store path that only builds need, by its name; undefined for other store paths. */
export function toolInStorePath(path: string): string | undefined {
  if (compilerPackages.test(storePathName(path))) return 'compiler';
  return path.endsWith('-dev') ? 'headers' : undefined;
}

/** Whether the store path has the name of the package of CA certificates. */
export function isCertificatePackage(path: string): boolean {
  return /-(?:nss-)?cacert-\d/.test(path);
}

/** Whether the store path has the name of a package with a TLS library. */
export function isTlsPackage(path: string): boolean {
  return /-(?:openssl|gnutls|libressl|mbedtls|nss)-\d[^-]*$/.test(path);
}
