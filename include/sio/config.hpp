// How the library is built: compiled once (`sio::sio`) or into every file that includes it (`sio::headers`).
#pragma once

// The two ways live in different inline namespaces, so that one program cannot mix their classes by accident.
#if defined(SIO_SEPARATE_COMPILATION)
#define SIO_DECL
#define SIO_ABI v1
#else
#define SIO_DECL inline
#define SIO_ABI v1_headers
#endif

#define SIO_VERSION "0.1.0"
