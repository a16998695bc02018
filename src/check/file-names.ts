const compilers =
  /\/bin\/(?:[\w-]+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran|rustc|ghc|javac|ocamlopt|zig|ld|go)$/;
const tlsLibraries = /\/lib(?:ssl|gnutls|mbedtls|ssl3)\.so(?:\.[\d.]+)?$/;
const certificates = /\/(?:ca-bundle\.crt|ca-certificates\.crt|tls-ca-bundle\.pem|cert\.pem)$/;

/** Whether the path is called as bundles of CA certificates are. */
export function isCertificates(path: string): boolean {
  return certificates.test(path);
}

/** Whether the path is called as libraries of OpenSSL, GnuTLS, Mbed TLS and NSS are. */
export function isTlsLibrary(path: string): boolean {
  return path.includes('.so') && tlsLibraries.test(path);
}

/** What a file is that only builds need, and the place to name; undefined for all others. */
export function buildToolAt(path: string, isExecutable: boolean): { place: string; kind: string } | undefined {
  if (isExecutable && compilers.test(path)) return { place: path, kind: 'compiler' };
  const isHeader = path.startsWith('/usr/include/') && path.endsWith('.h');
  return isHeader ? { place: '/usr/include', kind: 'headers' } : undefined;
}

/** What a store path is that only builds need, by its name; undefined for all others. */
export function toolInStorePath(path: string): string | undefined {
  if (/-(?:gcc|clang|rustc|ghc|go|binutils)(?:-wrapper)?-\d[\w.]*$/.test(path)) return 'compiler';
  return path.endsWith('-dev') ? 'headers' : undefined;
}

/** Whether the store path is called as the package of CA certificates is. */
export function isCertificatePackage(path: string): boolean {
  return /-(?:nss-)?cacert-\d/.test(path);
}

/** Whether the store path is called as packages of libraries for TLS are. */
export function isTlsPackage(path: string): boolean {
  return /-(?:openssl|gnutls|libressl|mbedtls|nss)-\d[^-]*$/.test(path);
}
