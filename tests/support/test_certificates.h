// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_provider.h"

#include <openssl/ssl.h>

#include <string>

namespace support::detail {

/// Gives the context key and certificate of that kind, made on first use in this process. Thread-safe.
void useCertificate(SSL_CTX *context, Tls kind);
std::string authorityPem();

} // namespace support::detail
