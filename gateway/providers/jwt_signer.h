// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <memory>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

namespace gateway::providers {

/// An RSA key that signs JSON Web Tokens (RS256: RFC 7515, RFC 7518 3.3). Immutable; any thread.
class JwtSigner
{
public:
    /// @param pem  PKCS#8 or PKCS#1 without a passphrase. A backslash and an n stand for a line end: environment variables
    ///             and files made of them hold keys so
    /// @return Invalid where it is no such key; the words never show any of it
    static Result<JwtSigner> make(std::string_view pem);

    /// Both are JSON texts. A 2048-bit key takes about a millisecond. Internal: OpenSSL refuses.
    [[nodiscard]] Result<std::string> sign(std::string_view header, std::string_view claims) const;

private:
    explicit JwtSigner(std::shared_ptr<EVP_PKEY> key) : m_key(std::move(key)) {}
    std::shared_ptr<EVP_PKEY> m_key;
};

} // namespace gateway::providers
