// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <memory>
#include <optional>
#include <string>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;
using SSL_SESSION = struct ssl_session_st;

/// OpenSSL, as far as net needs it. Contexts are shared by all workers and immutable once made; an SSL belongs to one.
namespace gateway::net {

struct SslFree { void operator()(SSL *ssl) const; };
struct SslSessionFree { void operator()(SSL_SESSION *session) const; };
using SslPtr = std::unique_ptr<SSL, SslFree>;
using SslSessionPtr = std::unique_ptr<SSL_SESSION, SslSessionFree>;
using SslContext = std::shared_ptr<SSL_CTX>;

/// For callers: certificate chain and key from PEM files; `clientCa` non-empty demands a certificate signed by it.
/// Errors: Invalid; the message names the file and what is wrong with it.
Result<SslContext> serverTlsContext(const std::string &cert, const std::string &key, const std::string &clientCa);

/// For providers: the system's roots and, where given, one more PEM file. Verification is always on.
Result<SslContext> clientTlsContext(const std::string &extraCaFile);

/// Keeps the sessions that a server hands out, for the next connection to it. Lives on one worker.
struct TlsSessionSlot
{
    SslSessionPtr session;
};

/// A client's SSL for `host`: SNI, name check, ALPN http/1.1, resumption from `slot`. Errors: Tls.
/// @param fd  -1: its bytes go another way, which the caller sets up
/// @param slot  may be null
Result<SslPtr> clientTls(SSL_CTX *context, const std::string &host, int fd, TlsSessionSlot *slot);
/// The SSL must no longer store sessions into its slot, which dies.
void forgetSlot(SSL *ssl);

/// When the other side's certificate ends; nullopt: it has none that can be read.
std::optional<WallTime> certificateEnd(SSL *ssl);

/// Why the handshake with `host` failed, in words that name the failed check.
std::string tlsFailure(SSL *ssl, const std::string &host, int sslError);

} // namespace gateway::net
